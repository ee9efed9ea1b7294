import type { Session } from '../duck/index.ts'
import { findNearMisses, type NearMisses } from '../gaps/index.ts'
import { readPersonRecord } from '../identity/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { Application } from './application.ts'

/** A gap whose near misses are looked for. */
export interface SearchedGap {
  readonly measureId: string
  readonly groupId: string
  readonly status: string
}

/** What near misses are looked for in. */
export interface NearMissSearch {
  readonly pid: number
  readonly period: MeasurementPeriod
  /** Somebody waits: so many milliseconds for all gaps together; without it everything is tried. */
  readonly patienceMs?: number
}

/** Statuses that something could still change. */
const changeable = new Set(['open', 'prospective', 'ordered', 'awaiting-data'])

export const nearMissKey = (measureId: string, groupId: string): string => `${measureId}\n${groupId}`

/** What nearly counted for each gap that is not closed, by `nearMissKey`: found now, in the person's record as it is. */
export async function nearMissesOf(
  { measures, valueSets }: Pick<Application, 'measures' | 'valueSets'>,
  session: Session,
  gaps: readonly SearchedGap[],
  { pid, period, patienceMs }: NearMissSearch,
): Promise<ReadonlyMap<string, NearMisses>> {
  const wanted = gaps.filter(({ status }) => changeable.has(status))
  const found = new Map<string, NearMisses>()
  const record = wanted.length === 0 ? undefined : await readPersonRecord(session, pid)
  if (record === undefined) return found
  for (const { measureId, groupId } of wanted) {
    const measure = measures.find(({ id }) => id === measureId)
    if (measure === undefined) continue
    const patience = patienceMs === undefined ? {} : { patienceMs: Math.floor(patienceMs / wanted.length) }
    const misses = await findNearMisses({ measure, groupId, valueSets, period, record, ...patience })
    found.set(nearMissKey(measureId, groupId), misses)
  }
  return found
}
