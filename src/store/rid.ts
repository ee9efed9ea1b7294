import { createHash } from 'node:crypto'

/**
 * SQL of a resource's key: 63 bits of MD5 over source, type and id, so that it depends on nothing else.
 * Two resources that meet in it are refused when a job is published.
 */
export function ridSql(source: string, type: string, id: string): string {
  return `(md5_number(${source} || chr(10) || ${type} || chr(10) || ${id}) & 9223372036854775807)::BIGINT`
}

/** The same key as text, as rows carry it: it may exceed 2^53. */
export function ridOf(source: string, type: string, id: string): string {
  const digest = createHash('md5').update(`${source}\n${type}\n${id}`).digest()
  return (digest.readBigUInt64LE(0) & 0x7fffffffffffffffn).toString()
}
