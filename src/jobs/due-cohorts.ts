import type { Session } from '../duck/index.ts'
import { type CohortCounts, type CohortRuns, type RatePoint, readCohortCounts } from '../store/index.ts'

const dayMs = 86_400_000
/** Due dates of a run made longer before a month than this say too little of it. */
const foresightDays = 45
/** Everybody of a month has had so many days since its end, and not many more, when it is looked at. */
export const followUpDays = 30
const latestFollowUpDays = 75

type Run = Pick<RatePoint, 'runId' | 'at' | 'periodStart' | 'periodEnd'>

/**
 * Which runs tell of each month of the newest run's period: the last one before it foresaw who becomes due in it, the
 * first one of the period some 30 days after its end found what became of them. So no person's due day is in two months, what
 * is told of a month does not change any more, and none has had longer than another. Months without such runs are left out.
 * Days are UTC.
 */
export function cohortRuns(
  runs: readonly Run[],
  newest: Pick<Run, 'periodStart' | 'periodEnd'>,
): readonly CohortRuns[] {
  return monthsOf(newest).flatMap((month) => {
    const start = Date.parse(`${month}-01T00:00:00Z`)
    const end = endOf(month)
    const foresaw = runs.filter(
      (run) => Date.parse(run.at) < start && start - Date.parse(run.at) <= foresightDays * dayMs,
    )
    const found = runs.find((run) => {
      const since = Date.parse(run.at) - end
      const isOfPeriod = run.periodStart === newest.periodStart && run.periodEnd === newest.periodEnd
      return isOfPeriod && since >= followUpDays * dayMs && since <= latestFollowUpDays * dayMs
    })
    const last = foresaw.at(-1)
    return last === undefined || found === undefined ? [] : [{ month, foreseenBy: last.runId, foundBy: found.runId }]
  })
}

/** What became of those who were to become due, by month. `runs` are the published ones of the measure, oldest first. */
export async function dueCohorts(
  session: Session,
  { measureId, groupId }: { readonly measureId: string; readonly groupId: string },
  runs: readonly Run[],
  newest: Pick<Run, 'periodStart' | 'periodEnd'>,
): Promise<readonly CohortCounts[]> {
  const cohorts = cohortRuns(runs, newest)
  return cohorts.length === 0 ? [] : readCohortCounts(session, measureId, groupId, cohorts)
}

function monthsOf({ periodStart, periodEnd }: Pick<Run, 'periodStart' | 'periodEnd'>): readonly string[] {
  const months: string[] = []
  for (let month = periodStart.slice(0, 7); month <= periodEnd.slice(0, 7); month = monthAfter(month))
    months.push(month)
  return months
}

const endOf = (month: string): number => Date.parse(`${monthAfter(month)}-01T00:00:00Z`)

function monthAfter(month: string): string {
  const day = new Date(`${month}-01T00:00:00Z`)
  day.setUTCMonth(day.getUTCMonth() + 1)
  return day.toISOString().slice(0, 7)
}
