import { mkdirSync } from 'node:fs'
import type { MessKind } from '../fact.ts'
import { sources } from '../sources.ts'
import { SourceExport } from './source-export.ts'
import { Truth } from './truth.ts'

/** A disorder as the truth lists it. `resource` is `Type/id`; `line` counts from 1 where a line has no resource. */
export interface MessItem {
  readonly kind: MessKind
  readonly source: string
  readonly resource?: string
  readonly line?: number
  readonly person?: string
}

/** The whole output folder in the making: an export per source, and the truth beside them. */
export class ExportFolder {
  readonly truth: Truth
  resources = 0
  private readonly exports: readonly SourceExport[]
  private readonly patientCounts = sources.map(() => 0)
  private readonly messCounts = new Map<string, number>()

  constructor(out: string, compressed: boolean) {
    mkdirSync(out, { recursive: true })
    this.exports = sources.map((_, index) => new SourceExport(out, index, compressed))
    this.truth = new Truth(out, compressed)
  }

  /** The next patient id of a source: every source counts for itself, so the same id is two people. */
  nextPatientId(home: number): string {
    const count = this.patientCounts[home] ?? 0
    this.patientCounts[home] = count + 1
    return String(1001 + count)
  }

  /** Writes a resource as one line. Gives the line's number in its file. */
  write(home: number, type: string, line: string | Buffer): number {
    this.resources++
    return (this.exports[home] as SourceExport).write(type, line)
  }

  note(item: MessItem): void {
    this.messCounts.set(item.kind, (this.messCounts.get(item.kind) ?? 0) + 1)
    this.truth.mess.write(JSON.stringify(item))
  }

  /** Resolves once the disk has caught up. */
  async settle(): Promise<void> {
    for (const one of this.exports) await one.settle()
    await this.truth.settle()
  }

  /** Closes all files; `head` begins the summary of the truth. Gives the number of source patients. */
  async close(head: Record<string, unknown>): Promise<number> {
    const counts: Record<string, Record<string, number>> = {}
    for (const [index, one] of this.exports.entries()) counts[sources[index]?.name ?? ''] = await one.close()
    const patients = this.patientCounts.reduce((sum, count) => sum + count, 0)
    const mess = Object.fromEntries([...this.messCounts].sort(([a], [b]) => (a < b ? -1 : 1)))
    await this.truth.close({ ...head, patients, resources: this.resources, counts, mess })
    return patients
  }
}
