/** A run of whole lines of a file: bytes as received, the last line's line feed present (added where it was missing). */
export interface TextBlock {
  readonly bytes: Buffer
  /** Number of its first line in the file, from 1, and where that begins in the uncompressed text. */
  readonly firstLine: number
  readonly startByte: number
  /** Where the next block begins. */
  readonly endByte: number
  /** True where the file ended without a line feed: the last line may be cut. */
  readonly unended: boolean
  /** Lines longer than the limit: they are blank in `bytes`, and only their beginning is kept here. */
  readonly overlong: readonly OverlongLine[]
}

export interface OverlongLine {
  readonly line: number
  readonly startByte: number
  readonly lengthBytes: number
  readonly beginning: Buffer
}

export interface BlockLimits {
  readonly blockBytes: number
  readonly maxLineBytes: number
}

/** How much of an overlong line is kept to show. */
const keptBytes = 64 * 1024
const lineFeed = 10

/**
 * Cuts a byte stream into blocks of whole lines of about `blockBytes`. Never holds more than a block and
 * `maxLineBytes` beside it. `from` skips bytes already done: it must be the end of a block of an earlier pass.
 */
export async function* cutBlocks(
  chunks: AsyncIterable<Buffer>,
  limits: BlockLimits,
  from: { readonly byte: number; readonly line: number } = { byte: 0, line: 1 },
): AsyncGenerator<TextBlock> {
  const cutter = new BlockCutter(limits, from)
  let toSkip = from.byte
  for await (const chunk of chunks) {
    const rest = chunk.subarray(Math.min(toSkip, chunk.length))
    toSkip -= chunk.length - rest.length
    // No piece is larger than a block, however large the chunks come.
    for (let at = 0; at < rest.length; at += limits.blockBytes) {
      cutter.push(rest.subarray(at, at + limits.blockBytes))
      if (cutter.full) yield cutter.take()
    }
  }
  const last = cutter.takeLast()
  if (last !== undefined) yield last
}

class BlockCutter {
  readonly #limits: BlockLimits
  #line: number
  #start: number
  /** Bytes of the stream consumed so far, from the start of the file. */
  #position: number
  #whole: Buffer[] = []
  #wholeBytes = 0
  #tail: Buffer[] = []
  #tailBytes = 0
  #skipped: { startByte: number; lengthBytes: number; beginning: Buffer } | undefined
  #overlong: OverlongLine[] = []

  constructor(limits: BlockLimits, from: { readonly byte: number; readonly line: number }) {
    this.#limits = limits
    this.#line = from.line
    this.#start = from.byte
    this.#position = from.byte
  }

  get full(): boolean {
    return this.#skipped === undefined && this.#wholeBytes >= this.#limits.blockBytes
  }

  push(chunk: Buffer): void {
    const rest = this.#skipped === undefined ? chunk : this.#skipOn(chunk)
    const last = rest.lastIndexOf(lineFeed)
    if (last >= 0) {
      this.#whole.push(...this.#tail, rest.subarray(0, last + 1))
      this.#wholeBytes += this.#tailBytes + last + 1
      this.#tail = []
      this.#tailBytes = 0
    }
    const remainder = rest.subarray(last + 1)
    this.#position += rest.length
    if (remainder.length === 0) return
    this.#tail.push(remainder)
    this.#tailBytes += remainder.length
    if (this.#tailBytes > this.#limits.maxLineBytes) this.#beginSkip()
  }

  take(unended = false): TextBlock {
    const bytes = Buffer.concat(this.#whole)
    const endByte = this.#position - this.#tailBytes
    const block = {
      bytes,
      firstLine: this.#line,
      startByte: this.#start,
      endByte,
      unended,
      overlong: this.#overlong,
    }
    this.#line += countLines(bytes)
    this.#start = endByte
    this.#whole = []
    this.#wholeBytes = 0
    this.#overlong = []
    return block
  }

  takeLast(): TextBlock | undefined {
    const unended = this.#tailBytes > 0 || this.#skipped !== undefined
    if (this.#skipped !== undefined) this.#endSkip()
    if (this.#tailBytes > 0) {
      this.#whole.push(...this.#tail, Buffer.from('\n'))
      this.#tail = []
      this.#tailBytes = 0
    }
    return this.#whole.length === 0 ? undefined : this.take(unended)
  }

  #beginSkip(): void {
    const beginning = Buffer.concat(this.#tail).subarray(0, keptBytes)
    this.#skipped = {
      startByte: this.#position - this.#tailBytes,
      lengthBytes: this.#tailBytes,
      beginning: Buffer.from(beginning),
    }
    this.#tail = []
    this.#tailBytes = 0
  }

  #skipOn(chunk: Buffer): Buffer {
    const end = chunk.indexOf(lineFeed)
    const skipped = end < 0 ? chunk.length : end
    if (this.#skipped !== undefined) {
      const { beginning } = this.#skipped
      const room = keptBytes - beginning.length
      if (room > 0) this.#skipped.beginning = Buffer.concat([beginning, chunk.subarray(0, Math.min(skipped, room))])
      this.#skipped.lengthBytes += skipped
    }
    this.#position += skipped
    if (end < 0) return chunk.subarray(chunk.length)
    this.#endSkip()
    this.#position += 1
    return chunk.subarray(end + 1)
  }

  /** The skipped line stays as a blank line, so that line numbers hold. */
  #endSkip(): void {
    if (this.#skipped !== undefined) {
      const before = this.#whole.reduce((lines, bytes) => lines + countLines(bytes), 0)
      this.#overlong.push({ line: this.#line + before, ...this.#skipped })
    }
    this.#skipped = undefined
    this.#whole.push(Buffer.from('\n'))
    this.#wholeBytes += 1
  }
}

/** The number of line feeds. */
export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines++
  return lines
}
