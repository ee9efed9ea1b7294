import type { InstalledMeasure, MeasureGroup } from '../content/index.ts'
import type { MeasurementPeriod, PersonEvaluation } from '../measure/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { type Cause, findCauses } from './cause.ts'
import { type EvidenceRecord, type Fact, factDefines, factsOf, factText, nameOf } from './fact.ts'
import type { Gap, GapStatus } from './gap.ts'
import { type DefineName, logicOf } from './logic.ts'
import { missingAction } from './next-action.ts'
import { type UnderWay, underWay } from './progress.ts'
import { reachableDefines } from './reach.ts'
import { type Standing, standingOf } from './standing.ts'
import { phraseOf, type Wording, wordCause } from './words.ts'

/**
 * One gap per group of the measure, from an evaluation and the record it was made of. The reason is read
 * off the logic: the defines that made the deciding population so, in the measure's own phrases, with the
 * facts that they hold. An evaluation with an error gives `unknown` for every group, never `closed`. With
 * `moment`, an open gap that is not due yet is prospective, and one that is being worked on says so.
 */
export function deriveGaps(
  measure: InstalledMeasure,
  evaluation: PersonEvaluation,
  record: EvidenceRecord,
  period: MeasurementPeriod,
  moment?: GapMoment,
): readonly Gap[] {
  return measure.groups.map((group) => {
    const counts = evaluation.groups.find((candidate) => candidate.groupId === group.id)
    if (evaluation.error !== undefined || counts === undefined) return unknownGap(measure, group, evaluation)
    const standing = standingOf(group, counts)
    return explainedGap({
      measure,
      group,
      evaluation,
      record,
      period,
      standing,
      ...(moment === undefined ? {} : { moment }),
    })
  })
}

/** What a gap's status needs beside the result: the day it is looked at, and the codes that the logic looks for. */
export interface GapMoment {
  /** `YYYY-MM-DD` in the period's zone; a day after the period counts as its end. */
  readonly today: string
  readonly valueSets: ValueSets
}

/** What `deriveGaps` will read of a person. */
export interface GapNeeds {
  /** What shows that an open gap is under way (`workSought`). */
  readonly work: boolean
  /** Numbers of the defines whose evidence the reasons tell of. */
  readonly defines: readonly number[]
}

/**
 * What `deriveGaps` will read of the record of an evaluation: where everybody is evaluated at once, no more is fetched. Of
 * the evidence only which defines hold any matters.
 */
export function gapNeeds(measure: InstalledMeasure, evaluation: PersonEvaluation): GapNeeds {
  if (evaluation.error !== undefined) return { work: false, defines: [] }
  const logic = logicOf(measure)
  const judged = measure.groups.flatMap((group) => {
    const counts = evaluation.groups.find((candidate) => candidate.groupId === group.id)
    return counts === undefined ? [] : [{ measure, group, evaluation, standing: standingOf(group, counts) }]
  })
  const told = (evaluation.evidence.length === 0 ? [] : judged).flatMap((one) => {
    const source = { logic, evaluation, context: contextOf(one) }
    const { causes, parts } = causesOf(one)
    const asked = one.standing.status === 'open' ? [...causes, ...parts] : causes
    return asked.flatMap((cause) => factDefines(source, cause).map(({ define }) => define))
  })
  return {
    work: judged.some(({ standing }) => standing.status === 'open'),
    defines: [...new Set(told)].map((name) => logic.indexOf.get(name) ?? -1),
  }
}

function unknownGap(measure: InstalledMeasure, group: MeasureGroup, evaluation: PersonEvaluation): Gap {
  const error = evaluation.error
  const message = error?.message ?? 'The evaluation gave no result for this group.'
  return {
    measureId: measure.id,
    groupId: group.id,
    pid: evaluation.pid,
    status: 'unknown',
    reasonCode: kebab(error?.code ?? 'no-result-for-group'),
    sentence: `Cannot be evaluated: ${asFragment(message)}.`,
    evidence: [],
    ...(error?.remedy === undefined ? {} : { nextAction: error.remedy }),
  }
}

interface Situation {
  readonly measure: InstalledMeasure
  readonly group: MeasureGroup
  readonly evaluation: PersonEvaluation
  readonly record: EvidenceRecord
  readonly period: MeasurementPeriod
  readonly standing: Standing
  readonly moment?: GapMoment
}

interface Reason {
  readonly wording: Wording
  readonly facts: readonly Fact[]
}

