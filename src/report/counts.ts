import type { MeasureGroup, PopulationCode } from '../content/index.ts'

/** Members of each population of one group; a population that the group lacks is absent. */
export interface GroupCounts {
  readonly groupId: string
  readonly populations: Readonly<Partial<Record<PopulationCode, number>>>
}

/** The denominator less exclusions and exceptions: those whom the rate is of. */
export function atRisk(counts: GroupCounts): number {
  const count = (code: PopulationCode) => counts.populations[code] ?? 0
  return count('denominator') - count('denominator-exclusion') - count('denominator-exception')
}

/**
 * Score of a proportion: (NUMER - NUMEX) / (DENOM - DENEX - DENEXCEP); of a ratio (NUMER - NUMEX) / (DENOM -
 * DENEX); rounded to 8 places. Never `1 - x` for a decrease measure. Undefined where nobody is at risk, and
 * for scorings that counts alone do not score.
 */
export function scoreOf(group: MeasureGroup, counts: GroupCounts): number | undefined {
  if (group.scoring !== 'proportion' && group.scoring !== 'ratio') return undefined
  const exceptions = group.scoring === 'ratio' ? (counts.populations['denominator-exception'] ?? 0) : 0
  const denominator = atRisk(counts) + exceptions
  if (denominator <= 0) return undefined
  const numerator = (counts.populations.numerator ?? 0) - (counts.populations['numerator-exclusion'] ?? 0)
  return Math.round((numerator / denominator) * 1e8) / 1e8
}
