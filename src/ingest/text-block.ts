/** A run of whole lines of a file: bytes as received, the last line's line feed present (added where it was missing). */
export interface TextBlock {
  /** Of the room: they stand until the next block is asked for. */
  readonly bytes: Buffer
  readonly lines: number
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

/** Where blocks stand while they are cut, one after the other, of one file after the other: it grows with the longest line. */
export class BlockRoom {
  #bytes = Buffer.alloc(0)

  /** The room's bytes, so many at least; the first ones are kept. */
  grow(size: number, kept: number): Buffer {
    if (size > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, Math.min(2 * this.#bytes.length, size + growthBytes)))
      this.#bytes.copy(larger, 0, 0, kept)
      this.#bytes = larger
    }
    return this.#bytes
  }
}

const growthBytes = 4 * 1024 * 1024

/**
 * Cuts a byte stream into blocks of whole lines of about `blockBytes`. Never holds more than a block and
 * `maxLineBytes` beside it, in `room`. `from` skips bytes already done: it must be the end of a block of an earlier pass.
 */
export async function* cutBlocks(
  chunks: AsyncIterable<Buffer>,
  limits: BlockLimits,
  from: { readonly byte: number; readonly line: number } = { byte: 0, line: 1 },
  room: BlockRoom = new BlockRoom(),
): AsyncGenerator<TextBlock> {
  const cutter = new BlockCutter(limits, from, room)
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
  readonly #room: BlockRoom
  #bytes: Buffer
  #line: number
  #start: number
  /** Bytes of the stream consumed so far, from the start of the file. */
  #position: number
  /** Of the room: the block that was taken last, the whole lines behind it, and what a line's beginning fills. */
  #taken = 0
  #whole = 0
  #filled = 0
  #skipped: { startByte: number; lengthBytes: number; beginning: Buffer } | undefined
  #overlong: OverlongLine[] = []

  constructor(limits: BlockLimits, from: { readonly byte: number; readonly line: number }, room: BlockRoom) {
    this.#limits = limits
    this.#room = room
    this.#bytes = room.grow(0, 0)
    this.#line = from.line
    this.#start = from.byte
    this.#position = from.byte
  }

  get full(): boolean {
    return this.#skipped === undefined && this.#whole - this.#taken >= this.#limits.blockBytes
  }

  push(chunk: Buffer): void {
    this.#forgetTaken()
    const rest = this.#skipped === undefined ? chunk : this.#skipOn(chunk)
    this.#append(rest)
    const last = rest.lastIndexOf(lineFeed)
    if (last >= 0) this.#whole = this.#filled - (rest.length - last - 1)
    this.#position += rest.length
    if (rest.length > 0 && this.#filled - this.#whole > this.#limits.maxLineBytes) this.#beginSkip()
  }

  take(unended = false): TextBlock {
    this.#forgetTaken()
    const bytes = this.#bytes.subarray(0, this.#whole)
    const endByte = this.#position - (this.#filled - this.#whole)
    const lines = countLines(bytes)
    const block = {
      bytes,
      lines,
      firstLine: this.#line,
      startByte: this.#start,
      endByte,
      unended,
      overlong: this.#overlong,
    }
    this.#line += lines
    this.#start = endByte
    this.#taken = this.#whole
    this.#overlong = []
    return block
  }

  takeLast(): TextBlock | undefined {
    this.#forgetTaken()
    const unended = this.#filled > this.#whole || this.#skipped !== undefined
    if (this.#skipped !== undefined) this.#endSkip()
    if (this.#filled > this.#whole) this.#endLine()
    return this.#whole === 0 ? undefined : this.take(unended)
  }

  /** What stands behind the block that was taken moves to its place. */
  #forgetTaken(): void {
    if (this.#taken === 0) return
    this.#bytes.copyWithin(0, this.#taken, this.#filled)
    this.#whole -= this.#taken
    this.#filled -= this.#taken
    this.#taken = 0
  }

  #append(bytes: Buffer): void {
    this.#bytes = this.#room.grow(this.#filled + bytes.length, this.#filled)
    bytes.copy(this.#bytes, this.#filled)
    this.#filled += bytes.length
  }

  #endLine(): void {
    this.#append(Buffer.from('\n'))
    this.#whole = this.#filled
  }

  #beginSkip(): void {
    const lengthBytes = this.#filled - this.#whole
    this.#skipped = {
      startByte: this.#position - lengthBytes,
      lengthBytes,
      beginning: Buffer.from(this.#bytes.subarray(this.#whole, this.#whole + Math.min(keptBytes, lengthBytes))),
    }
    this.#filled = this.#whole
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
      const before = countLines(this.#bytes.subarray(0, this.#whole))
      this.#overlong.push({ line: this.#line + before, ...this.#skipped })
    }
    this.#skipped = undefined
    this.#endLine()
  }
}

/** The number of line feeds. */
export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines++
  return lines
}
