import { randomUUID } from 'node:crypto'
import type { InstalledMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { dayOf, type Gap, periodText, reasonText } from '../gaps/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { HookRequest } from './hook-request.ts'
import { escapeMarkdown, plainText, shorten } from './markdown.ts'
import { overrideReasons } from './override-reason.ts'
import { draftOrder, isOfferedFor, type SuggestedOrder } from './suggested-order.ts'

export type Indicator = 'info' | 'warning' | 'critical'

export interface Suggestion {
  readonly label: string
  readonly uuid: string
  readonly isRecommended: boolean
  readonly actions: readonly { readonly type: 'create'; readonly description: string; readonly resource: Resource }[]
}

/** A card of CDS Hooks 2.0.1. */
export interface Card {
  readonly uuid: string
  readonly summary: string
  readonly detail: string
  readonly indicator: Indicator
  readonly source: { readonly label: string; readonly url?: string }
  readonly suggestions?: readonly Suggestion[]
  readonly selectionBehavior?: 'at-most-one' | 'any'
  readonly overrideReasons: typeof overrideReasons
  readonly links?: readonly { readonly label: string; readonly url: string; readonly type: 'absolute' }[]
}

/** What a card is made of beside its gap. */
export interface CardContext {
  readonly measure: InstalledMeasure
  readonly orders: readonly SuggestedOrder[]
  readonly request: HookRequest
  readonly period: MeasurementPeriod
  /** When the facts were sent; ISO text. */
  readonly factsAsOf: string
  /** Absolute address of the person's page, where the person is known here. */
  readonly personPage?: string
}

/** CDS Hooks asks for fewer than 140 characters. */
const longestSummary = 139

/** Names the caller's record while it is evaluated, and keeps its ids apart from those of loaded sources. */
export const prefetchSource = 'ehr'

/** The card of an open gap. Text of the record is escaped wherever it stands; the uuid is new on each call. */
export function cardOf(gap: Gap, context: CardContext): Card {
  const suggestions = suggestionsOf(gap, context)
  const { measure, personPage } = context
  return {
    uuid: randomUUID(),
    summary: summaryOf(gap, measure),
    detail: detailOf(gap, context),
    indicator: indicatorOf(gap),
    source: sourceOf(measure),
    ...(suggestions.length === 0 ? {} : { suggestions, selectionBehavior: 'at-most-one' as const }),
    overrideReasons,
    ...(personPage === undefined ? {} : { links: [{ label: 'Open in caregap', url: personPage, type: 'absolute' }] }),
  }
}

/** A value out of range is worth a warning; something not yet done is information. */
export function indicatorOf(gap: Gap): Indicator {
  return gap.reasonCode === 'result-out-of-range' ? 'warning' : 'info'
}

/** All facts are the caller's own: their source, which stands behind each, would only be noise to it. */
function reasonOf(gap: Gap): string {
  return reasonText(gap).replaceAll(` (${prefetchSource})`, '')
}

function summaryOf(gap: Gap, measure: InstalledMeasure): string {
  const reason = plainText(reasonOf(gap))
  const full = `${plainText(measure.title)}: ${reason}`
  if (full.length <= longestSummary) return full
  return shorten(reason.charAt(0).toUpperCase() + reason.slice(1), longestSummary)
}

const mostFacts = 5

function detailOf(gap: Gap, { measure, period, factsAsOf }: CardContext): string {
  const reason = escapeMarkdown(reasonOf(gap))
  const next = gap.nextAction === undefined ? [] : [`**Next:** ${escapeMarkdown(gap.nextAction)}`]
  const about = `${measure.title}, version ${measure.version}, period ${periodText(period)}`
  const day = dayOf(factsAsOf, period.timeZone)
  const parts = [
    `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
    ...next,
    ...factTable(gap, period),
    `*${escapeMarkdown(about)}. From the data that this system sent on ${day}; nothing else was looked at.*`,
  ]
  return parts.join('\n\n')
}

function factTable(gap: Gap, period: MeasurementPeriod): readonly string[] {
  if (gap.evidence.length === 0) return []
  const rows = gap.evidence.slice(0, mostFacts).map((fact) => {
    const when = fact.when === undefined ? 'no date' : dayOf(fact.when, period.timeZone)
    return `| ${escapeMarkdown(fact.what)} | ${escapeMarkdown(fact.value ?? '')} | ${escapeMarkdown(when)} |`
  })
  const left = gap.evidence.length - rows.length
  const table = ['| Fact | Value | Date |', '|---|---|---|', ...rows].join('\n')
  return left > 0 ? [table, `and ${left} more`] : [table]
}

function suggestionsOf(gap: Gap, { orders, request }: CardContext): readonly Suggestion[] {
  return orders
    .filter((order) => isOfferedFor(order, gap))
    .map((order, index) => ({
      label: plainText(order.label),
      uuid: randomUUID(),
      isRecommended: index === 0,
      actions: [{ type: 'create', description: plainText(order.label), resource: draftOrder(order, request) }],
    }))
}

/** The measure as the source of the guidance, with the first published address that it cites. */
function sourceOf(measure: InstalledMeasure): Card['source'] {
  const related = measure.resource['relatedArtifact']
  const cited = (Array.isArray(related) ? related.filter(isObject) : [])
    .filter(({ type }) => type === 'citation' || type === 'documentation' || type === 'derived-from')
    .map((artifact) => artifact['url'])
    .find((url): url is string => typeof url === 'string' && /^https?:\/\/\S+$/.test(url))
  return { label: plainText(measure.title), ...(cited === undefined ? {} : { url: cited }) }
}
