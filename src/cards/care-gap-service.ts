import { type Clock, type Diagnostic, messageOf } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { PersonRecord, Resource } from '../fhir/index.ts'
import { dayOf, type Gap } from '../gaps/index.ts'
import { recordFromResources } from '../identity/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import { type Card, cardOf, indicatorOf, prefetchSource } from './card.ts'
import { danglingReferences } from './dangling-reference.ts'
import type { HookRequest } from './hook-request.ts'
import { type PrefetchAnswer, readPrefetchAnswer } from './prefetch-answer.ts'
import { keyOf, type PrefetchPlan, planPrefetch } from './prefetch-template.ts'
import { readSuggestedOrders, type SuggestedOrder } from './suggested-order.ts'

/** What the service works with; an `Application` has it all. */
export interface CareGapEngine {
  readonly measures: readonly InstalledMeasure[]
  readonly clock: Clock
  evaluatePerson(
    record: PersonRecord,
    measureId: string,
    period: MeasurementPeriod,
  ): Promise<{ readonly gaps: readonly Gap[] }>
}

export interface CareGapOptions {
  /** IANA zone in which "today" and the measurement year are meant. */
  readonly timeZone: string
  /** Cards of one answer at most. */
  readonly mostCards?: number
}

/** What became of one measure's group, or of a measure that could not be evaluated. */
export interface MeasureOutcome {
  readonly measure: string
  readonly group?: string
  readonly status: Gap['status']
  readonly reason: string
  readonly shown: boolean
}

/** Cards with what was looked at; or a request that cannot be taken; or data that was not to be had, by key. */
export type ServiceAnswer =
  | { readonly kind: 'cards'; readonly cards: readonly Card[]; readonly evaluation: Evaluation }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unmet'; readonly diagnostics: readonly Diagnostic[] }

/** What the cards rest on. An empty list of cards means "nothing to say" only of measures that are listed as evaluated. */
export interface Evaluation {
  readonly factsAsOf: string
  readonly period: { readonly start: string; readonly end: string }
  readonly outcomes: readonly MeasureOutcome[]
}

/** Absolute address of the page of the person whom a Patient is, where that is known for sure. */
export type FindPage = (patient: Resource) => Promise<string | undefined>

export interface CareGapService {
  readonly plan: PrefetchPlan
  /** Orders in installed measures that no card can offer. */
  readonly refusedOrders: readonly Diagnostic[]
  answer(request: HookRequest, findPage?: FindPage): Promise<ServiceAnswer>
  /** Makes every measure ready for the current period, so that the first patient need not wait for it. Never rejects. */
  warm(): Promise<void>
}

/**
 * The patient-view service: every installed measure, evaluated over the calendar year of today from prefetch
 * alone; one card per open gap. Measures whose data is not there are told as `unknown`; where that is all of
 * them the answer is `unmet`, never an empty list.
 */
export function createCareGapService(engine: CareGapEngine, options: CareGapOptions): CareGapService {
  const plan = planPrefetch(engine.measures)
  const read = new Map(engine.measures.map((measure) => [measure.id, readSuggestedOrders(measure)]))
  const orders = new Map([...read].map(([id, found]) => [id, found.orders]))
  return {
    plan,
    refusedOrders: [...read.values()].flatMap(({ refused }) => refused),
    answer: (request, findPage) => answerCall({ engine, plan, orders, options, request, findPage }),
    warm: () => warmEngine(engine, options),
  }
}

/** A fault here comes again with the first patient, and is told there. */
async function warmEngine(engine: CareGapEngine, { timeZone }: CareGapOptions): Promise<void> {
  const record = recordFromResources(prefetchSource, [{ resourceType: 'Patient', id: 'nobody' }])
  if (!record.ok) return
  const period = currentYear(engine.clock, timeZone)
  for (const { id } of engine.measures) await engine.evaluatePerson(record.value, id, period).catch(() => undefined)
}

