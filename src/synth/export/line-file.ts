import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'

const flushChars = 1 << 18

/** An NDJSON file that is written as it grows; `settle` waits where the disk is behind, so memory stays flat. */
export class LineFile {
  readonly name: string
  count = 0
  private text = ''
  private failure: unknown
  private readonly head: WriteStream | Gzip
  private readonly written: Promise<void>

  constructor(path: string, name: string, compressed: boolean) {
    this.name = name
    const file = createWriteStream(path)
    const gzip = compressed ? createGzip({ level: 9 }) : undefined
    this.head = gzip ?? file
    this.written = gzip === undefined ? finished(file) : pipeline(gzip, file)
    // Kept until somebody asks: a stream may fail between two calls, when nobody awaits it.
    this.written.catch((error: unknown) => {
      this.failure ??= error
    })
  }

  /** Gives the line's number. Bytes are for lines that are not text. */
  write(line: string | Buffer): number {
    if (typeof line === 'string') this.text += `${line}\n`
    else {
      this.head.write(this.text)
      this.head.write(line)
      this.text = '\n'
    }
    this.count++
    return this.count
  }

  /** Hands over what has gathered; resolves once more may be written. Throws what the system says of the file. */
  async settle(): Promise<void> {
    if (this.failure !== undefined) throw this.failure
    if (this.text.length < flushChars) return
    const text = this.text
    this.text = ''
    if (!this.head.write(text)) await Promise.race([once(this.head, 'drain'), this.written])
  }

  async close(): Promise<void> {
    this.head.end(this.text)
    this.text = ''
    await this.written
  }
}
