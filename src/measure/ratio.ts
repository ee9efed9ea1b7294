import type { AggregateMethod } from '../content/index.ts'
import { aggregateObservations } from './observation.ts'

/** The observations of one side of a ratio, over all subjects. */
export interface ObservedSide {
  readonly method: AggregateMethod
  readonly values: readonly (number | null)[]
}

/** A ratio of aggregated observations; undefined where a side has none or the lower is 0. */
export function observedRatio(numerator: ObservedSide, denominator: ObservedSide): number | undefined {
  const upper = aggregateObservations(numerator.method, numerator.values)
  const lower = aggregateObservations(denominator.method, denominator.values)
  return upper === undefined || lower === undefined || lower === 0 ? undefined : upper / lower
}
