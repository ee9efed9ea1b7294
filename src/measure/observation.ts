import type { AggregateMethod, ObservedPopulation } from '../content/index.ts'
import type { Membership } from './membership.ts'

/**
 * One number from the observations of all subjects together (never a median of medians). Nulls are skipped;
 * undefined where nothing is left, but for the count, which is then 0.
 */
export function aggregateObservations(
  method: AggregateMethod,
  observations: readonly (number | null)[],
): number | undefined {
  const values = observations.filter((value) => value !== null)
  if (method === 'count') return values.length
  if (values.length === 0) return undefined
  return aggregates[method](values)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const aggregates: Readonly<Record<Exclude<AggregateMethod, 'count'>, (values: readonly number[]) => number>> = {
  sum,
  average: (values) => sum(values) / values.length,
  median: medianOf,
  minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  maximum: (values) => values.reduce((most, value) => Math.max(most, value)),
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  if (sorted.length % 2 === 1) return upper
  return ((sorted[sorted.length / 2 - 1] ?? Number.NaN) + upper) / 2
}

/**
 * Members to observe: the numerator without its exclusions, the denominator without its, the measure population
 * without its.
 */
export function observedMembers(membership: Membership, population: ObservedPopulation): readonly string[] {
  const excluded = membership[`${population}-exclusion`]
  return [...(membership[population] ?? [])].filter((key) => excluded?.has(key) !== true)
}
