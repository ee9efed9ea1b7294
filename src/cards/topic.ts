import type { Diagnostic } from '../base/index.ts'
import type { GapStatus } from '../gaps/index.ts'
import type { CardDraft } from './card.ts'
import type { Facts } from './facts/facts.ts'
import type { Need } from './facts/prefetch-plan.ts'
import type { HookRequest } from './hook/hook-request.ts'

/** What became of one thing that a service looks at: a measure's group, or a card of a plan. */
export interface Finding {
  /** Canonical of the measure or of the plan's card, under the name that says which. */
  readonly subject: { readonly measure: string } | { readonly guidance: string }
  readonly group?: string
  /** `unknown` where it could not be evaluated, which is never the same as nothing to say. */
  readonly status: GapStatus
  readonly reason: string
  readonly proposal?: Proposal
}

/** A card that a finding leads to, and what tells it apart from others. */
export interface Proposal {
  readonly draft: CardDraft
  /** The facts behind it as a hash: while it is the same, an override still holds. */
  readonly fingerprint: string
  /** Two proposals of one call set with an equal key say the same: what they ask for. */
  readonly sameAs?: string
  /** Why it is not for this user, or not needed now; it is then not shown. */
  readonly withheld?: string
}

/** What a topic works with. */
export interface TopicCall {
  readonly request: HookRequest
  readonly facts: Facts
  /** The moment of the call; ISO text. */
  readonly now: string
  readonly timeZone: string
}

/** One thing that a service looks at: evaluated when the data that it needs is there. */
export interface Topic {
  readonly id: string
  readonly subject: Finding['subject']
  readonly need: Need
  /** Diagnostics where it could not be evaluated; it never throws what a record holds. */
  evaluate(call: TopicCall): Promise<TopicAnswer>
}

export type TopicAnswer =
  | { readonly ok: true; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
