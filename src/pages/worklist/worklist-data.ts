import { personFilter } from '../../access/index.ts'
import { dayOf } from '../../gaps/index.ts'
import { ensureWorklist, type RunSummary, readPublishedRun, type WorklistFilter } from '../../store/index.ts'
import { badRequestView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { parseWorklistQuery, type WorklistQuery, worklistFilter } from './worklist-query.ts'

/** A worklist that can be read: its derived tables are of the newest run and of today. */
export interface OpenWorklist {
  readonly query: WorklistQuery
  readonly filter: WorklistFilter
  readonly run: RunSummary
  readonly today: string
}

/** Opens the worklist of a request; a page that says what is wrong where its address cannot be read, or no run is there. */
export async function openWorklist(request: PageRequest): Promise<OpenWorklist | 'no-run' | PageView> {
  const { context, session, site, scope } = request
  const parsed = parseWorklistQuery(context.req.query())
  if (!parsed.ok) return badRequestView(parsed.reason, '/worklist')
  const run = await readPublishedRun(session)
  if (run === undefined) return 'no-run'
  const today = dayOf(site.application.clock.now().toISOString(), run.timeZone)
  await ensureWorklist(session, run.runId, today)
  return { query: parsed.query, filter: worklistFilter(parsed.query, today, personFilter(scope.principal)), run, today }
}
