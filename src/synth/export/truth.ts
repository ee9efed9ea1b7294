import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineFile } from './line-file.ts'

/** What is true of the population, beside the export: never read by ingestion. */
export class Truth {
  readonly persons: LineFile
  readonly facts: LineFile
  readonly mess: LineFile
  private readonly folder: string

  constructor(out: string, compressed: boolean) {
    this.folder = join(out, 'truth')
    mkdirSync(this.folder, { recursive: true })
    const open = (name: string) => {
      const file = `${name}.ndjson${compressed ? '.gz' : ''}`
      return new LineFile(join(this.folder, file), file, compressed)
    }
    this.persons = open('persons')
    this.facts = open('facts')
    this.mess = open('mess')
  }

  async settle(): Promise<void> {
    for (const file of [this.persons, this.facts, this.mess]) await file.settle()
  }

  async close(summary: unknown): Promise<void> {
    for (const file of [this.persons, this.facts, this.mess]) await file.close()
    writeFileSync(join(this.folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  }
}
