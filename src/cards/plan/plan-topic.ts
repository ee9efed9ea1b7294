import { type Diagnostic, formatPlace } from '../../base/index.ts'
import { isList, type Value } from '../../core/index.ts'
import type { Evaluation } from '../../direct/index.ts'
import { dayOf } from '../../gaps/index.ts'
import type { CardDraft, Offer } from '../card.ts'
import { draftOrder } from '../draft-order.ts'
import type { Facts } from '../facts/facts.ts'
import { keyOf } from '../facts/prefetch-plan.ts'
import { escapeMarkdown, plainText } from '../markdown.ts'
import { roleCodes } from '../quiet/conclude.ts'
import { hashOf } from '../quiet/quiet.ts'
import type { Finding, Topic, TopicAnswer, TopicCall } from '../topic.ts'
import { indicatorOf, type Plan, type PlanCard, type PlanOffer } from './plan-definition.ts'
import { itemText, type PlanLogic } from './plan-logic.ts'
import { zonedTime } from './zoned-time.ts'

/** A card of a plan as a topic: its conditions first, and its words only where they hold. */
export function planTopic(plan: Plan, card: PlanCard, logic: PlanLogic): Topic {
  const subject = { guidance: `${plan.url}|${plan.version}#${card.id}` }
  return {
    id: `${plan.id}#${card.id}`,
    subject,
    need: {
      topic: `${plan.id}#${card.id}`,
      types: logic.typesOf(card).filter((type) => !card.mayBeMissing.includes(type)),
      helpful: card.mayBeMissing,
    },
    evaluate: (call) => Promise.resolve(evaluateCard({ plan, card, logic, subject, call })),
  }
}

interface CardCall {
  readonly plan: Plan
  readonly card: PlanCard
  readonly logic: PlanLogic
  readonly subject: Finding['subject']
  readonly call: TopicCall
}

/** A define that failed: the topic could not be evaluated. */
class DefineFailed {
  readonly diagnostic: Diagnostic
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic
  }
}

function evaluateCard(parts: CardCall): TopicAnswer {
  try {
    return { ok: true, findings: findingsOf(parts, createReader(parts)) }
  } catch (thrown) {
    if (!(thrown instanceof DefineFailed)) throw thrown
    return { ok: false, diagnostics: [notEvaluated(parts, thrown.diagnostic)] }
  }
}

/** Reads defines of one evaluation, which is shared by all cards of a plan that look at the same record. */
interface Reader {
  value(define: string): Value
  text(define: string): string | undefined
}

const evaluations = new WeakMap<object, Map<PlanLogic, Evaluation>>()

function createReader({ plan, logic, call }: CardCall): Reader {
  const { facts, request, now, timeZone } = call
  const known = evaluations.get(facts.record) ?? new Map<PlanLogic, Evaluation>()
  evaluations.set(facts.record, known)
  const orders = request.orders.map((order) => order.replace('/', `/${facts.source}.`))
  const evaluation =
    known.get(logic) ??
    logic.evaluate({ record: facts.record, orders, missing: missingOf(plan, facts), now: zonedTime(now, timeZone) })
  known.set(logic, evaluation)
  const value = (define: string): Value => {
    const outcome = evaluation.define(logic.nameOf(define))
    if (!outcome.ok) throw new DefineFailed(outcome.error)
    return outcome.value
  }
  return {
    value,
    text(define) {
      const found = value(define)
      return typeof found === 'string' && found.trim() !== '' ? found : undefined
    },
  }
}

/** What was asked for, can be done without, and was not sent. */
function missingOf({ cards }: Plan, { answers }: Facts): readonly string[] {
  const types = new Set(cards.flatMap(({ mayBeMissing }) => mayBeMissing))
  return [...types].filter((type) => answers.get(keyOf(type))?.satisfied === false)
}

function findingsOf(parts: CardCall, read: Reader): readonly Finding[] {
  const { card, subject } = parts
  const cannot = card.cannotTell === undefined ? undefined : read.text(card.cannotTell)
  if (cannot !== undefined) return [{ subject, status: 'unknown', reason: plainText(cannot) }]
  const left = card.notTold === undefined ? undefined : read.text(card.notTold)
  const beside: readonly Finding[] =
    left === undefined ? [] : [{ subject, status: 'unknown', reason: plainText(`In part: ${left}`) }]
  return [...toldBy(parts, read), ...beside]
}

/** What the card says of what is known. */
function toldBy(parts: CardCall, read: Reader): readonly Finding[] {
  const { card, subject } = parts
  const closed: Finding = { subject, status: 'closed', reason: 'does not apply' }
  if (!card.conditions.every((define) => read.value(define) === true)) return [closed]
  if (card.forEach === undefined) return [openFinding(parts, read, undefined)]
  const items = read.value(card.forEach)
  const titled = isList(items) ? items.filter((item) => itemText(item, 'title') !== undefined) : []
  const found = titled.filter((item, at) => titled.findIndex((other) => isSame(other, item)) === at)
  return found.length === 0 ? [closed] : found.map((item) => openFinding(parts, read, item))
}

