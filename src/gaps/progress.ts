import type { InstalledMeasure, MeasureGroup } from '../content/index.ts'
import type { RecordEntry } from '../fhir/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { type EvidenceRecord, type Fact, readFact } from './fact.ts'
import { isLookedFor } from './near-miss/code-repairs.ts'
import { dayNumber, dayOfEntry } from './near-miss/date-shift.ts'
import { readsOf } from './near-miss/logic-reads.ts'
import { standingOrders, standingStatuses } from './standing-order.ts'

/** What is already under way about an open gap. */
export interface UnderWay {
  readonly status: 'ordered' | 'awaiting-data'
  readonly fact: Fact
}

/** Statuses of a fact whose result is still to come. */
const unfinished: readonly string[] = ['registered', 'preliminary', 'partial', 'preparation', 'in-progress']

/** Resources of a type that may show that work is under way: those with one of these statuses. */
export interface WorkSought {
  readonly type: string
  readonly statuses: readonly string[]
}

/** All that `underWay` looks at for a measure, by type and status. */
export function workSought(measure: InstalledMeasure, valueSets: ValueSets): readonly WorkSought[] {
  const reads = measure.groups.map((group) => readsOf(measure, group, ['numerator'], valueSets))
  const types = new Set(reads.flatMap(({ retrieves }) => retrieves.map(({ type }) => type)))
  return [...[...types].map((type) => ({ type, statuses: unfinished })), ...standingStatuses]
}

/** The gap that work may be under way on, and when that is asked. */
export interface Undone {
  readonly measure: InstalledMeasure
  readonly group: MeasureGroup
  readonly record: EvidenceRecord
  readonly period: MeasurementPeriod
  readonly valueSets: ValueSets
  readonly reasonCode: string
  /** `YYYY-MM-DD`. */
  readonly today: string
}

/**
 * What the record holds of a gap's being worked on: a result of the period that is not final yet, of the kind that the
 * numerator's logic looks for; else an order that stands; the latest of them.
 */
export function underWay(undone: Undone): UnderWay | undefined {
  const { measure, group, record, period, valueSets, reasonCode, today } = undone
  const entries = record.work ?? record.entries
  const reads = readsOf(measure, group, ['numerator'], valueSets)
  const start = dayNumber(period.start) ?? 0
  const inPeriod = (entry: RecordEntry): boolean => (dayOfEntry(entry) ?? -1) >= start
  const awaited = latest(
    entries.filter((entry) => hasStatus(entry, unfinished) && inPeriod(entry) && isLookedFor(entry, reads)),
  )
  if (awaited !== undefined) return { status: 'awaiting-data', fact: readFact(awaited, '') }
  const ordered = latest(standingOrders(entries, { measure, reads, reasonCode, today }))
  return ordered === undefined ? undefined : { status: 'ordered', fact: readFact(ordered, '') }
}

const dayOf = (entry: RecordEntry): number => dayOfEntry(entry) ?? 0

const hasStatus = ({ resource }: RecordEntry, statuses: readonly string[]): boolean =>
  statuses.includes(String(resource['status']))

/** The first of the newest day. */
const latest = (entries: readonly RecordEntry[]): RecordEntry | undefined =>
  entries.reduce<RecordEntry | undefined>(
    (best, entry) => (best === undefined || dayOf(entry) > dayOf(best) ? entry : best),
    undefined,
  )
