import type { Route } from '../access/index.ts'
import { faultOfQuery, type PageQuery, takesNothing } from './parts/page-query.ts'
import { badRequestView } from './problem/problem-page.tsx'
import { type PageRequest, type PageView, renderPage, type Site } from './site.tsx'

/** A GET route that answers with a page in the site's frame; what its address holds beside `query` is refused. */
export function pageRoute(
  site: Site,
  path: string,
  rule: Route['rule'],
  make: (request: PageRequest) => Promise<PageView>,
  query: PageQuery = takesNothing,
): Route {
  return {
    method: 'GET',
    path,
    rule,
    handle: async (context, scope) => {
      const fault = faultOfQuery(context, query)
      // A refusal names nobody, and says so to the audit.
      if (fault !== undefined && rule.kind === 'patient') scope.read({ pids: [] })
      const view =
        fault === undefined
          ? await make({ site, session: await site.session(), context, scope })
          : badRequestView(fault, context.req.path)
      // On a public page nobody was asked who they are.
      const principal = rule.kind === 'public' ? undefined : scope.principal
      return renderPage(context, site.stylesheet, view, principal)
    },
  }
}
