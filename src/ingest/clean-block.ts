import { isUtf8 } from 'node:buffer'
import { judgeLine } from './judge-line.ts'
import { nestingDepth } from './nesting-depth.ts'
import { fromOneLine } from './one-line.ts'
import { scanBlock } from './scan-block.ts'
import type { TextBlock } from './text-block.ts'

/** A block that DuckDB can read: UTF-8, no NUL, no CR, no byte order mark, bad lines blank. Line numbers hold. */
export interface CleanBlock {
  readonly bytes: Buffer
  readonly lines: number
  /** Where each line begins in the file's uncompressed text. */
  readonly starts: Float64Array
  readonly longestLineBytes: number
  /** The lines that were blanked, with their bytes. */
  readonly faults: readonly BlankedLine[]
}

export interface BlankedLine {
  readonly line: number
  readonly byteOffset: number
  readonly code: string
  readonly reason: string
  readonly base64: string
}

/** Deeper than this is refused: no FHIR resource comes near, and recursion over it would end the process. */
const maxDepth = 500
/** A line shorter than this cannot be deep enough: each level needs an opening and a closing byte. */
const deepLineBytes = maxDepth * 2

const lineFeed = 10
const carriageReturn = 13
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Checks a block byte by byte; the way of a sound block copies nothing. `marked`: its lines hold marks for line ends. */
export function cleanBlock(block: TextBlock, maxLineBytes: number, marked = false): CleanBlock {
  const asGiven = (bytes: Buffer): Buffer => (marked ? fromOneLine(bytes) : bytes)
  const scan = scanBlock(block.bytes)
  const sound =
    block.overlong.length === 0 &&
    scan.longestLineBytes <= maxLineBytes &&
    !scan.unclean &&
    !startsWithMark(block) &&
    isUtf8(block.bytes) &&
    scan.lax.every(
      ({ start, end }) => judgeLine(asGiven(block.bytes.subarray(start, end)).toString(), false) === undefined,
    ) &&
    (scan.longestLineBytes <= deepLineBytes || !hasDeepLine(block.bytes))
  const { lines, longestLineBytes } = scan
  if (sound) return { bytes: block.bytes, lines, starts: startsOfLines(block), longestLineBytes, faults: [] }
  return cleanLines(block, maxLineBytes, new Set(scan.lax.map(({ line }) => line + block.firstLine)), asGiven)
}

function hasDeepLine(bytes: Buffer): boolean {
  let start = 0
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
    if (end - start > deepLineBytes && nestingDepth(bytes, start, end, maxDepth) > maxDepth) return true
    start = end + 1
  }
  return false
}

function cleanLines(
  block: TextBlock,
  maxLineBytes: number,
  lax: ReadonlySet<number>,
  asGiven: (bytes: Buffer) => Buffer,
): CleanBlock {
  const parts: Buffer[] = []
  const faults: BlankedLine[] = block.overlong.map((line) =>
    faultOf(line.line, line.startByte, line.beginning, ...tooLong(line.lengthBytes, maxLineBytes)),
  )
  const end = Buffer.from('\n')
  let longestLineBytes = 0
  let line = block.firstLine
  for (const { bytes, startByte } of linesOf(block)) {
    const text = strip(bytes, line)
    const found = judge(text, maxLineBytes, lax.has(line), asGiven)
    if (found === undefined) {
      longestLineBytes = Math.max(longestLineBytes, text.length)
      parts.push(text.includes(carriageReturn) ? spaced(text) : text, end)
    } else {
      faults.push(faultOf(line, startByte, asGiven(text).subarray(0, 64 * 1024), ...found))
      parts.push(end)
    }
    line++
  }
  const starts = startsOfLines(block)
  return { bytes: Buffer.concat(parts), lines: line - block.firstLine, starts, longestLineBytes, faults }
}

/** Where each line of the block begins in the file's uncompressed text. */
function startsOfLines({ bytes, lines, firstLine, startByte, overlong }: TextBlock): Float64Array {
  const lengths = new Map(overlong.map((one) => [one.line, one.lengthBytes]))
  const starts = new Float64Array(lines)
  let shift = startByte
  for (let index = 0, start = 0; index < lines; index++) {
    starts[index] = start + shift
    shift += lengths.get(firstLine + index) ?? 0
    start = bytes.indexOf(lineFeed, start) + 1
  }
  return starts
}

/** The lines of a block without their line feed, and where each begins in the file's uncompressed text. */
function* linesOf(block: TextBlock): Generator<{ bytes: Buffer; startByte: number }> {
  const overlong = new Map(block.overlong.map((line) => [line.line, line.lengthBytes]))
  let shift = block.startByte
  let start = 0
  let line = block.firstLine
  for (let end = block.bytes.indexOf(lineFeed); end >= 0; end = block.bytes.indexOf(lineFeed, start)) {
    yield { bytes: block.bytes.subarray(start, end), startByte: start + shift }
    shift += overlong.get(line) ?? 0
    start = end + 1
    line++
  }
}

function judge(
  text: Buffer,
  maxLineBytes: number,
  lax: boolean,
  asGiven: (bytes: Buffer) => Buffer,
): [code: string, reason: string] | undefined {
  if (text.length > maxLineBytes) return tooLong(text.length, maxLineBytes)
  if (text.includes(0)) return ['ingest/nul-byte', `A NUL byte at byte ${text.indexOf(0) + 1} of the line.`]
  if (!isUtf8(text)) return ['ingest/invalid-utf8', `Not UTF-8 at byte ${firstInvalidByte(text) + 1} of the line.`]
  if (text.length > deepLineBytes && nestingDepth(text, 0, text.length, maxDepth) > maxDepth)
    return ['ingest/nested-too-deep', `Nested deeper than ${maxDepth} levels.`]
  const found = lax || text.includes(carriageReturn) ? judgeLine(asGiven(text).toString(), false) : undefined
  return found === undefined ? undefined : [found.code, found.reason]
}

function tooLong(lengthBytes: number, maxLineBytes: number): [string, string] {
  return [
    'ingest/line-too-long',
    `The line has ${lengthBytes} bytes, the limit is ${maxLineBytes} (ingest.maxLineBytes); its beginning is kept.`,
  ]
}

function faultOf(line: number, byteOffset: number, bytes: Buffer, code: string, reason: string): BlankedLine {
  return { line, byteOffset, code, reason, base64: bytes.toString('base64') }
}

const startsWithMark = (block: TextBlock): boolean =>
  block.firstLine === 1 && block.bytes.subarray(0, 3).equals(byteOrderMark)

function strip(bytes: Buffer, line: number): Buffer {
  const start = line === 1 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length
  return bytes.subarray(start, end)
}

/** A carriage return between tokens is white space, but ends a line for DuckDB; the line is known to be JSON. */
function spaced(text: Buffer): Buffer {
  return Buffer.from(text.map((byte) => (byte === carriageReturn ? 0x20 : byte)))
}

/** Index of the first byte that no valid UTF-8 text could have there: by halving, as validity of prefixes tells. */
function firstInvalidByte(text: Buffer): number {
  let good = 0
  let bad = text.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const whole = text.subarray(0, lastBoundary(text, middle))
    if (isUtf8(whole)) good = middle
    else bad = middle
  }
  return good
}

/** The end of the last whole character at or before `end`. */
function lastBoundary(text: Buffer, end: number): number {
  let at = end
  while (at > 0 && at > end - 4 && ((text[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}
