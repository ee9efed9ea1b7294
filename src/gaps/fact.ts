import { invariant, KeptWith } from '../base/index.ts'
import { mappingsIn, type PersonRecord, type RecordEntry } from '../fhir/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import type { Cause } from './cause.ts'
import { clinicalDate, writtenDay } from './clinical-date.ts'
import { codeDisplay } from './code-display.ts'
import type { GapEvidence } from './gap.ts'
import type { DefineName, Logic } from './logic.ts'
import { descendBy, referencesIn, referencesOf, sourcesOf } from './reach.ts'
import { letterOf } from './truth.ts'
import { lacksValue, valueText } from './value-text.ts'

/** A fact with what the reason needs to know of it beside what is shown. */
export interface Fact {
  readonly shown: GapEvidence
  /** An observation that holds no value. */
  readonly valueless: boolean
  /** False of what the logic looked at and did not take: a result before the period, where none is in it. */
  readonly qualifies: boolean
}

/** Resources to read facts from. */
export interface EvidenceRecord extends Pick<PersonRecord, 'entries'> {
  /** Among which to look for what is under way, in the order of a record; the entries where absent. */
  readonly work?: readonly RecordEntry[]
}

/** One evaluation and the logic that it was made with. */
export type Evaluated = Pick<FactSource, 'logic' | 'evaluation' | 'context'>

/** Where the facts of one evaluation are found. */
export interface FactSource {
  readonly logic: Logic
  readonly evaluation: PersonEvaluation
  /** Defines (`Library.Name`) that say of whom the measure is: what they hold is no reason for anything else. */
  readonly context: ReadonlySet<string>
  /** Of the person's record at least what the evidence names. */
  readonly record: EvidenceRecord
}

/**
 * The facts that a cause rests on: what the nearest defines below it hold, latest first. Empty where the
 * logic looked and found nothing. Bug fault where evidence names a resource that the record lacks.
 */
export function factsOf(source: FactSource, cause: Cause): readonly Fact[] {
  const facts = [...factRids(source, cause)].map(([rid, { define, qualifies }]) => ({
    ...readFact(entryOf(source.record, rid), define),
    qualifies,
  }))
  return facts.sort(compareFacts)
}

/** The resources that a cause rests on, each with the define that holds it. */
function factRids(source: Evaluated, cause: Cause): ReadonlyMap<string, FactDefine> {
  const rids = new Map<string, FactDefine>()
  for (const found of factDefines(source, cause))
    for (const rid of ridsOf(source, found.define)) if (!rids.has(rid)) rids.set(rid, found)
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
    qualifies: true,
  }
}

/** What a resource is about; where a code map made it so, that is said wherever the fact is told. */
function whatOf({ resource }: RecordEntry): string {
  const mapped = mappingsIn(resource)
  return mapped.length === 0 ? codeDisplay(resource) : `${codeDisplay(resource)} [mapped: ${mapped.join('; ')}]`
}

/** `Hemoglobin A1c 9.8 % on 2026-03-02 (lakeside)`. */
export function factText(fact: GapEvidence): string {
  const value = fact.value === undefined ? '' : ` ${fact.value}`
  const when = fact.when === undefined ? '' : ` on ${writtenDay(fact.when)}`
  return `${fact.what}${value}${when} (${fact.source})`
}

/** By the list of entries: many persons' facts may be read from one, where everybody is evaluated at once. */
const entriesByRid = new KeptWith<readonly RecordEntry[], ReadonlyMap<string, RecordEntry>>()

function entryOf({ entries }: EvidenceRecord, rid: string): RecordEntry {
  const entry = entriesByRid.of(entries, () => new Map(entries.map((one) => [one.rid, one]))).get(rid)
  invariant(entry !== undefined, `the evidence of an evaluation names resource ${rid}, which its record lacks`)
  return entry
}

/** Latest first; undated last; equal days keep the order of the record. */
function compareFacts(left: Fact, right: Fact): number {
  const [first, second] = [left, right].map(({ shown }) =>
    shown.when === undefined ? '' : `${writtenDay(shown.when)} ${shown.when}`,
  )
  if (first === second) return 0
  return (first ?? '') > (second ?? '') ? -1 : 1
}

/** By the list of evidence: each define on the way to a fact is asked for what it holds. */
const ridsByDefine = new KeptWith<PersonEvaluation['evidence'], ReadonlyMap<number, readonly string[]>>()

const heldBy = ({ evidence }: PersonEvaluation): ReadonlyMap<number, readonly string[]> =>
  ridsByDefine.of(evidence, indexed)

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

/** A define whose evidence a cause rests on; see `Fact` for `qualifies`. */
export interface FactDefine {
  readonly define: string
  readonly qualifies: boolean
}

/** By cause, and by which defines hold evidence: persons who are alike share them. */
const definesByCause = new WeakMap<Cause, Map<string, readonly FactDefine[]>>()

/**
 * The defines whose evidence a cause rests on: breadth first from the cause downward; one that holds evidence is not looked
 * behind, and behind one that found nothing only what it looked among. What says of whom the measure is comes in only where
 * something holds by nothing else.
 */
export function factDefines(source: Evaluated, cause: Cause): readonly FactDefine[] {
  const known = definesByCause.get(cause) ?? new Map<string, readonly FactDefine[]>()
  definesByCause.set(cause, known)
  const key = [...heldBy(source.evaluation).keys()].sort((a, b) => a - b).join(' ')
  const defines = known.get(key) ?? findDefines(source, cause)
  known.set(key, defines)
  return defines
}

function findDefines(source: Evaluated, cause: Cause): readonly FactDefine[] {
  const own = nearestWithEvidence(source, cause)
  if (own.length > 0 || cause.trail[0]?.held !== true) return own
  return nearestWithEvidence({ ...source, context: new Set() }, cause).filter(({ qualifies }) => qualifies)
}

function nearestWithEvidence(source: Evaluated, cause: Cause): readonly FactDefine[] {
  const { logic, context, evaluation } = source
  const holder = cause.trail.at(-1)
  if (holder === undefined) return []
  const start = cause.inline === undefined ? [holder] : referencesIn(logic, cause.inline, holder.library)
  const isEmpty = (name: DefineName): boolean => letterOf({ logic, defines: evaluation.defines }, name) === 'z'
  const isClosed = (name: DefineName): boolean => holdsEvidence(source, name) || context.has(nameOf(name))
  const next = (name: DefineName): readonly DefineName[] => {
    if (isClosed(name)) return []
    return isEmpty(name) ? sourcesOf(logic, name) : referencesOf(logic, name)
  }
  const taken = new Set(descendBy(start, (name) => (isEmpty(name) ? [] : next(name))).map(nameOf))
  return descendBy(start, next)
    .filter((name) => holdsEvidence(source, name) && !context.has(nameOf(name)))
    .map((name) => ({ define: name.define, qualifies: taken.has(nameOf(name)) }))
}

/** `Library.Name`, as `context` has it. */
export const nameOf = ({ library, define }: DefineName): string => `${library}.${define}`

const holdsEvidence = (source: Evaluated, name: DefineName): boolean =>
  name.library === source.logic.main && ridsOf(source, name.define).length > 0
