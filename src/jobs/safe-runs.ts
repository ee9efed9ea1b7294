import { safeSeries } from '../measure/index.ts'
import { type RunSummary, readRuns, type Store } from '../store/index.ts'
import type { Activity } from './activity.ts'

/**
 * By run, how many people it was of and how many could not be evaluated, as it may be told to who may not see small counts:
 * null where a count is small, or would tell of few people beside an earlier one. All runs there are decide it, so that it
 * does not depend on which are listed.
 */
async function safePeople(store: Store) {
  const runs = (await readRuns(store.session, Number.MAX_SAFE_INTEGER)).toReversed()
  // A run that has not ended counts nobody, which tells nothing beside the others.
  const persons = safeSeries(runs.map((run) => run.persons ?? 0))
  const personErrors = safeSeries(runs.map((run) => run.personErrors ?? 0))
  return new Map(
    runs.map(({ runId }, index) => [
      runId,
      { persons: persons[index] ?? null, personErrors: personErrors[index] ?? null },
    ]),
  )
}

/** Runs as they may be told; as they are to who may see everybody. */
export async function safeRuns<Run extends RunSummary>(
  store: Store,
  runs: readonly Run[],
  isSafe: boolean,
): Promise<readonly Run[]> {
  if (!isSafe) return runs
  const told = await safePeople(store)
  return runs.map((run) => ({
    ...run,
    persons: run.persons === null ? null : (told.get(run.runId)?.persons ?? null),
    personErrors: run.personErrors === null ? null : (told.get(run.runId)?.personErrors ?? null),
  }))
}

/** What is under way as it may be told: how far each step is in hundredths, not of how many, and no sentence with counts. */
export function safeActivities(activities: readonly Activity[], isSafe: boolean): readonly Activity[] {
  if (!isSafe) return activities
  return activities.map((activity) => ({
    ...activity,
    stages: activity.stages.map((stage) => ({
      ...stage,
      ...(stage.total === null || stage.total === 0
        ? { done: 0, total: null, unit: null }
        : { done: Math.min(100, Math.round((stage.done / stage.total) * 100)), total: 100, unit: '%' }),
      summary: stage.summary === null ? null : 'done',
    })),
  }))
}
