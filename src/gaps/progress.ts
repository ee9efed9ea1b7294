import type { InstalledMeasure, MeasureGroup } from '../content/index.ts'
import type { RecordEntry } from '../fhir/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { type EvidenceRecord, type Fact, readFact } from './fact.ts'
import { isLookedFor, isOrderedCode } from './near-miss/code-repairs.ts'
import { dayNumber, dayOfEntry } from './near-miss/date-shift.ts'
import { readsOf } from './near-miss/logic-reads.ts'

/** What is already under way about an open gap. */
export interface UnderWay {
  readonly status: 'ordered' | 'awaiting-data'
  readonly fact: Fact
}

/** Statuses of an order that still stands, by type. */
const standing: Readonly<Record<string, readonly string[]>> = {
  ServiceRequest: ['active', 'draft', 'on-hold'],
  MedicationRequest: ['active', 'draft', 'on-hold'],
  DeviceRequest: ['active', 'draft', 'on-hold'],
  Appointment: ['proposed', 'pending', 'booked', 'arrived', 'checked-in'],
  Task: ['requested', 'received', 'accepted', 'ready', 'in-progress'],
}

/** Statuses of a fact whose result is still to come. */
const unfinished: readonly string[] = ['registered', 'preliminary', 'partial', 'preparation', 'in-progress']

/**
 * What the record holds of a gap's being worked on: a result that is not final yet, else an order that stands, of
 * the kind that the numerator's logic looks for and within the period; the latest of them.
 */
export function underWay(
  measure: InstalledMeasure,
  group: MeasureGroup,
  record: EvidenceRecord,
  period: MeasurementPeriod,
  valueSets: ValueSets,
): UnderWay | undefined {
  const reads = readsOf(measure, group, ['numerator'], valueSets)
  const start = dayNumber(period.start) ?? 0
  const inPeriod = record.entries.filter((entry) => (dayOfEntry(entry, period.timeZone) ?? -1) >= start)
  const latest = (entries: readonly RecordEntry[]): RecordEntry | undefined =>
    entries.reduce<RecordEntry | undefined>((best, entry) => {
      const later = best === undefined || dayOf(entry, period) > dayOf(best, period)
      return later ? entry : best
    }, undefined)
  const awaited = latest(inPeriod.filter((entry) => hasStatus(entry, unfinished) && isLookedFor(entry, reads)))
  if (awaited !== undefined) return { status: 'awaiting-data', fact: readFact(awaited, '') }
  const ordered = latest(inPeriod.filter((e) => hasStatus(e, standing[e.type] ?? []) && isOrderedCode(e, reads)))
  return ordered === undefined ? undefined : { status: 'ordered', fact: readFact(ordered, '') }
}

const dayOf = (entry: RecordEntry, period: MeasurementPeriod) => dayOfEntry(entry, period.timeZone) ?? 0

const hasStatus = ({ resource }: RecordEntry, statuses: readonly string[]): boolean =>
  statuses.includes(String(resource['status']))