function explainedGap(situation: Situation): Gap {
  const { measure, group, evaluation, standing } = situation
  const reasons = tellingReasons(reasonsOf(situation), standing)
  const facts = distinctFacts(reasons)
  const undone = standing.status === 'open'
  const reasonCode = reasonCodeOf(standing, facts)
  const stage: Stage = undone ? stageOf(situation, reasonCode) : { status: standing.status }
  const nextAction = undone ? (stage.nextAction ?? actionOf(situation, stage, reasons)) : undefined
  return {
    measureId: measure.id,
    groupId: group.id,
    pid: evaluation.pid,
    status: stage.status,
    reasonCode: stage.reasonCode ?? reasonCode,
    sentence: sentenceOf(standing, stage, reasons, nextAction),
    evidence: [...(stage.fact === undefined ? [] : [stage.fact.shown]), ...facts.map(({ shown }) => shown)],
    ...(nextAction === undefined ? {} : { nextAction }),
    ...dueDateOf(situation),
  }
}

/** What is missing now; the first thing that the reasons name where that is not known, and where it is not time yet to begin anew. */
function actionOf(situation: Situation, stage: Stage, reasons: readonly Reason[]): string | undefined {
  const { measure, evaluation } = situation
  const { parts } = causesOf(situation)
  const missing =
    stage.status === 'open' ? missingAction({ measure, evaluation, context: contextOf(situation), parts }) : undefined
  return missing ?? reasons.map(({ wording }) => wording.phrase?.nextAction).find(Boolean)
}

/** How far an open gap has come: its status, and what there is to say of that beside the reason. */
interface Stage {
  readonly status: GapStatus
  readonly reasonCode?: string
  readonly told?: string
  readonly fact?: Fact
  readonly nextAction?: string
}

/** What is done is due again on a day that only the measure itself can say. */
function dueDateOf({ evaluation, period, standing }: Situation): Pick<Gap, 'dueDate'> {
  if (standing.status === 'open') return { dueDate: evaluation.dueDate ?? period.end }
  return standing.status === 'closed' && evaluation.dueDate !== undefined ? { dueDate: evaluation.dueDate } : {}
}

function stageOf(situation: Situation, reasonCode: string): Stage {
  const { measure, group, record, period, moment, evaluation } = situation
  if (moment === undefined) return { status: 'open' }
  const today = moment.today < period.end ? moment.today : period.end
  const { valueSets } = moment
  const found = underWay({ measure, group, record, period, valueSets, reasonCode, today })
  if (found !== undefined) return stageUnderWay(found)
  // Without a due date of the measure's own there is no day before which nothing is to be done.
  if (evaluation.dueDate === undefined || evaluation.dueDate.slice(0, 10) <= today) return { status: 'open' }
  return { status: 'prospective', reasonCode: 'not-due-yet', told: `not due before ${evaluation.dueDate.slice(0, 10)}` }
}

function stageUnderWay({ status, fact }: UnderWay): Stage {
  const told = factText(fact.shown)
  const ordered = status === 'ordered'
  return {
    status,
    fact,
    reasonCode: ordered ? 'order-on-record' : 'result-not-final',
    told: ordered ? told : `${told} is not final`,
    nextAction: ordered ? `follow up the order: ${told}` : `look for the final result: ${told}`,
  }
}

type Judged = Pick<Situation, 'measure' | 'group' | 'evaluation' | 'standing'>

const contexts = new WeakMap<MeasureGroup, ReadonlySet<string>>()
const noContext: ReadonlySet<string> = new Set()

const isEligibility = (code: string | undefined): boolean => code === 'initial-population' || code === 'denominator'

/**
 * The defines by which somebody comes into the denominator: a visit that does is no reason for a screening to be missing.
 * None where these themselves are told of, and where episodes are counted, for there the visit is what is done or not.
 */
function contextOf({ measure, group, standing }: Judged): ReadonlySet<string> {
  if (group.basis !== 'boolean' || isEligibility(standing.code)) return noContext
  const logic = logicOf(measure)
  const known =
    contexts.get(group) ??
    new Set(
      group.populations
        .filter(({ code }) => isEligibility(code))
        .flatMap(({ define }) => reachableDefines(logic, { library: logic.main, define }))
        .map(nameOf),
    )
  contexts.set(group, known)
  return known
}

interface Causes {
  /** As they are told: what has words of its own is told whole. */
  readonly causes: readonly Cause[]
  /** What these are made of; none where the measure names no actions. */
  readonly parts: readonly Cause[]
}

/** By measure, and by what causes follow from: persons who are alike share them. */
const causesByLetters = new WeakMap<InstalledMeasure, Map<string, Causes>>()
const mostCauses = 10_000

/** Why the deciding population is as it is; none where no population decides. */
function causesOf({ measure, group, evaluation: { defines }, standing }: Judged): Causes {
  const { population, held } = standing
  if (population === undefined) return { causes: [], parts: [] }
  const known = causesByLetters.get(measure) ?? new Map<string, Causes>()
  causesByLetters.set(measure, known)
  const key = `${defines} ${group.id} ${held} ${population.define}`
  const found = known.get(key) ?? causesIn(measure, defines, { define: population.define, held })
  if (known.size >= mostCauses) known.clear()
  known.set(key, found)
  return found
}

