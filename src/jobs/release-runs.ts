import type { Session } from '../duck/index.ts'
import { isSmall } from '../measure/index.ts'
import { type RunSummary, readRuns, readScorecardCounts, type ScorecardCounts } from '../store/index.ts'
import { hiddenCounts, tellableCounts } from './safe-counts.ts'

/** The counts of a measure that may be told, with the run that found them. */
export interface Released {
  readonly runId: number
  readonly counts: readonly ScorecardCounts[]
}

/** So many of the newest runs are looked at, and of each as many runs of its own period as there are among them. */
const mostRuns = 60

/** Counts of published runs, which do not change any more. */
const kept = new WeakMap<Session, Map<number, Promise<readonly ScorecardCounts[]>>>()

function countsOf(session: Session, runId: number): Promise<readonly ScorecardCounts[]> {
  const runs = kept.get(session) ?? new Map<number, Promise<readonly ScorecardCounts[]>>()
  kept.set(session, runs)
  const found = runs.get(runId) ?? readScorecardCounts(session, runId)
  runs.set(runId, found)
  found.catch(() => runs.delete(runId))
  return found
}

/**
 * By measure, what may be told of `run` to who may not see small counts: its own counts, or those of the newest run of its
 * period before it from which no small difference can be told. A count of 214 today beside 211 yesterday tells of three people
 * as surely as a count of three, so that day's counts are told as those of the day before.
 */
export async function releasedCounts(session: Session, run: RunSummary): Promise<ReadonlyMap<string, Released>> {
  const course = (await readRuns(session, mostRuns))
    .filter(
      (one) =>
        one.state === 'published' &&
        one.runId <= run.runId &&
        one.periodStart === run.periodStart &&
        one.periodEnd === run.periodEnd,
    )
    .toSorted((one, other) => one.runId - other.runId)
  const told = new Map<string, Released[]>()
  for (const { runId } of course) {
    for (const [measureId, counts] of byMeasure(await countsOf(session, runId))) {
      const earlier = told.get(measureId) ?? []
      if (earlier.some((release) => tellsFew(release.counts, counts))) continue
      told.set(measureId, [...earlier, { runId, counts }])
    }
  }
  return new Map([...told].flatMap(([measureId, releases]) => releases.slice(-1).map((last) => [measureId, last])))
}

function byMeasure(rows: readonly ScorecardCounts[]): ReadonlyMap<string, readonly ScorecardCounts[]> {
  const found = new Map<string, ScorecardCounts[]>()
  for (const row of rows) found.set(row.measureId, [...(found.get(row.measureId) ?? []), row])
  return found
}

/** True where two releases side by side would tell that one to ten people changed. */
const tellsFew = (one: readonly ScorecardCounts[], other: readonly ScorecardCounts[]): boolean =>
  other.some((after) => {
    const before = one.find(({ groupId }) => groupId === after.groupId)
    if (before === undefined) return false
    const hidden = new Set([...hiddenCounts(before), ...hiddenCounts(after)])
    const earlier = tellableCounts(before)
    return [...tellableCounts(after)].some(
      ([name, count]) => !hidden.has(name) && isSmall(Math.abs(count - (earlier.get(name) ?? 0))),
    )
  })
