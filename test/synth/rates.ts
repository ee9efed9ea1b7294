import { ageOn, dayOf } from '../../src/synth/calendar.ts'
import { visits } from '../../src/synth/codes/visits.ts'
import type { Fact, Observed } from '../../src/synth/fact.ts'
import type { Recorded } from '../../src/synth/write-person.ts'

const begin = dayOf(2026, 1, 1)
const end = dayOf(2026, 12, 31)
const isIn2026 = (fact: { day: number }) => fact.day >= begin && fact.day <= end

/** A share counted over a sample. */
export interface Share {
  count: number
  of: number
}

export const shareOf = ({ count, of }: Share): number => count / of

/** Facts that a reader can use: verified, final, with a standard code. */
function readable(recorded: Recorded): Fact[] {
  return recorded.facts.filter((fact) => {
    if (fact.type === 'observed') return fact.status === 'final' && fact.local !== true
    if (fact.type === 'diagnosis') return fact.verification === 'confirmed'
    return !('status' in fact) || fact.status !== 'not-done'
  })
}

const ageAtEnd = (recorded: Recorded) => ageOn(recorded.person.birth, end)

const within = (recorded: Recorded, low: number, high: number) =>
  ageAtEnd(recorded) >= low && ageAtEnd(recorded) <= high

export const isDiagnosed = (recorded: Recorded, pattern: RegExp, by = end): boolean =>
  readable(recorded).some((fact) => fact.type === 'diagnosis' && pattern.test(fact.code.code) && fact.day <= by)

const outpatient = new Set<unknown>([
  visits.office,
  visits.clinic,
  visits.evening,
  visits.followUp,
  visits.welcome,
  visits.wellnessFirst,
  visits.wellness,
  visits.home,
  visits.telephone,
])

const isSeen = (recorded: Recorded, ...more: unknown[]) =>
  recorded.facts.some(
    (fact) =>
      fact.type === 'visit' &&
      fact.status === 'finished' &&
      isIn2026(fact) &&
      (outpatient.has(fact.kind) || more.includes(fact.kind)),
  )

const observed = (recorded: Recorded, codes: readonly string[], from = begin): Observed[] =>
  readable(recorded).filter(
    (fact): fact is Observed =>
      fact.type === 'observed' && codes.includes(fact.code.code) && fact.day >= from && fact.day <= end,
  )

const lastDayOf = (facts: readonly Observed[]): Observed[] => {
  const last = Math.max(...facts.map((fact) => fact.day))
  return facts.filter((fact) => fact.day === last)
}

/** CMS122: true where the last status is above 9%, has no value, or is not there; undefined outside the denominator. */
export function isPoorlyControlled(recorded: Recorded): boolean | undefined {
  if (!within(recorded, 18, 75) || !isDiagnosed(recorded, /^E1[01]/)) return undefined
  if (!isSeen(recorded, visits.nutrition, visits.nutritionGroup)) return undefined
  const tests = observed(recorded, ['4548-4', '17856-6', '97506-0'])
  if (tests.length === 0) return true
  const values = lastDayOf(tests).flatMap((fact) =>
    fact.value?.kind === 'quantity' && fact.unit === undefined ? fact.value.value : [],
  )
  return values.length === 0 || Math.min(...values) > 9
}

/** CMS165: true where both pressures of the last day outside hospital are low enough. */
export function isPressureControlled(recorded: Recorded): boolean | undefined {
  if (
    !within(recorded, 18, 85) ||
    !isDiagnosed(recorded, /^I10$/, dayOf(2026, 6, 30)) ||
    !isSeen(recorded, visits.virtual)
  )
    return undefined
  const taken = observed(recorded, ['85354-9']).filter(
    (fact) => fact.visit?.kind.class !== 'EMER' && fact.visit?.kind.class !== 'IMP',
  )
  if (taken.length === 0) return false
  const parts = lastDayOf(taken).flatMap((fact) => (fact.unit === undefined ? [fact.parts ?? []] : []))
  const lowest = (place: 0 | 1) => Math.min(...parts.map((pair) => pair[place]?.[1].value ?? 999))
  return lowest(0) < 140 && lowest(1) < 90
}

/** CMS125 without its exclusions. */
export function isMammographyDone(recorded: Recorded): boolean | undefined {
  if (!within(recorded, 42, 74) || recorded.person.sex !== 'female' || !isSeen(recorded, visits.virtual))
    return undefined
  return observed(recorded, ['24606-6', '24605-8'], dayOf(2024, 10, 1)).length > 0
}

/** CMS130 without its exclusions. */
export function isColonScreened(recorded: Recorded): boolean | undefined {
  if (!within(recorded, 46, 75) || !isSeen(recorded, visits.virtual)) return undefined
  const done = (codes: readonly string[], from: number) =>
    readable(recorded).some(
      (fact) => fact.type === 'act' && codes.includes(fact.code.code) && fact.day >= from && fact.day <= end,
    )
  return (
    observed(recorded, ['29771-3']).some((fact) => fact.value !== undefined) ||
    observed(recorded, ['77353-1'], dayOf(2024, 1, 1)).some((fact) => fact.value !== undefined) ||
    observed(recorded, ['60515-4'], dayOf(2022, 1, 1)).length > 0 ||
    done(['G0104', '44441009'], dayOf(2022, 1, 1)) ||
    done(['73761001', 'G0121', 'G0105'], dayOf(2017, 1, 1))
  )
}

const followUps = ['312941', '310385', '349332', '306226009', '183524004', '385724002', '75516001']

const isDone = (fact: Fact): boolean =>
  !(fact.type === 'prescription' && fact.reason !== undefined) && !(fact.type === 'order' && fact.refused !== undefined)

/** CMS2: screened negative, or positive with a follow-up on the day; the excluded and the excused are left out. */
export function isScreenedForDepression(recorded: Recorded): boolean | undefined {
  const seen = isSeen(recorded, visits.physicalTherapy, visits.nutrition, visits.nutritionGroup)
  if (ageOn(recorded.person.birth, begin) < 12 || !seen || isDiagnosed(recorded, /^F31/)) return undefined
  const screens = observed(recorded, ['73831-0', '73832-8'])
  const excused = recorded.facts.some(
    (fact) => fact.type === 'observed' && fact.status === 'cancelled' && isIn2026(fact),
  )
  if (screens.length === 0) return excused ? undefined : false
  const last = lastDayOf(screens)[0]
  if (last?.value?.kind !== 'concept') return false
  if (last.value.code.code === '428171000124102') return true
  return recorded.facts.some(
    (fact) => 'code' in fact && isDone(fact) && followUps.includes(fact.code.code) && fact.visit === last.visit,
  )
}
