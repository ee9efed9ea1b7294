import type { Principal } from '../../access/index.ts'
import type { Clock } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { changeWork, readWorklistRefs } from '../../store/index.ts'
import { openWorklist, readyWorklist } from './open-worklist.ts'
import type { WorkDone } from './work-on-gaps.ts'
import { listWork, refused } from './work-request.ts'
import { parseWorklistQuery } from './worklist-query.ts'

/** So many gaps at once: what somebody means to do to more is better said in parts. */
export const mostOfList = 20_000

/** The list is not what the caller was told: it has so many gaps now, and nothing was done. */
export interface ListChanged {
  readonly gapsNow: number
}

/**
 * Does to every gap of a worklist what a body asks for (`listWorkSchema`): of those whom the user may see, as the list is now. Where
 * it has not as many gaps as the caller was told, nothing is done. Usage faults: `worklist/invalid-action`.
 */
export async function workOnList(
  { session, clock, principal }: { readonly session: Session; readonly clock: Clock; readonly principal: Principal },
  body: unknown,
): Promise<WorkDone | ListChanged> {
  const ready = await readyWorklist(session, clock)
  if (ready === undefined) throw refused('list', 'there is no run yet, so there are no gaps')
  const { list, expected, change } = listWork(body, ready.today)
  const parsed = parseWorklistQuery(list)
  if (!parsed.ok) throw refused('list', parsed.reason.replace(/\.$/, ''))
  const opened = await openWorklist({ session, clock, principal }, parsed.query)
  if (opened === undefined) throw refused('list', 'there is no run yet, so there are no gaps')
  const refs = await readWorklistRefs(session, opened.filter, mostOfList + 1)
  if (refs.length > mostOfList) throw refused('list', `has more than ${mostOfList} gaps: filter it further`)
  if (refs.length !== expected) return { gapsNow: refs.length }
  const pids = [...new Set(refs.map(({ pid }) => pid))]
  return { pids, outcome: await changeWork(session, refs, change, { userId: principal.userId, now: clock.now() }) }
}
