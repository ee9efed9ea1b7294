import { randomUUID } from 'node:crypto'
import type { Resource } from '../fhir/index.ts'
import { plainText, shorten } from './markdown.ts'
import { type OverrideReason, overrideReasons } from './override-reason.ts'

export const indicators = ['info', 'warning', 'critical'] as const
export type Indicator = (typeof indicators)[number]

export type Action =
  | { readonly type: 'create'; readonly description: string; readonly resource: Resource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string }

export interface Suggestion {
  readonly label: string
  readonly uuid: string
  readonly isRecommended: boolean
  readonly actions: readonly Action[]
}

export interface Link {
  readonly label: string
  readonly url: string
  readonly type: 'absolute' | 'smart'
  readonly appContext?: string
}

export interface CardSource {
  readonly label: string
  readonly url?: string
  readonly topic?: { readonly system: string; readonly code: string; readonly display?: string }
}

/** A card of CDS Hooks 2.0.1. */
export interface Card {
  readonly uuid: string
  readonly summary: string
  readonly detail: string
  readonly indicator: Indicator
  readonly source: CardSource
  readonly suggestions?: readonly Suggestion[]
  readonly selectionBehavior?: 'at-most-one' | 'any'
  readonly overrideReasons: readonly OverrideReason[]
  readonly links?: readonly Link[]
}

/** A suggestion that has no uuid yet. */
export type Offer = Omit<Suggestion, 'uuid'>

/** What a topic wants to say, before it is decided whether it is shown. */
export interface CardDraft {
  readonly summary: string
  readonly detail: string
  readonly indicator: Indicator
  readonly source: CardSource
  readonly offers: readonly Offer[]
  readonly selectionBehavior: 'at-most-one' | 'any'
  readonly overrideReasons?: readonly OverrideReason[]
}

/** CDS Hooks asks for fewer than 140 characters. */
export const longestSummary = 139

/** The card of a draft: new uuids, a summary that fits, nothing empty. */
export function cardOf(draft: CardDraft, links: readonly Link[]): Card {
  const suggestions = draft.offers.map((offer) => ({ ...offer, uuid: randomUUID() }))
  return {
    uuid: randomUUID(),
    summary: shorten(plainText(draft.summary), longestSummary),
    detail: draft.detail,
    indicator: draft.indicator,
    source: draft.source,
    ...(suggestions.length === 0 ? {} : { suggestions, selectionBehavior: draft.selectionBehavior }),
    overrideReasons: draft.overrideReasons ?? overrideReasons,
    ...(links.length === 0 ? {} : { links }),
  }
}
