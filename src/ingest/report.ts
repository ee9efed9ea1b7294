import type { Diagnostic } from '../base/index.ts'
import type { FileCounts, PublishedFile } from '../store/index.ts'

/**
 * Lines that hold something and what became of them: lines = good + quarantined; good = inserted + updated + unchanged
 * + duplicate. Blank lines are counted apart; `older` says how many of `unchanged` were older than what is current.
 */
export interface LineCounts extends FileCounts {
  readonly lines: number
  readonly blank: number
  readonly quarantined: number
  readonly good: number
}

export interface FileReport extends LineCounts {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** One export of one source: loaded as a whole, or refused as a whole with the reasons in `diagnostics`. */
export interface ExportReport {
  readonly source: string
  readonly origin: string
  readonly state: 'published' | 'refused'
  readonly jobId?: number
  readonly files: readonly FileReport[]
  readonly total: LineCounts
  readonly diagnostics: readonly Diagnostic[]
  /** The first lines that went into quarantine, each with its file, line and reason; `total.quarantined` says how many did. */
  readonly quarantine: readonly Diagnostic[]
}

export interface IngestReport {
  readonly exports: readonly ExportReport[]
  readonly total: LineCounts
  readonly seconds: number
  /** 0 all is in; 1 some lines are in quarantine; 3 an export was refused. */
  readonly exitCode: 0 | 1 | 3
}

const names = [
  'lines',
  'blank',
  'quarantined',
  'good',
  'inserted',
  'updated',
  'unchanged',
  'duplicate',
  'older',
] as const

const none: LineCounts = Object.fromEntries(names.map((name) => [name, 0])) as unknown as LineCounts

/** The sum of counts. */
export function sumCounts(counts: readonly LineCounts[]): LineCounts {
  return counts.reduce(
    (sum, next) => Object.fromEntries(names.map((name) => [name, sum[name] + next[name]])) as unknown as LineCounts,
    none,
  )
}

/** Only the counts of a published file. */
export function countsOf(file: PublishedFile): LineCounts {
  const counts = Object.fromEntries(names.map((name) => [name, file[name]])) as unknown as LineCounts
  return { ...counts, lines: file.lines - file.blank, unchanged: file.unchanged + file.older }
}

/** The report over all exports of a run. */
export function summarise(exports: readonly ExportReport[], seconds: number): IngestReport {
  const total = sumCounts(exports.map((one) => one.total))
  const refused = exports.some((one) => one.state === 'refused')
  return { exports, total, seconds, exitCode: refused ? 3 : total.quarantined > 0 ? 1 : 0 }
}
