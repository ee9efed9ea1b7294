import type { MeasureGroup } from '../content/index.ts'
import type { ObservedValues, PopulationTotals } from '../measure/index.ts'

/**
 * What one person has observed within a stratum: everything where all observed members lie in it, nothing where none do.
 * Undefined where it is a part: results keep how many members lie in a stratum, not which.
 */
export function stratumObservations(
  group: Pick<MeasureGroup, 'observations'>,
  whole: PopulationTotals,
  inside: PopulationTotals,
  observed: ObservedValues,
): ObservedValues | undefined {
  const entries = (group.observations ?? []).map(({ id, population }) => {
    const count = (totals: PopulationTotals) => (totals[population] ?? 0) - (totals[`${population}-exclusion`] ?? 0)
    if (count(inside) === count(whole)) return [id, observed[id] ?? []] as const
    return count(inside) === 0 ? ([id, []] as const) : undefined
  })
  const known = entries.filter((entry) => entry !== undefined)
  return known.length === entries.length ? Object.fromEntries(known) : undefined
}
