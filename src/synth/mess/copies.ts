import type { Fact, Observed } from '../fact.ts'
import type { Random } from '../random.ts'
import { sourceAt } from '../sources.ts'
import { mark, messRates } from './rates.ts'

/** A copy of a fact that stands on its own, with a fresh list of disorders. */
const copyOf = <T extends Fact>(fact: T, changes: Partial<T>): T => {
  const { mess: _, id: __, ...rest } = fact
  return { ...rest, ...changes } as T
}

/** Facts that an EHR may hold twice, or may have been sent by another one. */
const travels = (fact: Fact): boolean =>
  fact.type === 'act' ||
  fact.type === 'vaccination' ||
  (fact.type === 'observed' && fact.category !== 'survey' && fact.status === 'final')

/** Share of diagnoses that were also written down once more and ruled out. */
const ruledOut = 0.006

/** The copies that some facts leave behind: mistakes taken back, early results, and the same thing twice. */
export function* leaveCopies(fact: Fact, homes: readonly number[], random: Random): Generator<Fact> {
  if (fact.type === 'observed' && fact.status === 'final') yield* earlierForms(fact, random)
  if (fact.type === 'diagnosis' && random.chance(messRates['entered-in-error'] / 2)) {
    const wrong = copyOf(fact, { verification: 'entered-in-error' })
    mark(wrong, 'entered-in-error')
    yield wrong
  }
  if (fact.type === 'diagnosis' && random.chance(ruledOut)) yield copyOf(fact, { verification: 'refuted' })
  if (!travels(fact)) return
  if (random.chance(messRates['duplicate-within-source'])) {
    const twin = copyOf(fact, {})
    mark(twin, 'duplicate-within-source')
    yield twin
  }
  const others = homes.filter((home) => home !== fact.home)
  if (others.length > 0 && random.chance(messRates['duplicate-across-sources'])) {
    const home = random.pick(others)
    const sent = copyOf(fact, { home, visit: undefined, ...momentThere(fact, home) })
    mark(sent, 'duplicate-across-sources')
    yield sent
  }
}

/** The same moment by the clocks of another source: an evening may be tomorrow there. */
function momentThere(fact: Fact, home: number): Pick<Fact, 'day' | 'minute'> {
  const ahead = (sourceAt(fact.home).zone.standardLag - sourceAt(home).zone.standardLag) * 60
  const minute = fact.minute + ahead
  return { day: fact.day + Math.floor(minute / 1440), minute: ((minute % 1440) + 1440) % 1440 }
}

function* earlierForms(fact: Observed, random: Random): Generator<Fact> {
  if (random.chance(messRates['entered-in-error'])) {
    const value = fact.value?.kind === 'quantity' ? { ...fact.value, value: fact.value.value * 10 } : fact.value
    const wrong = copyOf(fact, { status: 'entered-in-error', value })
    mark(wrong, 'entered-in-error')
    yield wrong
  }
  if (fact.category === 'laboratory' && random.chance(messRates.preliminary)) {
    const early = copyOf(fact, { status: 'preliminary', minute: Math.max(0, fact.minute - 60) })
    mark(early, 'preliminary')
    yield early
  }
}
