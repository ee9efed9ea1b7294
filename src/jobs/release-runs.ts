import type { Session } from '../duck/index.ts'
import { isSmall } from '../measure/index.ts'
import {
  type ReleaseRun,
  type RunSummary,
  readReleaseRuns,
  readScorecardCounts,
  recordReleaseRun,
  type ScorecardCounts,
  type Store,
} from '../store/index.ts'
import { hiddenCounts, tellableCounts } from './safe-counts.ts'

/** The counts of a measure that may be told, with the run that found them. */
export interface Released {
  readonly runId: number
  readonly counts: readonly ScorecardCounts[]
}

/** Counts of published runs, which do not change any more, of the runs that were asked for last. */
const kept = new WeakMap<Store, Map<number, Promise<readonly ScorecardCounts[]>>>()
const mostKept = 60

function countsOf(store: Store, runId: number): Promise<readonly ScorecardCounts[]> {
  const runs = kept.get(store) ?? new Map<number, Promise<readonly ScorecardCounts[]>>()
  kept.set(store, runs)
  const found = runs.get(runId) ?? readScorecardCounts(store.session, runId)
  runs.delete(runId)
  runs.set(runId, found)
  found.catch(() => runs.delete(runId))
  const [oldest] = runs.keys()
  if (runs.size > mostKept && oldest !== undefined) runs.delete(oldest)
  return found
}

/** What is being decided, by store: who asks meanwhile waits for the same. */
const underWay = new WeakMap<Store, Promise<readonly ReleaseRun[]>>()

/**
 * Decides of every published run that is new, oldest first, which of its measures may be told to who may not see small
 * counts: those of which no count differs by one to ten people from one that was told before, of the same period. A count of
 * 214 today beside 211 yesterday tells of three people as surely as a count of three. A decision is kept, and stays.
 */
export function decideReleases(store: Store): Promise<readonly ReleaseRun[]> {
  const known = underWay.get(store)
  if (known !== undefined) return known
  const done = decideNew(store).finally(() => underWay.delete(store))
  underWay.set(store, done)
  return done
}

async function decideNew(store: Store): Promise<readonly ReleaseRun[]> {
  // A session of its own: what others have under way in theirs may be taken back.
  const session = await store.session.sibling()
  try {
    return await decideEach(store, session)
  } finally {
    session.close()
  }
}

async function decideEach(store: Store, session: Session): Promise<readonly ReleaseRun[]> {
  const decided: ReleaseRun[] = []
  for (const one of await readReleaseRuns(session)) {
    if (one.isTold !== null) {
      decided.push(one)
      continue
    }
    const counts = await measureCounts(store, one)
    const told = decided.filter((earlier) => earlier.isTold === true && isSameSeries(earlier, one))
    let isTold = true
    for (const earlier of told) isTold &&= !tellsFew(await measureCounts(store, earlier), counts)
    await recordReleaseRun(session, { runId: one.runId, measureId: one.measureId, isTold })
    decided.push({ ...one, isTold })
  }
  return decided
}

const isSameSeries = (one: ReleaseRun, other: ReleaseRun): boolean =>
  one.measureId === other.measureId && one.periodStart === other.periodStart && one.periodEnd === other.periodEnd

async function measureCounts(store: Store, { runId, measureId }: Pick<ReleaseRun, 'runId' | 'measureId'>) {
  return (await countsOf(store, runId)).filter((row) => row.measureId === measureId)
}

/**
 * By measure, what may be told of `run` to who may not see small counts: its own counts, or those of the newest run of its
 * period before it that may be told beside all those before.
 */
export async function releasedCounts(store: Store, run: RunSummary): Promise<ReadonlyMap<string, Released>> {
  const newest = new Map<string, number>()
  for (const one of await decideReleases(store)) {
    const isOfRun = one.runId <= run.runId && one.periodStart === run.periodStart && one.periodEnd === run.periodEnd
    if (one.isTold === true && isOfRun) newest.set(one.measureId, one.runId)
  }
  const released = new Map<string, Released>()
  for (const [measureId, runId] of newest)
    released.set(measureId, { runId, counts: await measureCounts(store, { runId, measureId }) })
  return released
}

/** The runs of which a measure's counts may be told. */
export async function releasedRuns(store: Store, measureId: string): Promise<ReadonlySet<number>> {
  const decided = await decideReleases(store)
  return new Set(decided.filter((one) => one.isTold === true && one.measureId === measureId).map(({ runId }) => runId))
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
