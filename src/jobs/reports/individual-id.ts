import { contentHash } from '../../base/index.ts'

/** Which stored result an individual report is of. */
export interface StoredResultKey {
  readonly runId: number
  readonly pid: number
  /** Of the measure's id: a FHIR id has no room for both. */
  readonly measureKey: string
}

export const measureKeyOf = (measureId: string): string => contentHash(measureId).slice(0, 12)

/** The id under which a run's individual report is read. */
export const individualReportId = (runId: number, measureId: string, pid: number): string =>
  `run-${runId}.${measureKeyOf(measureId)}.${pid}`

/** What an id of an individual report says; undefined for any other text. */
export function parseReportId(id: string): StoredResultKey | undefined {
  const [, run, measureKey, pid] = /^run-(\d{1,9})\.([0-9a-f]{12})\.(\d{1,9})$/.exec(id) ?? []
  return measureKey === undefined ? undefined : { runId: Number(run), measureKey, pid: Number(pid) }
}
