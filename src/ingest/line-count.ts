const lineFeed = 10
const brace = 0x7b

/** How many lines a text has that comes in pieces, and how many of them hold anything but white space. */
export class LineCount {
  readonly #maxLineBytes: number
  #lines = 0
  #filled = 0
  /** Of a line that began in an earlier piece. */
  #begun = false
  #isFilled = false
  #held: Buffer[] = []
  #heldBytes = 0

  /** A line longer than the limit counts as filled, without being looked at. */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes
  }

  get lines(): number {
    return this.#lines
  }

  get filled(): number {
    return this.#filled
  }

  push(piece: Buffer): void {
    let start = 0
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, start)) {
      if (this.#begun) this.#endBegun(piece.subarray(start, end))
      else if (this.#shows(piece, start, end)) this.#filled++
      this.#lines++
      start = end + 1
    }
    if (start < piece.length) this.#begin(piece.subarray(start))
  }

  /** The text ends: with what came after the last line feed, if anything did. */
  end(): void {
    if (!this.#begun) return
    this.#endBegun(Buffer.alloc(0))
    this.#lines++
  }

  /** A brace is where nearly every line begins; only others are looked at more closely. */
  #shows(bytes: Buffer, start: number, end: number): boolean {
    return (
      bytes[start] === brace || end - start > this.#maxLineBytes || bytes.toString('utf8', start, end).trim() !== ''
    )
  }

  #begin(part: Buffer): void {
    if (!this.#begun && part[0] === brace) this.#isFilled = true
    this.#begun = true
    if (this.#isFilled) return
    this.#held.push(Buffer.from(part))
    this.#heldBytes += part.length
    if (this.#heldBytes <= this.#maxLineBytes) return
    this.#isFilled = true
    this.#held = []
  }

  #endBegun(rest: Buffer): void {
    const bytes = this.#isFilled ? rest : Buffer.concat([...this.#held, rest])
    if (this.#isFilled || this.#shows(bytes, 0, bytes.length)) this.#filled++
    this.#begun = false
    this.#isFilled = false
    this.#held = []
    this.#heldBytes = 0
  }
}
