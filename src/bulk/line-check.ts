import { createHash } from 'node:crypto'

/** What is known of the text of a file once it went by. */
export interface CheckedText {
  readonly bytes: number
  /** Lines with anything but white space. */
  readonly lines: number
  readonly sha256: string
  /** The first letter is `<`: a page, not data. */
  readonly isMarkup: boolean
  /** The text ends without a line feed, in a line that is no JSON: it may be cut. */
  readonly endsBroken: boolean
  /** A resource is marked as reduced to some of its elements. */
  readonly hasSubset: boolean
}

const lineFeed = 10
const markup = '<'.charCodeAt(0)
const subsetMark = Buffer.from('"SUBSETTED"')
/** A last line longer than this is not parsed here; the load judges it. */
const longestTailBytes = 64 * 1024 * 1024

/** Watches a file's text go by, byte-wise, so that characters cut by chunks do no harm; memory does not grow with it. */
export class LineCheck {
  readonly #hash = createHash('sha256')
  #bytes = 0
  #lines = 0
  #inked = false
  #first: number | undefined
  #hasSubset = false
  #carry = Buffer.alloc(0)
  #tail: Buffer[] = []
  #tailBytes = 0

  push(chunk: Buffer): void {
    this.#hash.update(chunk)
    this.#bytes += chunk.length
    this.#first ??= chunk.find((byte) => byte > 0x20 && byte < 0x80)
    this.#findSubset(chunk)
    this.#countLines(chunk)
  }

  /** Lines that have ended so far. */
  get lines(): number {
    return this.#lines
  }

  end(): CheckedText {
    return {
      bytes: this.#bytes,
      lines: this.#lines + (this.#inked ? 1 : 0),
      sha256: this.#hash.digest('hex'),
      isMarkup: this.#first === markup,
      endsBroken: this.#inked && this.#tailBytes <= longestTailBytes && !isJson(Buffer.concat(this.#tail)),
      hasSubset: this.#hasSubset,
    }
  }

  #findSubset(chunk: Buffer): void {
    const seam = Buffer.concat([this.#carry, chunk.subarray(0, subsetMark.length)])
    this.#hasSubset ||= seam.includes(subsetMark) || chunk.includes(subsetMark)
    const last = Buffer.concat([this.#carry, chunk.subarray(-subsetMark.length)])
    this.#carry = Buffer.from(last.subarray(-subsetMark.length))
  }

  #countLines(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      if (this.#inked || hasInk(chunk, start, end)) this.#lines++
      this.#inked = false
      this.#tail = []
      this.#tailBytes = 0
      start = end + 1
    }
    if (start === chunk.length) return
    this.#inked ||= hasInk(chunk, start, chunk.length)
    this.#tailBytes += chunk.length - start
    if (this.#tailBytes <= longestTailBytes) this.#tail.push(chunk.subarray(start))
    else this.#tail = []
  }
}

function hasInk(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x20) return true
  return false
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}
