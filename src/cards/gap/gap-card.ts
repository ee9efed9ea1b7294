import type { InstalledMeasure } from '../../content/index.ts'
import { isObject } from '../../fhir/index.ts'
import { dayOf, type Gap, periodText, reasonText, writtenDay } from '../../gaps/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { type CardDraft, type CardSource, type Indicator, longestSummary } from '../card.ts'
import { draftOrder } from '../draft-order.ts'
import { escapeMarkdown, plainText } from '../markdown.ts'
import type { TopicCall } from '../topic.ts'
import type { SuggestedOrder } from './suggested-order.ts'

/** What a card is made of beside its gap. */
export interface GapCardParts {
  readonly gap: Gap
  readonly measure: InstalledMeasure
  readonly offered: readonly SuggestedOrder[]
  readonly call: TopicCall
  readonly period: MeasurementPeriod
  /** When the facts were sent; ISO text. */
  readonly factsAsOf: string
}

/** What is said of an open gap. Text of the record is escaped wherever it stands. */
export function gapDraft(parts: GapCardParts): CardDraft {
  const { gap, measure, offered, call } = parts
  return {
    summary: summaryOf(parts),
    detail: detailOf(parts),
    indicator: indicatorOf(gap),
    source: sourceOf(measure),
    offers: offered.map((order, index) => ({
      label: plainText(order.label),
      isRecommended: index === 0,
      actions: [
        { type: 'create', description: plainText(order.label), resource: draftOrder(order, call.request, call.now) },
      ],
    })),
    selectionBehavior: 'at-most-one',
  }
}

/** A value out of range is worth a warning; something not yet done is information. */
function indicatorOf(gap: Gap): Indicator {
  return gap.reasonCode === 'result-out-of-range' ? 'warning' : 'info'
}

/** The source behind a fact of the caller's own would only be noise to it. */
function reasonOf({ gap, call }: GapCardParts): string {
  return reasonText(gap).replaceAll(` (${call.facts.source})`, '')
}

function summaryOf(parts: GapCardParts): string {
  const reason = plainText(reasonOf(parts))
  const full = `${plainText(parts.measure.title)}: ${reason}`
  return full.length <= longestSummary ? full : reason.charAt(0).toUpperCase() + reason.slice(1)
}

const mostFacts = 5

function detailOf(parts: GapCardParts): string {
  const { gap, measure, period, factsAsOf, call } = parts
  const reason = escapeMarkdown(reasonOf(parts))
  const next = gap.nextAction === undefined ? [] : [`**Next:** ${escapeMarkdown(gap.nextAction)}`]
  const about = `${measure.title}, version ${measure.version}, period ${periodText(period)}`
  const due = gap.dueDate === undefined ? [] : [`**Due:** ${escapeMarkdown(gap.dueDate)}`]
  const text = [
    `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
    ...due,
    ...next,
    ...factTable(gap),
    ...unseenOrders(parts),
    `*${escapeMarkdown(about)}. ${asOfText(call, dayOf(factsAsOf, period.timeZone), period.timeZone)}*`,
  ]
  return text.join('\n\n')
}

function asOfText({ facts }: TopicCall, today: string, timeZone: string): string {
  const sent = `From the data that this system sent on ${today}`
  if (facts.storedAsOf === undefined) return `${sent}; nothing else was looked at.`
  return `${sent}, together with what was loaded here on ${dayOf(facts.storedAsOf, timeZone)}.`
}

/** Where orders could not be looked at, the card says so: it may ask for what is ordered already. */
function unseenOrders({ offered, call }: GapCardParts): readonly string[] {
  const types = [...new Set(offered.map(({ resourceType }) => resourceType))]
  const unseen = types.filter(
    (type) => call.facts.answers.get(type.charAt(0).toLowerCase() + type.slice(1))?.satisfied !== true,
  )
  return unseen.length === 0 ? [] : ['Orders already placed were not sent, so they could not be looked at.']
}

function factTable(gap: Gap): readonly string[] {
  if (gap.evidence.length === 0) return []
  const rows = gap.evidence.slice(0, mostFacts).map((fact) => {
    const when = fact.when === undefined ? 'no date' : writtenDay(fact.when)
    return `| ${escapeMarkdown(fact.what)} | ${escapeMarkdown(fact.value ?? '')} | ${escapeMarkdown(when)} |`
  })
  const left = gap.evidence.length - rows.length
  const table = ['| Fact | Value | Date |', '|---|---|---|', ...rows].join('\n')
  return left > 0 ? [table, `and ${left} more`] : [table]
}

/** The measure as the source of the guidance, with the first published address that it cites. */
function sourceOf(measure: InstalledMeasure): CardSource {
  const related = measure.resource['relatedArtifact']
  const cited = (Array.isArray(related) ? related.filter(isObject) : [])
    .filter(({ type }) => type === 'citation' || type === 'documentation' || type === 'derived-from')
    .map((artifact) => artifact['url'])
    .find((url): url is string => typeof url === 'string' && /^https?:\/\/\S+$/.test(url))
  return { label: plainText(measure.title), ...(cited === undefined ? {} : { url: cited }) }
}
