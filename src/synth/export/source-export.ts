import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceAt } from '../sources.ts'
import { LineFile } from './line-file.ts'

/** One source's Bulk Data export in the making: a file per resource type and, at the end, the manifest. */
export class SourceExport {
  private readonly files = new Map<string, LineFile>()
  private readonly folder: string
  private readonly compressed: boolean
  private readonly sourceName: string

  constructor(out: string, source: number, compressed: boolean) {
    this.sourceName = sourceAt(source).name
    this.folder = join(out, this.sourceName)
    this.compressed = compressed
    mkdirSync(this.folder, { recursive: true })
  }

  write(type: string, line: string | Buffer): number {
    let file = this.files.get(type)
    if (file === undefined) {
      const name = `${type}.ndjson${this.compressed ? '.gz' : ''}`
      file = new LineFile(join(this.folder, name), name, this.compressed)
      this.files.set(type, file)
    }
    return file.write(line)
  }

  async settle(): Promise<void> {
    for (const file of this.files.values()) await file.settle()
  }

  /** Closes the files and writes the manifest (FHIR Bulk Data Access 2.0, export complete). Gives counts by type. */
  async close(): Promise<Record<string, number>> {
    const output = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [, file] of output) await file.close()
    const manifest = {
      transactionTime: '2027-01-04T06:00:00Z',
      request: `https://${this.sourceName}.example/fhir/$export`,
      requiresAccessToken: false,
      output: output.map(([type, file]) => ({ type, url: file.name, count: file.count })),
      error: [],
    }
    writeFileSync(join(this.folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    return Object.fromEntries(output.map(([type, file]) => [type, file.count]))
  }
}
