import { type Principal, personFilter } from '../../access/index.ts'
import { type Clock, fault } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { type ChangeOutcome, changeWork, readHiddenPids, readMissingGaps } from '../../store/index.ts'
import { readyWorklist } from './open-worklist.ts'
import { workRequest } from './work-request.ts'

/** What a request to work on gaps did; `hidden` where some are of people whom the user may not see: then nothing was done. */
export interface WorkDone {
  readonly pids: readonly number[]
  readonly outcome: readonly ChangeOutcome[] | 'hidden'
}

/**
 * Does to gaps what a body asks for (`workRequestSchema`). Usage faults: `worklist/invalid-action` for a body that is not
 * understood, a gap that the lists do not have, and where there is no run yet.
 */
export async function workOnGaps(
  { session, clock, principal }: { readonly session: Session; readonly clock: Clock; readonly principal: Principal },
  body: unknown,
): Promise<WorkDone> {
  const ready = await readyWorklist(session, clock)
  if (ready === undefined) throw fault('usage', 'worklist/invalid-action', 'There is no run yet, so there are no gaps.')
  const { refs, change } = workRequest(body, ready.today)
  const pids = [...new Set(refs.map(({ pid }) => pid))]
  if ((await readHiddenPids(session, personFilter(principal), pids)).length > 0) return { pids, outcome: 'hidden' }
  const missing = await readMissingGaps(session, refs)
  if (missing > 0) {
    throw fault('usage', 'worklist/invalid-action', `${missing} of the gaps are in no list of the newest run.`, {
      place: { element: 'gaps' },
      remedy: 'Read the list again and choose from it.',
    })
  }
  return { pids, outcome: await changeWork(session, refs, change, { userId: principal.userId, now: clock.now() }) }
}
