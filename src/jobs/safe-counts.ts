import { hideSmall, isSmall } from '../measure/index.ts'
import type { ScorecardCounts } from '../store/index.ts'

/** A count of a measure that may have to be hidden; the last two are made of others. */
export type CountName = Exclude<keyof ScorecardCounts, 'measureId' | 'groupId' | 'persons'> | 'counted' | 'notNumerator'

const gapNames = [
  'openGaps',
  'prospectiveGaps',
  'orderedGaps',
  'awaitingGaps',
  'unknownGaps',
] as const satisfies readonly CountName[]
const allGaps: readonly CountName[] = [...gapNames, 'closedGaps', 'excludedGaps']
const parts: readonly CountName[] = [
  'denominatorExclusion',
  'denominatorException',
  'numerator',
  'numeratorExclusion',
  'counted',
  'notNumerator',
]
const everything: readonly CountName[] = [
  'initialPopulation',
  'denominator',
  'measurePopulation',
  'errors',
  ...parts,
  ...allGaps,
]

/**
 * Which counts of a measure's group must be hidden from those who may not see small ones: none from 1 to 10 stays, nor any
 * that would tell one. Where a part of the denominator is small, all its parts go, the rate and the gaps with them.
 */
export function hiddenCounts(counts: ScorecardCounts): ReadonlySet<CountName> {
  const initial = counts.initialPopulation ?? 0
  const denominator = counts.denominator ?? 0
  if (isSmall(initial)) return new Set(everything)
  const errors: readonly CountName[] = isSmall(counts.errors) ? ['errors'] : []
  if (isSmall(denominator) || isSmall(initial - denominator)) {
    return new Set<CountName>(['denominator', ...parts, ...allGaps, ...errors])
  }
  if (partsOf(counts).some(isSmall) || isSmall(counts.measurePopulation ?? 0)) {
    return new Set<CountName>(['measurePopulation', ...parts, ...allGaps, ...errors])
  }
  return new Set<CountName>([...hiddenGaps(counts), ...errors])
}

/** Every count of a measure's group by its name, those that are made of others too; one that the group lacks is left out. */
export function tellableCounts(counts: ScorecardCounts): ReadonlyMap<CountName, number> {
  const counted = (counts.denominator ?? 0) - (counts.denominatorExclusion ?? 0) - (counts.denominatorException ?? 0)
  const made = { counted, notNumerator: counted - (counts.numerator ?? 0) }
  return new Map(
    everything.flatMap((name): readonly [CountName, number][] => {
      const count = name === 'counted' || name === 'notNumerator' ? made[name] : counts[name]
      return count === null ? [] : [[name, count]]
    }),
  )
}

/** The disjoint parts of a denominator. */
function partsOf(counts: ScorecardCounts): readonly number[] {
  const exclusion = counts.denominatorExclusion ?? 0
  const exception = counts.denominatorException ?? 0
  const numerator = counts.numerator ?? 0
  const numeratorExclusion = counts.numeratorExclusion ?? 0
  const counted = (counts.denominator ?? 0) - exclusion - exception
  return [exclusion, exception, numeratorExclusion, numerator - numeratorExclusion, counted - numerator]
}

/** Closed and excluded gaps are parts of the denominator under another name; the others add up to what is left. */
function hiddenGaps(counts: ScorecardCounts): readonly CountName[] {
  const hidden = hideSmall(gapNames.map((name) => counts[name]))
  const small = (['closedGaps', 'excludedGaps'] as const).filter((name) => isSmall(counts[name]))
  return [...gapNames.filter((_, index) => hidden[index]), ...small]
}

/** Counts with what must be hidden as null, and the names of those. */
export function safeCountsOf(counts: ScorecardCounts): {
  readonly counts: ScorecardCounts
  readonly suppressed: readonly CountName[]
} {
  const suppressed = [...hiddenCounts(counts)]
  const hidden = Object.fromEntries(suppressed.filter((name) => name in counts).map((name) => [name, null]))
  return { counts: { ...counts, ...hidden }, suppressed }
}
