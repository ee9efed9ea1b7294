import type { PopulationCode, Scoring } from '../content/index.ts'
import { type RateInterval, wilsonInterval } from './wilson.ts'

/** Members of each population over all people; a population that the group lacks is absent. */
export type PopulationTotals = Readonly<Partial<Record<PopulationCode, number>>>

/** A group's score. `rate` is undefined where there is none: an empty denominator has no score, not a zero. */
export interface GroupScore {
  /** Proportion: of those counted, the share in the numerator, never turned around for an inverse measure. */
  readonly rate?: number
  /** 95% Wilson interval of a proportion's rate. */
  readonly interval?: RateInterval
  readonly numerator: number
  readonly denominator: number
}

/**
 * The score of a group from its totals. Proportion and ratio: (NUMER - NUMEX) / (DENOM - DENEX - DENEXCEP), the
 * exceptions only in a proportion; a ratio has no interval, for its numerator need not lie within its denominator.
 * Continuous variables and cohorts have no rate: see `aggregateObservations`; their denominator is the number counted.
 */
export function scoreGroup(scoring: Scoring, totals: PopulationTotals): GroupScore {
  const count = (code: PopulationCode) => totals[code] ?? 0
  if (scoring === 'cohort') return { numerator: 0, denominator: count('initial-population') }
  if (scoring === 'continuous-variable') {
    return { numerator: 0, denominator: count('measure-population') - count('measure-population-exclusion') }
  }
  const exceptions = scoring === 'proportion' ? count('denominator-exception') : 0
  const numerator = count('numerator') - count('numerator-exclusion')
  const denominator = count('denominator') - count('denominator-exclusion') - exceptions
  if (denominator <= 0) return { numerator, denominator }
  const rate = numerator / denominator
  const interval = scoring === 'proportion' ? wilsonInterval(numerator, denominator) : undefined
  return { rate, numerator, denominator, ...(interval === undefined ? {} : { interval }) }
}