function causesIn(
  measure: InstalledMeasure,
  defines: string,
  { define, held }: { readonly define: string; readonly held: boolean },
): Causes {
  const logic = logicOf(measure)
  const letters = { logic, defines }
  const name = { library: logic.main, define }
  const hasPhrase = (one: DefineName) => phraseOf(measure, logic, one) !== undefined
  const hasActions = [...measure.phrases.values()].some(({ nextAction }) => nextAction !== undefined)
  return {
    causes: findCauses({ letters, hasPhrase }, name, held),
    parts: hasActions ? findCauses({ letters, hasPhrase: () => false }, name, held) : [],
  }
}

function reasonsOf(situation: Situation): readonly Reason[] {
  const { measure, evaluation, record, period } = situation
  const logic = logicOf(measure)
  const letters = { logic, defines: evaluation.defines }
  const context = contextOf(situation)
  return causesOf(situation).causes.map((cause) => {
    const found = factsOf({ logic, evaluation, context, record }, cause)
    const facts = found.some(({ qualifies }) => qualifies) ? found.filter(({ qualifies }) => qualifies) : found
    return { wording: wordCause(measure, letters, cause, facts, period), facts }
  })
}

/** Distinct words. What closes a gap is told by the reasons that show facts, where there are any. */
function tellingReasons(reasons: readonly Reason[], standing: Standing): readonly Reason[] {
  const distinct = reasons.filter(
    (reason, index) => reasons.findIndex((other) => other.wording.text === reason.wording.text) === index,
  )
  const withFacts = distinct.filter((reason) => reason.facts.length > 0)
  return standing.status === 'closed' && withFacts.length > 0 ? withFacts : distinct
}

function distinctFacts(reasons: readonly Reason[]): readonly Fact[] {
  const facts = reasons.flatMap((reason) => reason.facts)
  return [...new Map(facts.map((fact) => [fact.shown.rid, fact])).values()]
}

const labels: Readonly<Record<GapStatus, string>> = {
  open: 'Open',
  prospective: 'Prospective',
  ordered: 'Ordered',
  'awaiting-data': 'Awaiting data',
  closed: 'Closed',
  excluded: 'Excluded',
  'not-applicable': 'Not applicable',
  unknown: 'Cannot be evaluated',
}

const mostReasons = 3

function sentenceOf(
  standing: Standing,
  stage: Stage,
  reasons: readonly Reason[],
  nextAction: string | undefined,
): string {
  const texts = reasons.slice(0, mostReasons).map(({ wording }, index) => {
    const told = reasons[index + 1]?.wording.facts === wording.facts && index + 1 < mostReasons
    return wording.facts === undefined || told ? wording.text : `${wording.text}${wording.facts}`
  })
  const more = reasons.length > mostReasons ? [`and ${reasons.length - mostReasons} more`] : []
  const why = texts.length === 0 ? 'this measure has no gap of one person' : [...texts, ...more].join('; ')
  const done = standing.episodes
  const episodes = done === undefined ? '' : `${done.done} of ${done.of} episodes are done; `
  const next = nextAction === undefined ? '' : nextText(nextAction)
  const told = stage.told === undefined ? '' : `${stage.told}; `
  return `${labels[stage.status]}: ${told}${episodes}${why}.${next}`
}

/** Why a gap stands as it does, without the status before it and the next action behind it. */
export function reasonText(gap: Gap): string {
  const next = gap.nextAction === undefined ? '' : nextText(gap.nextAction)
  const told = next !== '' && gap.sentence.endsWith(next) ? gap.sentence.slice(0, -next.length) : gap.sentence
  return asFragment(told.replace(`${labels[gap.status]}: `, ''))
}

const nextText = (nextAction: string): string => ` Next: ${asFragment(nextAction)}.`

function reasonCodeOf(standing: Standing, facts: readonly Fact[]): string {
  if (standing.status === 'not-applicable')
    return standing.code === undefined ? 'no-gap-in-this-measure' : `not-in-${standing.code}`
  if (standing.status === 'excluded' || standing.code === 'numerator-exclusion') return standing.code ?? 'excluded'
  if (standing.status === 'closed' && facts.length === 0) return 'criteria-met'
  if (standing.status === 'open' && !facts.some(({ qualifies }) => qualifies)) return 'no-qualifying-result'
  // What closes a gap may stand beside a result without a value, which then is not what counts.
  if (standing.status === 'open' && facts.some((fact) => fact.valueless)) return 'result-without-value'
  if (!facts.some(({ shown }) => shown.value !== undefined)) return 'event-on-record'
  return standing.status === 'open' ? 'result-out-of-range' : 'result-in-range'
}

const kebab = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

const asFragment = (text: string): string => text.trim().replace(/\.$/, '')