interface Call {
  readonly engine: CareGapEngine
  readonly plan: PrefetchPlan
  readonly orders: ReadonlyMap<string, readonly SuggestedOrder[]>
  readonly options: CareGapOptions
  readonly request: HookRequest
  readonly findPage: FindPage | undefined
}

async function answerCall(call: Call): Promise<ServiceAnswer> {
  const { plan, request, engine } = call
  const answers = new Map([...plan.types].map(([key, type]) => [key, readPrefetchAnswer(request.prefetch, key, type)]))
  const patient = answers.get('patient')
  if (patient?.satisfied !== true) return { kind: 'unmet', diagnostics: [missing('patient', patient)] }
  if (patient.resources[0]?.id !== request.patientId) return { kind: 'refused', diagnostics: [otherPatient] }
  const resources = [...answers.values()].flatMap(resourcesOf)
  const record = recordFromResources(prefetchSource, resources, originOf(request))
  if (!record.ok) return { kind: 'refused', diagnostics: record.diagnostics }
  const gaps: MeasuredGap[] = []
  const failed: FailedMeasure[] = []
  const period = currentYear(engine.clock, call.options.timeZone)
  for (const measure of engine.measures) {
    const unmet = unmetNeeds(measure, plan, answers)
    if (unmet.length > 0) failed.push({ measure, diagnostics: unmet })
    else await evaluateMeasure(call, measure, record.value, period, gaps, failed)
  }
  const personPage = gaps.some(({ gap }) => gap.status === 'open')
    ? await call.findPage?.(patient.resources[0])
    : undefined
  return concluded(call, period, { gaps, failed, personPage })
}

/** What became of every measure, before it is put into words. */
interface Findings {
  readonly gaps: readonly MeasuredGap[]
  readonly failed: readonly FailedMeasure[]
  readonly personPage: string | undefined
}

interface MeasuredGap {
  readonly measure: InstalledMeasure
  readonly gap: Gap
}

interface FailedMeasure {
  readonly measure: InstalledMeasure
  readonly diagnostics: readonly Diagnostic[]
}

async function evaluateMeasure(
  call: Call,
  measure: InstalledMeasure,
  record: PersonRecord,
  period: MeasurementPeriod,
  gaps: MeasuredGap[],
  failed: FailedMeasure[],
): Promise<void> {
  try {
    const answer = await call.engine.evaluatePerson(record, measure.id, period)
    gaps.push(...answer.gaps.map((gap) => ({ measure, gap })))
  } catch (thrown) {
    failed.push({ measure, diagnostics: [evaluationFailed(measure, thrown)] })
  }
}

function concluded(call: Call, period: MeasurementPeriod, { gaps, failed, personPage }: Findings): ServiceAnswer {
  const evaluated = gaps.filter(({ gap }) => gap.status !== 'unknown')
  if (evaluated.length === 0 && call.engine.measures.length > 0) {
    const unknown = gaps.map(({ measure, gap }) => notEvaluated(measure, gap.sentence))
    return { kind: 'unmet', diagnostics: distinct([...failed.flatMap(({ diagnostics }) => diagnostics), ...unknown]) }
  }
  const factsAsOf = call.engine.clock.now().toISOString()
  const open = evaluated.filter(({ gap }) => gap.status === 'open').sort(bySeverity)
  const shown = open.slice(0, call.options.mostCards ?? mostCards)
  const cards = shown.map(({ measure, gap }) =>
    cardOf(gap, {
      measure,
      orders: call.orders.get(measure.id) ?? [],
      request: call.request,
      period,
      factsAsOf,
      ...(personPage === undefined ? {} : { personPage }),
    }),
  )
  const outcomes = [
    ...gaps.map((measured) => outcomeOf(measured, shown.includes(measured))),
    ...failed.map(({ measure, diagnostics }) => failedOutcome(measure, diagnostics)),
  ]
  return { kind: 'cards', cards, evaluation: { factsAsOf, period: { start: period.start, end: period.end }, outcomes } }
}

const mostCards = 5

const severity = { critical: 0, warning: 1, info: 2 } as const

