import type { Diagnostic } from '../../base/index.ts'
import type { PersonRecord, Resource } from '../../fhir/index.ts'
import { type RecordParts, recordFromResources } from '../../identity/index.ts'
import type { HookRequest } from '../hook/hook-request.ts'
import { type DanglingReference, danglingReferences } from './dangling-reference.ts'
import { type DrugIngredients, withIngredients } from './drug-ingredients.ts'
import { type PrefetchAnswer, readPrefetchAnswer } from './prefetch-answer.ts'
import { keyOf, type PrefetchPlan } from './prefetch-plan.ts'

/** Names the caller's record while it is evaluated, and keeps its ids apart from those of loaded sources. */
export const prefetchSource = 'ehr'

/** Facts that are stored here about the same patient, of all sources, and the source whose patients the caller's are. */
export interface StoredFacts {
  readonly source: string
  readonly parts: RecordParts
  /** When they were loaded; ISO text. */
  readonly asOf: string
}

/** What one call knows of its patient. */
export interface Facts {
  readonly record: PersonRecord
  readonly patient: Resource
  readonly answers: ReadonlyMap<string, PrefetchAnswer>
  /** Resources of the call's context. */
  readonly given: readonly Resource[]
  /** What the call is about, as `Type/id`, that is neither in its context nor in what was sent or is stored. */
  readonly unsentOrders: readonly string[]
  /** How ids of the caller's resources are told apart in the record. */
  readonly source: string
  readonly storedAsOf?: string
}

export type GatheredFacts =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unmet'; readonly diagnostics: readonly Diagnostic[] }

/** Reads what was sent for each key of the plan. */
export function readAnswers(request: HookRequest, plan: PrefetchPlan): ReadonlyMap<string, PrefetchAnswer> {
  return new Map([...plan.types].map(([key, type]) => [key, readPrefetchAnswer(request.prefetch, key, type)]))
}

/** What is known of facts beside what a caller sends. */
export interface FactSurroundings {
  readonly stored?: StoredFacts
  /** Approved translations of the caller's codes, texts, units and days, as stored facts have them. */
  readonly translate?: (resource: Resource) => Resource
  readonly ingredients?: DrugIngredients
}

/** The record of a call: its prefetch, the resources of its context, and what is stored of the same patient. */
export function gatherFacts(
  request: HookRequest,
  plan: PrefetchPlan,
  { stored, translate = (resource) => resource, ingredients = new Map() }: FactSurroundings = {},
): GatheredFacts {
  const answers = readAnswers(request, plan)
  const patient = answers.get('patient')
  if (patient?.satisfied !== true) return { kind: 'unmet', diagnostics: [missing('patient', patient)] }
  const [sent] = patient.resources
  if (sent === undefined || sent.id !== request.patientId) return { kind: 'refused', diagnostics: [otherPatient] }
  const source = stored?.source ?? prefetchSource
  // What the user is about to do stands before what the server has under the same id.
  const resources = [...request.resources, ...[...answers.values()].flatMap(resourcesOf)].map(translate)
  const around = stored === undefined ? originOf(request) : { ...originOf(request), stored: stored.parts }
  const record = recordFromResources(source, resources, around)
  if (!record.ok) return { kind: 'refused', diagnostics: record.diagnostics }
  const storedAsOf = stored === undefined ? {} : { storedAsOf: stored.asOf }
  return {
    kind: 'facts',
    facts: {
      record: withIngredients(record.value, ingredients),
      patient: sent,
      answers,
      given: request.resources,
      unsentOrders: unsentOrders(request, record.value, source),
      source,
      ...storedAsOf,
    },
  }
}

function unsentOrders({ orders }: HookRequest, { entries }: PersonRecord, source: string): readonly string[] {
  const held = new Set(entries.filter((entry) => entry.source === source).map(({ type, id }) => `${type}/${id}`))
  return orders.filter((order) => !held.has(order))
}

function originOf(request: HookRequest): { readonly base?: string } {
  return request.fhirServer === undefined ? {} : { base: `${request.fhirServer.replace(/\/+$/, '')}/` }
}

/** Why a topic cannot be evaluated from these facts; empty where it can. */
export function unmetNeeds(
  topic: string,
  plan: PrefetchPlan,
  facts: Pick<Facts, 'answers' | 'given'>,
): readonly Diagnostic[] {
  const keys = plan.keysOf.get(topic) ?? []
  const missingKeys = keys
    .filter((key) => facts.answers.get(key)?.satisfied !== true)
    .map((key) => missing(key, facts.answers.get(key)))
  const types = plan.referred.get(topic) ?? new Set<string>()
  const sent = [...keys.flatMap((key) => resourcesOf(facts.answers.get(key))), ...facts.given]
  const from = new Set(sent.map(({ resourceType }) => resourceType))
  const missed =
    types.size === 0 ? [] : danglingIn(plan, facts).filter((one) => types.has(one.to) && from.has(one.from))
  const unsent = new Map(missed.map(({ from, to }) => [`${from} ${to}`, notSentAlong(from, to)]))
  return [...missingKeys, ...unsent.values()]
}

/**
 * Orders that the call is about, of types that a topic reads, and that nobody sent: what is said of the others is a part of the
 * answer; where it is all of them there is none.
 */
export function unsentOf(
  topic: string,
  plan: PrefetchPlan,
  request: HookRequest,
  facts: Pick<Facts, 'unsentOrders'>,
): { readonly diagnostics: readonly Diagnostic[]; readonly isAll: boolean } {
  const types = new Set((plan.keysOf.get(topic) ?? []).map((key) => plan.types.get(key)))
  const isRead = (order: string): boolean => types.has(order.split('/')[0])
  const unsent = new Set(facts.unsentOrders.filter(isRead).map((order) => order.split('/')[0] ?? ''))
  return {
    diagnostics: [...unsent].map(orderNotSent),
    isAll: request.orders.filter(isRead).every((order) => facts.unsentOrders.includes(order)),
  }
}

/** Without the id: the message is kept. */
function orderNotSent(type: string): Diagnostic {
  return {
    code: 'cards/order-unmet',
    severity: 'error',
    message: `A ${type} that the call is about was not sent.`,
    place: { element: `prefetch.${keyOf(type)}` },
    remedy: 'Send the whole answer to this prefetch template: what is ordered is part of it.',
  }
}

const dangling = new WeakMap<object, readonly DanglingReference[]>()

/** What nobody sent along of all that any topic follows: looked for once per call, whatever the number of topics. */
function danglingIn(plan: PrefetchPlan, { answers, given }: Pick<Facts, 'answers' | 'given'>) {
  const known = dangling.get(answers)
  if (known !== undefined) return known
  const all = [...[...answers.values()].flatMap(resourcesOf), ...given]
  const found = danglingReferences(all, all, new Set([...plan.referred.values()].flatMap((types) => [...types])))
  dangling.set(answers, found)
  return found
}

/** The resources of a satisfied answer. */
export const resourcesOf = (answer: PrefetchAnswer | undefined): readonly Resource[] =>
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
