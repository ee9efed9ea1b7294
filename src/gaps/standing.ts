import type { MeasureGroup, MeasurePopulation, PopulationCode } from '../content/index.ts'
import type { GroupEvaluation } from '../measure/index.ts'
import type { GapStatus } from './gap.ts'

/** Where a person stands in a group: the status, and the population whose define says why. */
export interface Standing {
  readonly status: Extract<GapStatus, 'open' | 'closed' | 'excluded' | 'not-applicable'>
  readonly population?: MeasurePopulation
  /** Whether that population's define held. */
  readonly held: boolean
  readonly code?: PopulationCode
  /** For episode bases: how many of the episodes count as done, and of how many. */
  readonly episodes?: { readonly done: number; readonly of: number }
}

/**
 * Standing from counts alone (QM IG order: IPP, DENOM, DENEX, NUMER, NUMEX, DENEXCEP). For a decrease
 * measure the numerator is what should not be: being in it is open. A measure without a numerator
 * (cohort, continuous variable) has no gap: not applicable.
 */
export function standingOf(group: MeasureGroup, evaluation: GroupEvaluation): Standing {
  const count = (code: PopulationCode): number => evaluation.populations[code] ?? 0
  const by = (code: PopulationCode, status: Standing['status'], held: boolean): Standing => {
    const population = group.populations.find((candidate) => candidate.code === code)
    return { status, held, code, ...(population === undefined ? {} : { population }) }
  }
  if (!group.populations.some(({ code }) => code === 'numerator')) return { status: 'not-applicable', held: false }
  if (count('initial-population') === 0) return by('initial-population', 'not-applicable', false)
  if (count('denominator') === 0) return by('denominator', 'not-applicable', false)
  const eligible = count('denominator') - count('denominator-exclusion')
  if (eligible <= 0) return by('denominator-exclusion', 'excluded', true)
  const met = count('numerator') - count('numerator-exclusion')
  const excepted = count('denominator-exception')
  const left = eligible - excepted
  if (left <= 0 && count('numerator') === 0) return by('denominator-exception', 'excluded', true)
  const done = group.improvementNotation === 'decrease' ? left - met : met
  const standing = by('numerator', done >= left ? 'closed' : 'open', numeratorHeld(group, done >= left))
  const undone = standing.status === 'open' && group.improvementNotation === 'increase' && met < count('numerator')
  const told = undone ? by('numerator-exclusion', 'open', true) : standing
  return group.basis === 'boolean' ? told : { ...told, episodes: { done, of: left } }
}

const numeratorHeld = (group: MeasureGroup, closed: boolean): boolean =>
  group.improvementNotation === 'decrease' ? !closed : closed
