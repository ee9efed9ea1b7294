/** What one walk over a block's bytes tells. */
export interface BlockScan {
  readonly lines: number
  readonly longestLineBytes: number
  /** A NUL or a carriage return stands somewhere. */
  readonly unclean: boolean
  /** Where lines begin (in the block, from 0; their number from 0) that a strict parser must look at. */
  readonly lax: readonly { readonly line: number; readonly start: number; readonly end: number }[]
}

const lineFeed = 10
const carriageReturn = 13

/** So much is looked at as text at once: larger strings cost twice as much to make. */
const windowBytes = 64 * 1024

/** White space between tokens; 1 and 2 are marks for line ends (`one-line`). */
const blank = String.raw` \t\r\x01\x02`

/**
 * A comma before a closing bracket; `nan`, `inf` or `infinity` where a value may stand: after a colon, comma, bracket, sign or
 * blank, and before a comma, bracket or blank. The words of a text rarely end so: influenza and infarction do not.
 */
const suspicious = new RegExp(
  `,[${blank}]*[}\\]]|[:,[+\\-${blank}](?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)[,}\\]${blank}]`,
)

/**
 * Walks over a block that ends in a line feed. DuckDB's JSON reader lets through what strict JSON does not: a comma
 * before a closing bracket, NaN and Infinity in any writing of case. Lines with something that looks so, in quotes or
 * not, are `lax`.
 */
export function scanBlock(bytes: Buffer): BlockScan {
  const lax: { line: number; start: number; end: number }[] = []
  let lines = 0
  let longestLineBytes = 0
  let start = 0
  while (start < bytes.length) {
    const past = endOfWindow(bytes, start)
    const isSuspicious = suspicious.test(bytes.toString('latin1', start, past))
    while (start < past) {
      const end = bytes.indexOf(lineFeed, start)
      if (end - start > longestLineBytes) longestLineBytes = end - start
      if (isSuspicious && suspicious.test(bytes.toString('latin1', start, end))) lax.push({ line: lines, start, end })
      lines++
      start = end + 1
    }
  }
  return { lines, longestLineBytes, unclean: bytes.includes(0) || bytes.includes(carriageReturn), lax }
}

/** The end of the last line that begins and ends in a window, of the first line where that is longer. */
function endOfWindow(bytes: Buffer, start: number): number {
  const last = Math.min(start + windowBytes, bytes.length) - 1
  const within = bytes.lastIndexOf(lineFeed, last)
  return (within >= start ? within : bytes.indexOf(lineFeed, last)) + 1
}
