import { invariant } from '../base/index.ts'
import { mappingsIn, type PersonRecord, type RecordEntry } from '../fhir/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import type { Cause } from './cause.ts'
import { clinicalDate, dayOf } from './clinical-date.ts'
import { codeDisplay } from './code-display.ts'
import type { GapEvidence } from './gap.ts'
import type { DefineName, Logic } from './logic.ts'
import { descend, referencesIn } from './reach.ts'
import { lacksValue, valueText } from './value-text.ts'

/** A fact with what the reason needs to know of it beside what is shown. */
export interface Fact {
  readonly shown: GapEvidence
  /** An observation that holds no value. */
  readonly valueless: boolean
}

/** Resources to read facts from. */
export interface EvidenceRecord extends Pick<PersonRecord, 'entries'> {
  /** Among which to look for what is under way, in the order of a record; the entries where absent. */
  readonly work?: readonly RecordEntry[]
}

/** One evaluation and the logic that it was made with. */
type Evaluated = Pick<FactSource, 'logic' | 'evaluation'>

/** Where the facts of one evaluation are found. */
export interface FactSource {
  readonly logic: Logic
  readonly evaluation: PersonEvaluation
  /** Of the person's record at least what the evidence names. */
  readonly record: EvidenceRecord
  readonly timeZone: string
}

/**
 * The facts that a cause rests on: what the nearest defines below it hold, latest first. Empty where the
 * logic looked and found nothing. Bug fault where evidence names a resource that the record lacks.
 */
export function factsOf(source: FactSource, cause: Cause): readonly Fact[] {
  const facts = [...factRids(source, cause)].map(([rid, define]) => readFact(entryOf(source.record, rid), define))
  return facts.sort((left, right) => compareFacts(left, right, source.timeZone))
}

/** The resources that a cause rests on, each with the define that holds it. */
function factRids(source: Evaluated, cause: Cause): ReadonlyMap<string, string> {
  const rids = new Map<string, string>()
  for (const define of factDefines(source, cause))
    for (const rid of ridsOf(source, define)) if (!rids.has(rid)) rids.set(rid, define)
  return rids
}

/** One resource as a fact: what, when, value and where from. */
export function readFact(entry: RecordEntry, define: string): Fact {
  const when = clinicalDate(entry.resource)
  const value = valueText(entry.resource)
  return {
    shown: {
      rid: entry.rid,
      source: entry.source,
      type: entry.type,
      id: entry.id,
      define,
      what: whatOf(entry),
      ...(when === undefined ? {} : { when }),
      ...(value === undefined ? {} : { value }),
    },
    valueless: lacksValue(entry.resource),
  }
}

/** What a resource is about; where a code map made it so, that is said wherever the fact is told. */
function whatOf({ resource }: RecordEntry): string {
  const mapped = mappingsIn(resource)
  return mapped.length === 0 ? codeDisplay(resource) : `${codeDisplay(resource)} [mapped: ${mapped.join('; ')}]`
}

/** `Hemoglobin A1c 9.8 % on 2026-03-02 (lakeside)`. */
export function factText(fact: GapEvidence, timeZone: string): string {
  const value = fact.value === undefined ? '' : ` ${fact.value}`
  const when = fact.when === undefined ? '' : ` on ${dayOf(fact.when, timeZone)}`
  return `${fact.what}${value}${when} (${fact.source})`
}

/** By the list of entries: many persons' facts may be read from one, where everybody is evaluated at once. */
const entriesByRid = new WeakMap<readonly RecordEntry[], ReadonlyMap<string, RecordEntry>>()

function entryOf({ entries }: EvidenceRecord, rid: string): RecordEntry {
  const known = entriesByRid.get(entries) ?? new Map(entries.map((entry) => [entry.rid, entry]))
  entriesByRid.set(entries, known)
  const entry = known.get(rid)
  invariant(entry !== undefined, `the evidence of an evaluation names resource ${rid}, which its record lacks`)
  return entry
}

/** Latest first; undated last; equal days keep the order of the record. */
function compareFacts(left: Fact, right: Fact, timeZone: string): number {
  const [first, second] = [left, right].map(({ shown }) =>
    shown.when === undefined ? '' : `${dayOf(shown.when, timeZone)} ${shown.when}`,
  )
  if (first === second) return 0
  return (first ?? '') > (second ?? '') ? -1 : 1
}

/** By the list of evidence: each define on the way to a fact is asked for what it holds. */
const ridsByDefine = new WeakMap<PersonEvaluation['evidence'], ReadonlyMap<number, readonly string[]>>()

function heldBy({ evidence }: PersonEvaluation): ReadonlyMap<number, readonly string[]> {
  const known = ridsByDefine.get(evidence) ?? indexed(evidence)
  ridsByDefine.set(evidence, known)
  return known
}

const ridsOf = ({ logic, evaluation }: Evaluated, define: string): readonly string[] =>
  heldBy(evaluation).get(logic.indexOf.get(define) ?? -1) ?? []

function indexed(evidence: PersonEvaluation['evidence']): ReadonlyMap<number, readonly string[]> {
  const rids = new Map<number, string[]>()
  for (const { define, rid } of evidence) {
    const held = rids.get(define)
    if (held === undefined) rids.set(define, [rid])
    else held.push(rid)
  }
  return rids
}

/** By cause, and by which defines hold evidence: persons who are alike share them. */
const definesByCause = new WeakMap<Cause, Map<string, readonly string[]>>()

/**
 * The defines whose evidence a cause rests on: breadth first from the cause downward; one that holds evidence is not looked
 * behind.
 */
export function factDefines(source: Evaluated, cause: Cause): readonly string[] {
  const known = definesByCause.get(cause) ?? new Map<string, readonly string[]>()
  definesByCause.set(cause, known)
  const key = [...heldBy(source.evaluation).keys()].sort((a, b) => a - b).join(' ')
  const defines = known.get(key) ?? nearestWithEvidence(source, cause)
  known.set(key, defines)
  return defines
}

function nearestWithEvidence(source: Evaluated, cause: Cause): readonly string[] {
  const holder = cause.trail.at(-1)
  if (holder === undefined) return []
  const start = cause.inline === undefined ? [holder] : referencesIn(source.logic, cause.inline, holder.library)
  const reached = descend(source.logic, start, (name) => !holdsEvidence(source, name))
  return reached.filter((name) => holdsEvidence(source, name)).map((name) => name.define)
}

const holdsEvidence = (source: Evaluated, name: DefineName): boolean =>
  name.library === source.logic.main && ridsOf(source, name.define).length > 0
