import type { Clock, Diagnostic } from '../../base/index.ts'
import type { InstalledMeasure } from '../../content/index.ts'
import type { PersonRecord } from '../../fhir/index.ts'
import { dayOf, type Gap, retrievedTypes } from '../../gaps/index.ts'
import { recordFromResources } from '../../identity/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { prefetchSource } from '../facts/facts.ts'
import { hashOf } from '../quiet/quiet.ts'
import type { Finding, Topic, TopicAnswer, TopicCall } from '../topic.ts'
import { gapDraft } from './gap-card.ts'
import { isOfferedFor, orderKey, readSuggestedOrders, type SuggestedOrder } from './suggested-order.ts'

/** What care gaps are worked out with; an `Application` has it all. */
export interface CareGapEngine {
  readonly measures: readonly InstalledMeasure[]
  readonly clock: Clock
  evaluatePerson(
    record: PersonRecord,
    measureId: string,
    period: MeasurementPeriod,
  ): Promise<{ readonly gaps: readonly Gap[] }>
}

export interface CareGapTopics {
  readonly topics: readonly Topic[]
  /** Orders in installed measures that no card can offer. */
  readonly refusedOrders: readonly Diagnostic[]
}

/**
 * Every installed measure as a topic, evaluated over the calendar year of today by the same logic as a run: one
 * proposal per open gap, with the orders that would close it. Where such an order stands the gap is `ordered`, not open.
 */
export function careGapTopics(engine: CareGapEngine): CareGapTopics {
  const read = engine.measures.map((measure) => ({ measure, ...readSuggestedOrders(measure) }))
  return {
    topics: read.map(({ measure, orders }) => measureTopic(engine, measure, orders)),
    refusedOrders: read.flatMap(({ refused }) => refused),
  }
}

function measureTopic(engine: CareGapEngine, measure: InstalledMeasure, orders: readonly SuggestedOrder[]): Topic {
  const canonical = `${measure.url}|${measure.version}`
  const ordered = [...new Set(orders.map(({ resourceType }) => resourceType))]
  return {
    id: measure.id,
    subject: { measure: canonical },
    need: { topic: measure.id, types: retrievedTypes(measure), helpful: ordered },
    async evaluate(call): Promise<TopicAnswer> {
      const period = currentYear(call.now, call.timeZone)
      const { gaps } = await engine.evaluatePerson(call.facts.record, measure.id, period)
      return { ok: true, findings: gaps.map((gap) => findingOf({ measure, orders, gap, call, period })) }
    },
  }
}

interface MeasuredGap {
  readonly measure: InstalledMeasure
  readonly orders: readonly SuggestedOrder[]
  readonly gap: Gap
  readonly call: TopicCall
  readonly period: MeasurementPeriod
}

function findingOf(measured: MeasuredGap): Finding {
  const { measure, orders, gap, call } = measured
  const base = {
    subject: { measure: `${measure.url}|${measure.version}` },
    group: gap.groupId,
    status: gap.status,
    reason: gap.status === 'unknown' ? gap.sentence : gap.reasonCode,
  }
  if (gap.status !== 'open') return base
  const offered = orders.filter((order) => isOfferedFor(order, gap))
  return {
    ...base,
    proposal: {
      draft: gapDraft({ ...measured, offered, factsAsOf: call.now }),
      fingerprint: fingerprintOf(gap),
      ...(offered[0] === undefined ? {} : { sameAs: orderKey(offered[0]) }),
    },
  }
}

/** Changes when the reason or any fact behind it does. */
function fingerprintOf(gap: Gap): string {
  const facts = gap.evidence.map(({ type, id, when = '', value = '' }) => `${type}/${id} ${when} ${value}`)
  return hashOf(gap.groupId, gap.reasonCode, ...facts)
}

/** The calendar year of a moment. */
export function currentYear(now: string, timeZone: string): MeasurementPeriod {
  const year = dayOf(now, timeZone).slice(0, 4)
  return { start: `${year}-01-01`, end: `${year}-12-31`, timeZone }
}

/** Makes every measure ready for the current period, so that the first patient need not wait for it. Never rejects. */
export async function warmMeasures(engine: CareGapEngine, timeZone: string): Promise<void> {
  const record = recordFromResources(prefetchSource, [{ resourceType: 'Patient', id: 'nobody' }])
  if (!record.ok) return
  const period = currentYear(engine.clock.now().toISOString(), timeZone)
  for (const { id } of engine.measures) {
    try {
      await engine.evaluatePerson(record.value, id, period)
    } catch {
      // A fault here comes again with the first patient, and is told there.
    }
  }
}
