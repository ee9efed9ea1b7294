/** Where a value stands in JSON text, from its first byte to behind its last. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** The members of the object that begins at `start`, by name; of a repeated name the last. The text is known to be JSON. */
export function membersOf(bytes: Buffer, start: number): ReadonlyMap<string, ByteRange> {
  const members = new Map<string, ByteRange>()
  let at = skipSpace(bytes, start + 1)
  while (at < bytes.length && bytes[at] !== 0x7d) {
    const nameEnd = endOfValue(bytes, at)
    const name = JSON.parse(bytes.toString('utf8', at, nameEnd)) as string
    const value = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1)
    const end = endOfValue(bytes, value)
    members.set(name, { start: value, end })
    at = afterComma(bytes, end)
  }
  return members
}

/** The items of the array that begins at `start`. */
export function itemsOf(bytes: Buffer, start: number): ByteRange[] {
  const items: ByteRange[] = []
  let at = skipSpace(bytes, start + 1)
  while (at < bytes.length && bytes[at] !== 0x5d) {
    const end = endOfValue(bytes, at)
    items.push({ start: at, end })
    at = afterComma(bytes, end)
  }
  return items
}

/** The first byte that is no white space, from `at` on. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

function afterComma(bytes: Buffer, from: number): number {
  const at = skipSpace(bytes, from)
  return bytes[at] === 0x2c ? skipSpace(bytes, at + 1) : at
}

function endOfValue(bytes: Buffer, start: number): number {
  const first = bytes[start]
  if (first === quote) return endOfString(bytes, start + 1)
  if (first === 0x7b || first === 0x5b) return endOfNested(bytes, start)
  let at = start
  while (at < bytes.length && !isSpace(bytes[at]) && ![0x2c, 0x7d, 0x5d].includes(bytes[at] ?? 0)) at++
  return at
}

function endOfNested(bytes: Buffer, start: number): number {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfString(bytes, at + 1) - 1
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at + 1
  }
  return bytes.length
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at + 1
}
