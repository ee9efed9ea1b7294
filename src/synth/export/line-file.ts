import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'

const flushChars = 1 << 18

/** An NDJSON file that is written as it grows; `settle` waits where the disk is behind, so memory stays flat. */
export class LineFile {
  readonly name: string
  count = 0
  private text = ''
  private readonly file: WriteStream
  private readonly head: WriteStream | Gzip

  constructor(path: string, name: string, compressed: boolean) {
    this.name = name
    this.file = createWriteStream(path)
    this.head = this.file
    if (compressed) {
      const gzip = createGzip({ level: 9 })
      gzip.pipe(this.file)
      this.head = gzip
    }
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

  /** Hands over what has gathered; resolves once more may be written. */
  async settle(): Promise<void> {
    if (this.text.length < flushChars) return
    const text = this.text
    this.text = ''
    if (!this.head.write(text)) await once(this.head, 'drain')
  }

  async close(): Promise<void> {
    this.head.end(this.text)
    this.text = ''
    await finished(this.file)
  }
}
