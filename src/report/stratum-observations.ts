import type { MeasureGroup } from '../content/index.ts'
import type { ObservedValues, PopulationTotals } from '../measure/index.ts'

/**
 * What one person has observed within a stratum: everything where all observed members lie in it, nothing where none do, and else
 * the part that the result tells. Undefined where it does not tell it (a result of before these were kept).
 */
export function stratumObservations(
  group: Pick<MeasureGroup, 'observations'>,
  whole: PopulationTotals,
  inside: PopulationTotals,
  { observed, part }: { readonly observed: ObservedValues; readonly part?: ObservedValues | undefined },
): ObservedValues | undefined {
  const entries = (group.observations ?? []).map(({ id, population }) => {
    const count = (totals: PopulationTotals) => (totals[population] ?? 0) - (totals[`${population}-exclusion`] ?? 0)
    if (count(inside) === count(whole)) return [id, observed[id] ?? []] as const
    if (count(inside) === 0) return [id, []] as const
    return part === undefined ? undefined : ([id, part[id] ?? []] as const)
  })
  const known = entries.filter((entry) => entry !== undefined)
  return known.length === entries.length ? Object.fromEntries(known) : undefined
}
