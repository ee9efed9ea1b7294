import { type Principal, personFilter } from '../../access/index.ts'
import { type Clock, fault } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { dayOf } from '../../gaps/index.ts'
import {
  ensureWorklist,
  type RunSummary,
  readPublishedRun,
  readRunMeasures,
  readSources,
  type WorklistCursor,
  type WorklistFilter,
} from '../../store/index.ts'
import { cursorOf } from './worklist-cursor.ts'
import { type WorklistQuery, worklistFilter } from './worklist-query.ts'

/** A worklist that can be read: its derived tables are of the newest run and of today. */
export interface OpenWorklist {
  readonly query: WorklistQuery
  readonly filter: WorklistFilter
  readonly run: RunSummary
  readonly today: string
  /** Where the page begins; absent for the first. */
  readonly after?: WorklistCursor
  /** The address asks for a page of a list that was made anew since. */
  readonly isStale: boolean
}

/**
 * Opens the worklist that a query asks for; undefined where there is no run yet. Fault (usage): `jobs/unknown-filter` for a
 * measure that the run has not and a source that there is not, of which an empty list would say that all is well.
 */
export async function openWorklist(
  { session, clock, principal }: { readonly session: Session; readonly clock: Clock; readonly principal: Principal },
  query: WorklistQuery,
): Promise<OpenWorklist | undefined> {
  const ready = await readyWorklist(session, clock)
  if (ready === undefined) return undefined
  const { run, today } = ready
  await refuseUnknown(session, run, query)
  const filter = worklistFilter(query, today, personFilter(principal))
  const after = query.after === undefined ? undefined : cursorOf(query.after, run, today)
  const isStale = after === 'stale'
  return { query, filter, run, today, isStale, ...(after === undefined || after === 'stale' ? {} : { after }) }
}

async function refuseUnknown(
  session: Session,
  { runId }: RunSummary,
  { measure, source }: WorklistQuery,
): Promise<void> {
  if (measure !== undefined) {
    const known = (await readRunMeasures(session, runId)).map(({ measureId }) => measureId)
    if (!known.includes(measure)) throw unknownFilter('measure', `Run ${runId} has no measure of that id`, known)
  }
  if (source === undefined) return
  const known = (await readSources(session)).map(({ name }) => name)
  if (!known.includes(source)) throw unknownFilter('source', 'There is no source of that name', known)
}

const unknownFilter = (element: string, message: string, known: readonly string[]) =>
  fault('usage', 'jobs/unknown-filter', `${message}.`, {
    place: { element },
    remedy: `Name one of: ${known.join(', ')}.`,
  })

/** The newest run with the day of its zone, once the lists are of both; undefined where there is no run yet. */
export async function readyWorklist(
  session: Session,
  clock: Clock,
): Promise<{ readonly run: RunSummary; readonly today: string } | undefined> {
  const run = await readPublishedRun(session)
  if (run === undefined) return undefined
  const today = dayOf(clock.now().toISOString(), run.timeZone)
  await ensureWorklist(session, run.runId, today)
  return { run, today }
}
