import { isSmall, type PopulationTotals } from '../measure/index.ts'
import type { ScorecardCounts } from '../store/index.ts'
import type { MappingEffect, MappingEffects } from './mapping-effect.ts'
import { hiddenCounts } from './safe-counts.ts'
import type { Unmapped } from './unmapped.ts'

/** As it may be told: `count` is null where it is hidden. */
export type SafeUnmapped = Omit<Unmapped, 'count'> & { readonly count: number | null }

/**
 * What no measure reads, for who may not see small counts: how often is hidden where that is seldom, and so is a text, for
 * what was written of few people may name them. As it is for who sees everybody.
 */
export function safeUnmapped(rows: readonly Unmapped[], isSafe: boolean): readonly SafeUnmapped[] {
  if (!isSafe) return rows
  return rows.flatMap((row): readonly SafeUnmapped[] => {
    if (!isSmall(row.count)) return [row]
    const { display: _display, ...rest } = row
    return row.kind === 'text' ? [] : [{ ...rest, count: null }]
  })
}

/** An effect as it may be told: where it is hidden, without counts and rates. */
export type SafeEffect = MappingEffect & { readonly isHidden: boolean }

export interface SafeEffects extends Omit<MappingEffects, 'groups' | 'resources' | 'persons'> {
  readonly resources: number | null
  readonly persons: number | null
  readonly groups: readonly SafeEffect[]
}

/**
 * What maps would do, for who may not see small counts: a group is hidden where a count is small before or after, or the
 * difference of the two is. As it is for who sees everybody.
 */
export function safeEffects(effects: MappingEffects, isSafe: boolean): SafeEffects {
  const few = isSafe && (isSmall(effects.persons) || isSmall(effects.resources))
  return {
    ...effects,
    resources: few ? null : effects.resources,
    persons: few ? null : effects.persons,
    groups: effects.groups.map((group) => (isSafe && isTelling(group) ? hiddenEffect(group) : shownEffect(group))),
  }
}

const shownEffect = (group: MappingEffect): SafeEffect => ({ ...group, isHidden: false })

const hiddenEffect = ({ measureId, groupId }: MappingEffect): SafeEffect => ({
  measureId,
  groupId,
  before: {},
  after: {},
  isHidden: true,
})

const isTelling = ({ before, after }: MappingEffect): boolean =>
  [before, after].some((totals) => hiddenCounts(countsOf(totals)).size > 0) ||
  Object.entries(after).some(([code, n]) => isSmall(Math.abs(n - (before[code as keyof PopulationTotals] ?? 0))))

/** Totals as the counts that safety is decided of; there are no gaps among them. */
function countsOf(totals: PopulationTotals): ScorecardCounts {
  return {
    measureId: '',
    groupId: '',
    persons: 0,
    initialPopulation: totals['initial-population'] ?? null,
    denominator: totals.denominator ?? null,
    denominatorExclusion: totals['denominator-exclusion'] ?? null,
    denominatorException: totals['denominator-exception'] ?? null,
    numerator: totals.numerator ?? null,
    numeratorExclusion: totals['numerator-exclusion'] ?? null,
    measurePopulation: totals['measure-population'] ?? null,
    openGaps: 0,
    closedGaps: 0,
    excludedGaps: 0,
    prospectiveGaps: 0,
    orderedGaps: 0,
    awaitingGaps: 0,
    unknownGaps: 0,
    errors: 0,
  }
}