const bySeverity = (left: MeasuredGap, right: MeasuredGap): number =>
  severity[indicatorOf(left.gap)] - severity[indicatorOf(right.gap)]

/** The calendar year of today. */
function currentYear(clock: Clock, timeZone: string): MeasurementPeriod {
  const year = dayOf(clock.now().toISOString(), timeZone).slice(0, 4)
  return { start: `${year}-01-01`, end: `${year}-12-31`, timeZone }
}

function originOf(request: HookRequest): { readonly base?: string } {
  return request.fhirServer === undefined ? {} : { base: `${request.fhirServer.replace(/\/+$/, '')}/` }
}

function unmetNeeds(
  measure: InstalledMeasure,
  plan: PrefetchPlan,
  answers: ReadonlyMap<string, PrefetchAnswer>,
): readonly Diagnostic[] {
  const missingKeys = (plan.keysOf.get(measure.id) ?? [])
    .filter((key) => answers.get(key)?.satisfied !== true)
    .map((key) => missing(key, answers.get(key)))
  const types = plan.referred.get(measure.id) ?? new Set<string>()
  const sent = (plan.keysOf.get(measure.id) ?? []).flatMap((key) => resourcesOf(answers.get(key)))
  const all = [...answers.values()].flatMap(resourcesOf)
  const dangling = types.size === 0 ? [] : danglingReferences(sent, all, types)
  return [...missingKeys, ...dangling.map(({ from, to }) => notSentAlong(from, to))]
}

const resourcesOf = (answer: PrefetchAnswer | undefined): readonly Resource[] =>
  answer?.satisfied === true ? answer.resources : []

function notSentAlong(from: string, to: string): Diagnostic {
  return {
    code: 'cards/reference-unmet',
    severity: 'error',
    message: `A prefetched ${from} names a ${to} that was not sent along.`,
    place: { element: `prefetch.${keyOf(from)}` },
    remedy: `Send each ${to} contained, or in the same Bundle (_include).`,
  }
}

function missing(key: string, answer: PrefetchAnswer | undefined): Diagnostic {
  const reason = answer === undefined || answer.satisfied ? 'was not sent' : answer.reason
  return {
    code: 'cards/prefetch-unmet',
    severity: 'error',
    message: `The prefetch "${key}" ${reason}.`,
    place: { element: `prefetch.${key}` },
    remedy: 'Send the whole answer to this prefetch template; null where there is none.',
  }
}

const otherPatient: Diagnostic = {
  code: 'cards/another-patient',
  severity: 'error',
  message: 'The prefetched Patient is not the patient of the context.',
  place: { element: 'prefetch.patient' },
  remedy: 'Send the Patient that context.patientId names.',
}

/** The text of what was thrown may quote the record: only its kind goes out. */
function evaluationFailed(measure: InstalledMeasure, thrown: unknown): Diagnostic {
  const coded = thrown instanceof Error && 'diagnostics' in thrown
  return notEvaluated(measure, coded ? messageOf(thrown) : 'the evaluation failed')
}

function notEvaluated(measure: InstalledMeasure, why: string): Diagnostic {
  return {
    code: 'cards/not-evaluated',
    severity: 'error',
    message: `Measure ${measure.id} could not be evaluated: ${why.replace(/^Cannot be evaluated: /, '').replace(/\.$/, '')}.`,
  }
}

function outcomeOf({ measure, gap }: MeasuredGap, shown: boolean): MeasureOutcome {
  const canonical = `${measure.url}|${measure.version}`
  const reason = gap.status === 'unknown' ? gap.sentence : gap.reasonCode
  return { measure: canonical, group: gap.groupId, status: gap.status, reason, shown }
}

function failedOutcome(measure: InstalledMeasure, diagnostics: readonly Diagnostic[]): MeasureOutcome {
  const reason = diagnostics.map(({ message }) => message).join(' ')
  return { measure: `${measure.url}|${measure.version}`, status: 'unknown', reason, shown: false }
}

function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [diagnostic.message, diagnostic])).values()]
}
