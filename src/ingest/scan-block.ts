/** What one walk over a block's bytes tells. */
export interface BlockScan {
  readonly lines: number
  readonly longestLineBytes: number
  /** A NUL or a carriage return stands somewhere. */
  readonly unclean: boolean
  /** Where lines begin (in the block, from 0; their number from 0) that a strict parser must look at. */
  readonly lax: readonly { readonly line: number; readonly start: number; readonly end: number }[]
}

const plain = 0
const ending = 1
const dirty = 2
const closing = 3
const letter = 4

const kinds = new Uint8Array(256)
kinds[0x0a] = ending
kinds[0x00] = dirty
kinds[0x0d] = dirty
for (const byte of Buffer.from('}]')) kinds[byte] = closing
for (const byte of Buffer.from('NnIi')) kinds[byte] = letter

/**
 * Walks over a block that ends in a line feed. DuckDB's JSON reader lets through what strict JSON does not: a comma
 * before a closing bracket, NaN and Infinity in any writing of case. Lines with something that looks so, in quotes or
 * not, are `lax`.
 */
export function scanBlock(bytes: Buffer): BlockScan {
  const lax: { line: number; start: number; end: number }[] = []
  let lines = 0
  let start = 0
  let longestLineBytes = 0
  let unclean = false
  let suspicious = false
  for (let at = 0; at < bytes.length; at++) {
    const kind = kinds[bytes[at] as number]
    if (kind === plain) continue
    if (kind === ending) {
      if (at - start > longestLineBytes) longestLineBytes = at - start
      if (suspicious) lax.push({ line: lines, start, end: at })
      suspicious = false
      lines++
      start = at + 1
    } else if (kind === closing) {
      if (followsComma(bytes, at)) suspicious = true
    } else if (kind === letter) {
      if (isNotANumber(bytes, at)) suspicious = true
    } else unclean = true
  }
  return { lines, longestLineBytes, unclean, lax }
}

function followsComma(bytes: Buffer, closingAt: number): boolean {
  let at = closingAt - 1
  // 1 and 2 are marks for line ends (`one-line`).
  while ([0x20, 0x09, 0x0d, 1, 2].includes(bytes[at] ?? 0)) at--
  return bytes[at] === 0x2c
}

/** `nan` or `inf` where a value may begin: after a colon, comma, bracket, sign or white space. */
function isNotANumber(bytes: Buffer, at: number): boolean {
  if (mayPrecede[bytes[at - 1] ?? 0] === 0) return false
  const [first, second, third] = [lower(bytes[at]), lower(bytes[at + 1]), lower(bytes[at + 2])]
  return (first === 0x6e && second === 0x61 && third === 0x6e) || (first === 0x69 && second === 0x6e && third === 0x66)
}

const lower = (byte = 0): number => byte | 0x20

const mayPrecede = new Uint8Array(256)
for (const byte of [...Buffer.from(':,[+- \t\r'), 1, 2]) mayPrecede[byte] = 1
