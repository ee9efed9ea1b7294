import { CaregapError } from '../../base/index.ts'
import { type OpenWorklist, openWorklist, parseWorklistQuery, worklistQuerySchema } from '../../jobs/index.ts'
import { faultOfQuery, inWords } from '../parts/page-query.ts'
import { badRequestView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'

/** The worklist that a request's address asks for; a page that says what is wrong where it cannot be read. */
export async function worklistOf(request: PageRequest): Promise<OpenWorklist | 'no-run' | PageView> {
  const { context, session, site, scope } = request
  const twice = faultOfQuery(context, 'own')
  if (twice !== undefined) return badRequestView(twice, '/worklist')
  const asked = context.req.query()
  const parsed = parseWorklistQuery(asked)
  if (!parsed.ok) {
    const { error } = worklistQuerySchema.safeParse(asked)
    const reason = error === undefined ? parsed.reason : inWords(error, Object.keys(worklistQuerySchema.shape))
    return badRequestView(reason, '/worklist')
  }
  const caller = { session, clock: site.application.clock, principal: scope.principal }
  try {
    return (await openWorklist(caller, parsed.query)) ?? 'no-run'
  } catch (thrown) {
    const [first] = thrown instanceof CaregapError && thrown.kind === 'usage' ? thrown.diagnostics : []
    if (first === undefined) throw thrown
    return badRequestView([first.message, first.remedy].filter((part) => part !== undefined).join(' '), '/worklist')
  }
}