/** Items of one key about one order say the same, in other words perhaps: the first is told. */
function isSame(left: Value, right: Value): boolean {
  const key = itemText(left, 'key')
  if (key === undefined) return left === right
  return key === itemText(right, 'key') && itemText(left, 'order') === itemText(right, 'order')
}

function openFinding(parts: CardCall, read: Reader, item: Value | undefined): Finding {
  const { card, subject } = parts
  const draft = draftOf(parts, read, item)
  const key = item === undefined ? undefined : itemText(item, 'key')
  const sameAs = card.sameAs ?? key
  const withheld = withheldFrom(parts)
  return {
    subject,
    status: 'open',
    reason: key ?? card.id,
    proposal: {
      draft,
      fingerprint: hashOf(card.id, key ?? '', draft.summary, draft.indicator),
      ...(sameAs === undefined ? {} : { sameAs }),
      ...(withheld === undefined ? {} : { withheld }),
    },
  }
}

const userKinds: Readonly<Record<string, string>> = {
  Practitioner: 'practitioner',
  PractitionerRole: 'practitioner',
  Patient: 'patient',
  RelatedPerson: 'related-person',
}

/** Why a card is not for this user. A role that was not sent cannot keep a card away. */
function withheldFrom({ card, call }: CardCall): string | undefined {
  const kind = userKinds[call.request.userId?.split('/')[0] ?? '']
  if (kind !== undefined && card.users.length > 0 && !card.users.includes(kind)) return 'for other users'
  const codes = roleCodes(call.request)
  if (card.roles.length === 0 || codes.length === 0) return undefined
  return codes.some((code) => card.roles.includes(code)) ? undefined : 'for other roles'
}

function draftOf(parts: CardCall, read: Reader, item: Value | undefined): CardDraft {
  const { card } = parts
  const { title, description, priority } = card.dynamic
  const words = (field: string, define: string | undefined): string | undefined =>
    item === undefined ? (define === undefined ? undefined : read.text(define)) : itemText(item, field)
  const summary = words('title', title) ?? card.title
  const detail = words('description', description) ?? card.detail
  const urgency = words('priority', priority)
  if (summary === '') throw new DefineFailed(noSummary(parts))
  return {
    summary,
    detail: detailOf(parts, detail),
    indicator: urgency === undefined ? card.indicator : indicatorOf(urgency),
    source: card.source,
    offers: card.offers.flatMap((offer) => offerOf(parts, read, offer, item)),
    selectionBehavior: card.selectionBehavior,
    ...(card.overrideReasons.length === 0 ? {} : { overrideReasons: card.overrideReasons }),
  }
}

function noSummary({ card }: CardCall): Diagnostic {
  const message = `The logic gave no summary for the card ${card.id}.`
  return { code: 'cards/no-summary', severity: 'error', message }
}

/** Paragraphs of the logic as escaped markdown, with the plan and the day of the facts below. */
function detailOf({ plan, call }: CardCall, text: string): string {
  const paragraphs = text
    .split(/\n\s*\n|\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => (one.startsWith('- ') ? `- ${escapeMarkdown(one.slice(2))}` : escapeMarkdown(one)))
  const about = `*${escapeMarkdown(`${plan.title}, version ${plan.version}`)}. ${asOf(call.facts, call)}*`
  return [...paragraphs, about].join('\n\n')
}

function asOf(facts: Facts, { now, timeZone }: TopicCall): string {
  const sent = `From the data that this system sent on ${dayOf(now, timeZone)}`
  return facts.storedAsOf === undefined
    ? `${sent}; nothing else was looked at.`
    : `${sent}, together with what was loaded here on ${dayOf(facts.storedAsOf, timeZone)}.`
}

function offerOf(parts: CardCall, read: Reader, offer: PlanOffer, item: Value | undefined): readonly Offer[] {
  const { call } = parts
  if (offer.condition !== undefined && read.value(offer.condition) !== true) return []
  const { label, description, isRecommended } = offer
  if (offer.order !== undefined) {
    const resource = draftOrder(offer.order, call.request, call.now)
    return [{ label, isRecommended, actions: [{ type: 'create', description, resource }] }]
  }
  const named = item === undefined ? read.text(offer.removes ?? '') : itemText(item, 'order')
  const resourceId = named?.replace(`/${call.facts.source}.`, '/')
  // Only what the user is about to order can be taken back.
  if (resourceId === undefined || !call.request.orders.includes(resourceId)) return []
  return [{ label, isRecommended, actions: [{ type: 'delete', description, resourceId }] }]
}

/** The text of a fault may quote the record: its kind and its place are told. */
function notEvaluated({ plan, card }: CardCall, { code, place }: Diagnostic): Diagnostic {
  const where = formatPlace(place)
  return {
    code: 'cards/not-evaluated',
    severity: 'error',
    message: `${plan.id}#${card.id} could not be evaluated: ${code}${where === '' ? '' : ` at ${where}`}.`,
  }
}
