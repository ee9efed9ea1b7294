import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import { type CountName, hiddenCounts, type Released } from '../../jobs/index.ts'
import type { LookBack, RunMeasureSummary, ScorecardCounts } from '../../store/index.ts'
import { type DueCounts, nearLookBack } from '../parts/history.ts'

/** A measure's group as the scorecard shows it; without counts where the run holds none. */
export interface ScorecardRow {
  readonly measure: RunMeasureSummary
  readonly group?: MeasureGroup
  readonly severalGroups: boolean
  readonly counts?: ScorecardCounts
  /** The counts of the run of the year before that is nearest to the same day; absent where none is near. */
  readonly lastYear?: ScorecardCounts
  /** As of the same day of the year before by the data of today; absent where a run of then tells it, or nothing was counted. */
  readonly lookBack?: LookBack
  /** The earlier run whose counts are told instead, where those of this one would tell of few people beside them. */
  readonly asOfRun?: number
  /** Counts that must not be told to this reader. */
  readonly hidden: ReadonlySet<CountName>
}

/** People that the rate counts: the denominator less its exclusions and exceptions. */
export const atRiskOf = (counts: ScorecardCounts): number =>
  (counts.denominator ?? 0) - (counts.denominatorExclusion ?? 0) - (counts.denominatorException ?? 0)

/** True where a lower rate is better. */
export const isInverse = (group: MeasureGroup | undefined): boolean => group?.improvementNotation === 'decrease'

/** Where the reader may see everything. */
export const noneHidden: ReadonlySet<CountName> = new Set()

/** A row per measure and group of a run, in the order of its measures; one without counts for a measure that gave none. */
export function scorecardRows(
  measures: readonly RunMeasureSummary[],
  counts: readonly ScorecardCounts[],
  installed: readonly InstalledMeasure[],
  {
    isSafe,
    lastYear,
    lookBacks,
    released,
  }: {
    readonly isSafe: boolean
    /** By when the run was made; none for who must not see small counts. */
    readonly lookBacks: { readonly at: string; readonly known: readonly LookBack[] }
    readonly lastYear: readonly ScorecardCounts[]
    readonly released: ReadonlyMap<string, Released> | undefined
  },
): ScorecardRow[] {
  return measures.flatMap((measure): ScorecardRow[] => {
    const groups = installed.find((candidate) => candidate.id === measure.measureId)?.groups ?? []
    const own = counts.filter((row) => row.measureId === measure.measureId)
    if (own.length === 0) return [{ measure, severalGroups: false, hidden: noneHidden }]
    const told = released?.get(measure.measureId)?.runId ?? measure.runId
    return own.map((row) => {
      const group = groups.find((candidate) => candidate.id === row.groupId)
      const before = lastYear.find((one) => one.measureId === row.measureId && one.groupId === row.groupId)
      const looked = nearLookBack(lookBacks.known, { ...row, contentHash: measure.contentHash, at: lookBacks.at })
      const hidden = isSafe ? hiddenCounts(row) : noneHidden
      return {
        measure,
        severalGroups: own.length > 1,
        counts: row,
        hidden,
        ...(before !== undefined || isSafe || looked === undefined ? {} : { lookBack: looked }),
        ...(before === undefined || (isSafe && hiddenCounts(before).size > 0) ? {} : { lastYear: before }),
        ...(group === undefined ? {} : { group }),
        ...(told === measure.runId ? {} : { asOfRun: told }),
      }
    })
  })
}

/** The counts of a run as a point of the measure's history. */
export const dueCountsOf = (counts: ScorecardCounts): DueCounts => ({
  numerator: (counts.numerator ?? 0) - (counts.numeratorExclusion ?? 0),
  atRisk: atRiskOf(counts),
  notDue: counts.prospectiveGaps,
})
