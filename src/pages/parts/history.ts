import { yearBefore } from '../../jobs/index.ts'
import { isSmall } from '../../measure/index.ts'
import type { LookBack, RatePoint, RunSummary, ScorecardCounts } from '../../store/index.ts'

const dayMs = 86_400_000
/** After its period a year is still reported for so many days: later runs of it are looks back, not its course. */
const closingDays = 92
/** A run of the year before counts as of the same day within so many days. */
const nearDays = 14

/** The runs of one period that were made while it went on, or was being closed. */
export const courseOf = (points: readonly RatePoint[], year: number): readonly RatePoint[] =>
  points.filter(
    ({ at, periodEnd }) =>
      Number(periodEnd.slice(0, 4)) === year &&
      new Date(at).getTime() <= new Date(periodEnd).getTime() + closingDays * dayMs,
  )

/** What a rate is made of, with who is not due yet among those counted. */
export type DueCounts = Pick<RatePoint, 'numerator' | 'atRisk' | 'notDue'>

/** The rate of those for whom it is due by now: who is not due yet counts neither for nor against. */
export function dueByNow(
  point: DueCounts,
  isInverse: boolean,
): { readonly numerator: number; readonly atRisk: number } {
  const { numerator, atRisk, notDue } = point
  // Of an inverse measure the numerator holds whoever has not met it, those who are not due yet among them.
  return { numerator: isInverse ? numerator - notDue : numerator, atRisk: atRisk - notDue }
}

/** When a run was made, and of which period. */
export type RunDay = Pick<RatePoint, 'at' | 'periodEnd'>

/** The first and the last day of those whose runs count as of the same day of the year before. */
export function nearLastYear(at: string): readonly [from: string, to: string] {
  const day = new Date(at)
  day.setUTCFullYear(day.getUTCFullYear() - 1)
  const shifted = (days: number) => new Date(day.getTime() + days * dayMs).toISOString().slice(0, 10)
  return [shifted(-nearDays), shifted(nearDays)]
}

/** The run of the year before that is nearest to the same day; undefined where none is near. */
export function sameDayLastYear<Point extends RunDay>(earlier: readonly Point[], now: RunDay): Point | undefined {
  const day = new Date(now.at)
  day.setUTCFullYear(day.getUTCFullYear() - 1)
  const distance = ({ at }: RunDay) => Math.abs(new Date(at).getTime() - day.getTime())
  const lastYear = Number(now.periodEnd.slice(0, 4)) - 1
  return earlier
    .filter((point) => Number(point.periodEnd.slice(0, 4)) === lastYear && distance(point) <= nearDays * dayMs)
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

/**
 * What was counted as of the same day of the year before by later data, by the measure as it is now; undefined where nothing
 * near was.
 */
export function nearLookBack(lookBacks: readonly LookBack[], now: NowOf): LookBack | undefined {
  const day = new Date(now.at)
  day.setUTCFullYear(day.getUTCFullYear() - 1)
  const distance = ({ asOf }: LookBack) => Math.abs(Date.parse(`${asOf}T12:00:00Z`) - day.getTime())
  return lookBacks
    .filter(
      (one) =>
        one.counts.measureId === now.measureId &&
        one.counts.groupId === now.groupId &&
        one.contentHash === now.contentHash &&
        distance(one) <= nearDays * dayMs,
    )
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

/** The result that is compared: of which measure's group, by which logic, of a run made when. */
export interface NowOf extends Pick<ScorecardCounts, 'measureId' | 'groupId'> {
  readonly contentHash: string
  readonly at: string
}

/** The period of the year before. */
export const lastPeriodOf = (run: Pick<RunSummary, 'periodStart' | 'periodEnd'>) => ({
  periodStart: yearBefore(run.periodStart),
  periodEnd: yearBefore(run.periodEnd),
})

/** True where neither the size, nor those who meet the measure, nor those who do not, are from 1 to 10. */
export const isSafePoint = ({ atRisk, numerator }: Pick<RatePoint, 'atRisk' | 'numerator'>): boolean =>
  !isSmall(atRisk) && !isSmall(numerator) && !isSmall(atRisk - numerator)
