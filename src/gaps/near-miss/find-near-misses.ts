import { giveWay } from '../../base/index.ts'
import type { InstalledMeasure, MeasureGroup, PopulationCode } from '../../content/index.ts'
import type { PersonRecord, RecordEntry, Resource } from '../../fhir/index.ts'
import {
  evaluateRecord,
  evaluatorOf,
  type MeasurementPeriod,
  type PersonEvaluation,
  type PersonEvaluator,
} from '../../measure/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { type Standing, standingOf } from '../standing.ts'
import { codeRepairs, encounterRepairs, isLookedFor } from './code-repairs.ts'
import { dayOfEntry, daysToTry, dayText, shiftedBy } from './date-shift.ts'
import { statusRepairs, unitRepairs, valueRepairs } from './element-repairs.ts'
import { type LogicReads, readsOf } from './logic-reads.ts'
import { nearMissOf } from './near-miss-words.ts'
import type { NearMiss, Repair, RepairEffect } from './repair.ts'

/** What near misses are looked for in. */
export interface NearMissRequest {
  readonly measure: InstalledMeasure
  readonly groupId: string
  readonly valueSets: ValueSets
  readonly period: MeasurementPeriod
  readonly record: PersonRecord
  /** Somebody waits: after so many milliseconds what was not tried yet is left. */
  readonly patienceMs?: number
}

/** The near misses of one person, the likeliest first; `untried` resources were beyond what is tried at once. */
export interface NearMisses {
  readonly misses: readonly NearMiss[]
  readonly untried: number
}

/** So many evaluations at most for one person and group: a page waits for them. */
const mostTrials = 1500
/** So many are a step of some milliseconds, between which others have their turn. */
const trialsPerStep = 20

/**
 * The resources that fail by exactly one condition. Nothing is written per measure: the logic says what it looks at,
 * each resource of that kind is put right in one respect (its date, unit, value, status, code, encounter), and the
 * measure is evaluated again; a repair that changes the person's standing for the better is a near miss.
 */
export async function findNearMisses(request: NearMissRequest): Promise<NearMisses> {
  const search = await openSearch(request)
  if (search === undefined) return { misses: [], untried: 0 }
  const { reads, record } = search
  const types = new Set(reads.retrieves.map(({ type }) => type))
  const entries = record.entries.filter(({ type }) => types.has(type) && type !== 'Patient')
  const recent = [...entries].sort((a, b) => (dayOfEntry(b) ?? 0) - (dayOfEntry(a) ?? 0))
  const misses: NearMiss[] = []
  const undated: RecordEntry[] = []
  const untried = new Set<RecordEntry>()
  // What takes few trials is tried of all resources before the days of any.
  for (const entry of recent) {
    const found = await repairedMisses(search, entry)
    misses.push(...found)
    if (isOver(search)) untried.add(entry)
    else if (found.length === 0 && isLookedFor(entry, reads)) undated.push(entry)
  }
  for (const entry of undated) {
    misses.push(...(await dateMisses(search, entry)))
    if (isOver(search)) untried.add(entry)
  }
  return { misses: misses.sort(byLikelihood), untried: untried.size }
}

interface Search extends NearMissRequest {
  readonly group: MeasureGroup
  readonly evaluator: PersonEvaluator
  readonly before: Standing | undefined
  readonly reads: LogicReads
  readonly endsAt: number
  trials: number
}

const isOver = ({ trials, endsAt }: Search): boolean => trials >= mostTrials || performance.now() > endsAt

/** Undefined where nothing is to be gained: the gap is closed, or the person left out for good reason. */
async function openSearch(request: NearMissRequest): Promise<Search | undefined> {
  const { measure, groupId, valueSets, period, record } = request
  const group = measure.groups.find(({ id }) => id === groupId)
  const evaluator = readyEvaluator(measure, valueSets, period)
  // Making closures ready is no part of the search: it is done once for a measure.
  const endsAt = performance.now() + (request.patienceMs ?? Number.POSITIVE_INFINITY)
  if (group === undefined || evaluator === undefined) return undefined
  const before = standingIn(group, await evaluateRecord(measure, evaluator, record))
  if (before !== undefined && before.status !== 'open' && before.status !== 'not-applicable') return undefined
  const reads = readsOf(measure, group, decidingPopulations(before), valueSets)
  return { ...request, group, evaluator, before, reads, endsAt, trials: 0 }
}

const entry: readonly PopulationCode[] = ['initial-population', 'denominator']
const result: readonly PopulationCode[] = [
  'numerator',
  'numerator-exclusion',
  'denominator-exclusion',
  'denominator-exception',
]

function decidingPopulations(before: Standing | undefined): readonly PopulationCode[] {
  if (before === undefined) return [...entry, ...result]
  return before.status === 'open' ? result : entry
}

const evaluators = new WeakMap<InstalledMeasure, Map<string, PersonEvaluator>>()

