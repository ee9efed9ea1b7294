import type { InstalledMeasure, MeasureGroup } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { MeasurementPeriod, PersonEvaluation } from '../measure/index.ts'
import { findCauses } from './cause.ts'
import { type Fact, factsOf } from './fact.ts'
import type { Gap, GapStatus } from './gap.ts'
import { logicOf } from './logic.ts'
import { type Standing, standingOf } from './standing.ts'
import { phraseOf, type Wording, wordCause } from './words.ts'

/**
 * One gap per group of the measure, from an evaluation and the record it was made of. The reason is read
 * off the logic: the defines that made the deciding population so, in the measure's own phrases, with the
 * facts that they hold. An evaluation with an error gives `unknown` for every group, never `closed`.
 */
export function deriveGaps(
  measure: InstalledMeasure,
  evaluation: PersonEvaluation,
  record: PersonRecord,
  period: MeasurementPeriod,
): readonly Gap[] {
  return measure.groups.map((group) => {
    const counts = evaluation.groups.find((candidate) => candidate.groupId === group.id)
    if (evaluation.error !== undefined || counts === undefined) return unknownGap(measure, group, evaluation)
    const standing = standingOf(group, counts)
    return explainedGap({ measure, group, evaluation, record, period, standing })
  })
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
  readonly record: PersonRecord
  readonly period: MeasurementPeriod
  readonly standing: Standing
}

interface Reason {
  readonly wording: Wording
  readonly facts: readonly Fact[]
}

function explainedGap(situation: Situation): Gap {
  const { measure, group, evaluation, standing } = situation
  const reasons = tellingReasons(reasonsOf(situation), standing)
  const facts = distinctFacts(reasons)
  const open = standing.status === 'open'
  const nextAction = open ? reasons.map(({ wording }) => wording.phrase?.nextAction).find(Boolean) : undefined
  return {
    measureId: measure.id,
    groupId: group.id,
    pid: evaluation.pid,
    status: standing.status,
    reasonCode: reasonCodeOf(standing, facts),
    sentence: sentenceOf(standing, reasons, nextAction),
    evidence: facts.map(({ shown }) => shown),
    ...(nextAction === undefined ? {} : { nextAction }),
    ...(open ? { dueDate: situation.period.end } : {}),
  }
}

function reasonsOf({ measure, evaluation, record, period, standing }: Situation): readonly Reason[] {
  if (standing.population === undefined) return []
  const logic = logicOf(measure)
  const letters = { logic, defines: evaluation.defines }
  const search = {
    letters,
    hasPhrase: (name: Parameters<typeof phraseOf>[2]) => phraseOf(measure, logic, name) !== undefined,
  }
  const population = { library: logic.main, define: standing.population.define }
  return findCauses(search, population, standing.held).map((cause) => {
    const facts = factsOf({ logic, evaluation, record, timeZone: period.timeZone }, cause)
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
  closed: 'Closed',
  excluded: 'Excluded',
  'not-applicable': 'Not applicable',
  unknown: 'Cannot be evaluated',
}

const mostReasons = 3

function sentenceOf(standing: Standing, reasons: readonly Reason[], nextAction: string | undefined): string {
  const texts = reasons.slice(0, mostReasons).map(({ wording }, index) => {
    const told = reasons[index + 1]?.wording.facts === wording.facts && index + 1 < mostReasons
    return wording.facts === undefined || told ? wording.text : `${wording.text}: ${wording.facts}`
  })
  const more = reasons.length > mostReasons ? [`and ${reasons.length - mostReasons} more`] : []
  const why = texts.length === 0 ? 'this measure has no gap of one person' : [...texts, ...more].join('; ')
  const done = standing.episodes
  const episodes = done === undefined ? '' : `${done.done} of ${done.of} episodes are done; `
  const next = nextAction === undefined ? '' : nextText(nextAction)
  return `${labels[standing.status]}: ${episodes}${why}.${next}`
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
  if (facts.length === 0) return standing.status === 'closed' ? 'criteria-met' : 'no-qualifying-result'
  if (facts.some((fact) => fact.valueless)) return 'result-without-value'
  if (!facts.some(({ shown }) => shown.value !== undefined)) return 'event-on-record'
  return standing.status === 'open' ? 'result-out-of-range' : 'result-in-range'
}

const kebab = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

const asFragment = (text: string): string => text.trim().replace(/\.$/, '')
