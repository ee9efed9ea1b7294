import { type OpenWorklist, openWorklist, parseWorklistQuery, worklistQuerySchema } from '../../jobs/index.ts'
import { faultOfQuery, inWords } from '../parts/page-query.ts'
import { badRequestView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'

/** The worklist that a request's address asks for; a page that says what is wrong where it cannot be read. */
export async function worklistOf(request: PageRequest): Promise<OpenWorklist | 'no-run' | PageView> {
  const { context, session, site, scope } = request
  const twice = faultOfQuery(context, 'own')
  if (twice !== undefined) return badRequestView(twice, '/worklist')
  const parsed = parseWorklistQuery(context.req.query())
  if (!parsed.ok) return badRequestView(inWords(parsed.error, Object.keys(worklistQuerySchema.shape)), '/worklist')
  const caller = { session, clock: site.application.clock, principal: scope.principal }
  return (await openWorklist(caller, parsed.query)) ?? 'no-run'
}