/** Our closures where they can; else the interpreter, which is slower. */
function readyEvaluator(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
): PersonEvaluator | undefined {
  const known = evaluators.get(measure) ?? new Map<string, PersonEvaluator>()
  evaluators.set(measure, known)
  const key = `${period.start} ${period.end} ${period.timeZone}`
  const ready = known.get(key)
  if (ready !== undefined) return ready
  const direct = evaluatorOf(measure, valueSets, period, 'direct')
  const made = direct.ok ? direct : evaluatorOf(measure, valueSets, period, 'interpreter')
  if (!made.ok) return undefined
  known.set(key, made.value)
  return made.value
}

function standingIn(group: MeasureGroup, evaluation: PersonEvaluation): Standing | undefined {
  const counts = evaluation.groups.find(({ groupId }) => groupId === group.id)
  return evaluation.error !== undefined || counts === undefined ? undefined : standingOf(group, counts)
}

/** What the measure would say were one resource another. */
async function effectOf(search: Search, changed: RecordEntry, resource: Resource): Promise<RepairEffect | undefined> {
  search.trials += 1
  if (search.trials % trialsPerStep === 0) await giveWay()
  const { record, measure, evaluator, group, before } = search
  const entries = record.entries.map((other) => (other === changed ? { ...other, resource } : other))
  const after = standingIn(group, await evaluateRecord(measure, evaluator, { ...record, entries }))
  if (after === undefined) return undefined
  if (before === undefined) return 'evaluates'
  if (before.status === 'not-applicable') return after.status === 'not-applicable' ? undefined : 'includes'
  if (after.status === 'closed') return 'closes'
  if (after.status === 'excluded') return 'excludes'
  return (after.episodes?.done ?? 0) > (before.episodes?.done ?? 0) ? 'closes' : undefined
}

/** What is put right other than dates: at most one near miss of each kind for a resource. */
async function repairedMisses(search: Search, entry: RecordEntry): Promise<readonly NearMiss[]> {
  const { reads, record, period } = search
  const repairs = isLookedFor(entry, reads)
    ? [
        ...statusRepairs(entry),
        ...unitRepairs(entry, reads),
        ...valueRepairs(entry, reads),
        ...codeRepairs(entry, reads),
      ]
    : codeRepairs(entry, reads)
  const all = [...repairs, ...encounterRepairs(entry, reads, record.entries)]
  const misses: NearMiss[] = []
  for (const repair of all) {
    if (isOver(search)) break
    if (misses.some(({ kind }) => kind === repair.kind)) continue
    const effect = await effectOf(search, entry, repair.repaired)
    if (effect === undefined || isFarFetched(repair, effect)) continue
    misses.push(nearMissOf(repair, effect, period))
  }
  return misses
}

/** Any visit would leave the person out, were it one of hospice, say: that it is none is no oversight. */
const isFarFetched = ({ kind }: Repair, effect: RepairEffect): boolean =>
  kind === 'wrong-encounter' && effect === 'excludes'

/** The least shift of a resource's dates that changes the result, found from the nearest day at which it does. */
async function dateMisses(search: Search, entry: RecordEntry): Promise<readonly NearMiss[]> {
  const now = dayOfEntry(entry)
  if (now === undefined) return []
  const days = daysToTry(search.record, search.period, search.reads.spans, search.record.entries)
  const shifts = [...new Set(days.map((day) => day - now))].filter((shift) => shift !== 0)
  for (const shift of shifts.sort((a, b) => Math.abs(a) - Math.abs(b))) {
    if (isOver(search)) break
    const effect = await effectOf(search, entry, shiftedBy(entry.resource, shift))
    if (effect === undefined) continue
    const least = await leastShift(search, entry, shift)
    const repair: Repair = {
      kind: 'date-outside',
      entry,
      repaired: shiftedBy(entry.resource, least),
      element: 'date',
      is: dayText(now),
      wanted: dayText(now + least),
    }
    return [nearMissOf(repair, effect, search.period, -least)]
  }
  return []
}

/** Between no shift, which changes nothing, and one that does: where the result turns. */
async function leastShift(search: Search, entry: RecordEntry, shift: number): Promise<number> {
  let fails = 0
  let works = shift
  while (Math.abs(works - fails) > 1) {
    const middle = Math.trunc((fails + works) / 2)
    if ((await effectOf(search, entry, shiftedBy(entry.resource, middle))) === undefined) fails = middle
    else works = middle
  }
  return works
}

const kinds: readonly NearMiss['kind'][] = [
  'not-final',
  'no-unit',
  'no-value',
  'unmapped-code',
  'date-outside',
  'wrong-encounter',
]
const effects: readonly RepairEffect[] = ['evaluates', 'closes', 'includes', 'excludes']

/** What would close the gap first; then by kind; of dates the nearest first; then the newest. */
function byLikelihood(a: NearMiss, b: NearMiss): number {
  return (
    effects.indexOf(a.effect) - effects.indexOf(b.effect) ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    Math.abs(a.days ?? 0) - Math.abs(b.days ?? 0) ||
    (b.fact.when ?? '').localeCompare(a.fact.when ?? '')
  )
}
