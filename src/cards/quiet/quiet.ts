import { createHash } from 'node:crypto'
import { sharedReasons } from '../override-reason.ts'

/** A card as it was given out, or as it would have been: what feedback and reports refer to. */
export interface FiredCard {
  readonly uuid: string
  readonly firedAt: string
  readonly serviceId: string
  readonly topic: string
  readonly indicator: string
  /** Who the patient is, as a hash of server and id. */
  readonly person: string
  readonly fingerprint: string
  readonly site: string
  /** `Practitioner/abc` as a hash with the site. */
  readonly clinician: string
  /** Kind of user, or the code of the role where it was sent. */
  readonly role: string
  /** False in shadow mode: evaluated and recorded, not shown. */
  readonly shown: boolean
}

/** An override that still holds. */
export interface Snooze {
  readonly person: string
  readonly topic: string
  readonly fingerprint: string
  readonly clinician: string
  readonly reason: string | null
  /** ISO text. */
  readonly at: string
}

/** What is remembered between calls so that cards stay worth reading. No facts: hashes alone. */
export interface Quiet {
  isSnoozed(card: Pick<Snooze, 'person' | 'topic' | 'fingerprint' | 'clinician'>, now: string): boolean
  snooze(override: Snooze): void
  /** False where another service already said the same in answer to the same event. */
  claim(event: string, same: string, service: string, now: string): boolean
}

const dayMs = 86_400_000
const eventLifeMs = 120_000
const mostEvents = 20_000

/** A memory for `days` of overrides and for two minutes of events. */
export function createQuiet(days: number, known: readonly Snooze[] = []): Quiet {
  const snoozes = new Map<string, Snooze[]>()
  const events = new Map<string, { readonly service: string; readonly at: number }>()
  const keyOf = (one: Pick<Snooze, 'person' | 'topic' | 'fingerprint'>) =>
    `${one.person} ${one.topic} ${one.fingerprint}`
  const add = (one: Snooze) => {
    const key = keyOf(one)
    const others = (snoozes.get(key) ?? []).filter((other) => other.clinician !== one.clinician)
    // The newest stand last, so that what no longer holds is let go from the front.
    snoozes.delete(key)
    snoozes.set(key, [...others, one])
    const since = Date.parse(one.at) - days * dayMs
    for (const [old, held] of snoozes) {
      if (held.some(({ at }) => Date.parse(at) >= since)) break
      snoozes.delete(old)
    }
  }
  for (const one of known) add(one)
  return {
    isSnoozed(card, now) {
      const since = Date.parse(now) - days * dayMs
      const found = snoozes.get(keyOf(card)) ?? []
      return found.some(
        ({ at, clinician, reason }) =>
          Date.parse(at) >= since && (clinician === card.clinician || (reason !== null && sharedReasons.has(reason))),
      )
    },
    snooze: add,
    claim(event, same, service, now) {
      const at = Date.parse(now)
      for (const [key, { at: then }] of events) {
        if (then >= at - eventLifeMs && events.size <= mostEvents) break
        events.delete(key)
      }
      const key = `${event} ${same}`
      const first = events.get(key)
      if (first !== undefined) return first.service === service
      events.set(key, { service, at })
      return true
    },
  }
}

/** Parts as one short hash: neither names nor ids of people are kept. */
export function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000'), 'utf8').digest('base64url').slice(0, 27)
}
