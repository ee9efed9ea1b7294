import { hash } from 'node:crypto'

const lower63Bits = 0x7fff_ffff_ffff_ffffn

/**
 * The rid that the store gives to a resource: the first eight bytes of an MD5 over source, type and id, as a
 * little-endian number of 63 bits. A record from a prefetch so has the order of the stored one, and ties in
 * a list fall alike at night and in the chart.
 */
export function resourceKey(source: string, type: string, id: string): bigint {
  return hash('md5', `${source}\n${type}\n${id}`, 'buffer').readBigUInt64LE(0) & lower63Bits
}
