import type { MeasureGroup, ObservedPopulation, PopulationCode } from '../content/index.ts'
import { aggregateObservations } from './observation.ts'
import { observedRatio } from './ratio.ts'
import { type RateInterval, wilsonInterval } from './wilson.ts'

/** Members of each population over all people; a population that the group lacks is absent. */
export type PopulationTotals = Readonly<Partial<Record<PopulationCode, number>>>

/** A group's score. `rate` is undefined where there is none: an empty denominator has no score, not a zero. */
export interface GroupScore {
  /** Proportion: of those counted, the share in the numerator, never turned around for an inverse measure. */
  readonly rate?: number
  /** 95% Wilson interval of a proportion's rate. */
  readonly interval?: RateInterval
  /** Continuous variable: the aggregate of all observations. */
  readonly value?: number
  readonly numerator: number
  readonly denominator: number
}

/** What of a group decides its score. */
export type ScoredGroup = Pick<MeasureGroup, 'scoring' | 'observations'>

/** The values of each observation over all people, by its id. */
export type ObservedValues = Readonly<Record<string, readonly number[]>>

/**
 * The score of a group from its totals. Proportion and ratio: (NUMER - NUMEX) / (DENOM - DENEX - DENEXCEP), the
 * exceptions only in a proportion; a ratio has no interval, for its numerator need not lie within its denominator.
 * A ratio with observations is that of the aggregates, a continuous variable the aggregate (QM IG): both
 * have no score where the observed values are not given. The denominator of a continuous variable and of a cohort
 * is the number counted.
 */
export function scoreGroup(group: ScoredGroup, totals: PopulationTotals, observed?: ObservedValues): GroupScore {
  const count = (code: PopulationCode) => totals[code] ?? 0
  const { scoring, observations = [] } = group
  if (scoring === 'cohort') return { numerator: 0, denominator: count('initial-population') }
  if (scoring === 'continuous-variable') {
    const value = aggregateOf(group, 'measure-population', observed)
    const denominator = count('measure-population') - count('measure-population-exclusion')
    return { numerator: 0, denominator, ...(value === undefined ? {} : { value }) }
  }
  const exceptions = scoring === 'proportion' ? count('denominator-exception') : 0
  const numerator = count('numerator') - count('numerator-exclusion')
  const denominator = count('denominator') - count('denominator-exclusion') - exceptions
  if (scoring === 'ratio' && observations.length > 0) {
    const ratio = ratioOf(group, observed)
    return { numerator, denominator, ...(ratio === undefined ? {} : { rate: ratio }) }
  }
  if (denominator <= 0) return { numerator, denominator }
  const rate = numerator / denominator
  const interval = scoring === 'proportion' ? wilsonInterval(numerator, denominator) : undefined
  return { rate, numerator, denominator, ...(interval === undefined ? {} : { interval }) }
}

/** The side of a group that an observation gives: its method, and the values of all people. */
function sideOf({ observations = [] }: ScoredGroup, population: ObservedPopulation, observed: ObservedValues) {
  const observation = observations.find((one) => one.population === population)
  return observation === undefined ? undefined : { method: observation.method, values: observed[observation.id] ?? [] }
}

function aggregateOf(group: ScoredGroup, population: ObservedPopulation, observed: ObservedValues | undefined) {
  const side = observed === undefined ? undefined : sideOf(group, population, observed)
  return side === undefined ? undefined : aggregateObservations(side.method, side.values)
}

function ratioOf(group: ScoredGroup, observed: ObservedValues | undefined): number | undefined {
  if (observed === undefined) return undefined
  const upper = sideOf(group, 'numerator', observed)
  const lower = sideOf(group, 'denominator', observed)
  return upper === undefined || lower === undefined ? undefined : observedRatio(upper, lower)
}
