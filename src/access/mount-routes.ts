import { randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { CaregapError } from '../base/index.ts'
import type { AccessControl } from './access-control.ts'
import { answer } from './answer.ts'
import { checkRoutes } from './check-routes.ts'
import { securityHeaders } from './headers.ts'
import { problemOf, renderProblemAsJson } from './problem.ts'
import type { Route } from './route.ts'

/**
 * Mounts routes behind their rules: each request is decided before its handler runs, and each one that
 * touches patient data leaves an audit row before its answer goes out. Call it once, with the routes of
 * all edges. Faults (`bug`): a route without a rule, or two routes on one method and path.
 */
export function mountRoutes(app: Hono, routes: readonly Route[], access: AccessControl): void {
  checkRoutes(routes)
  app.use('*', securityHeaders)
  for (const route of routes) {
    app.on(route.method, route.path, (context) => answer(context, route, access))
  }
  const render = access.renderProblem ?? renderProblemAsJson
  app.notFound((context) => render(context, problemOf(404, randomUUID())))
  app.onError((thrown, context) => renderUnexpected(thrown, context, access))
}

/** A fault outside every handler (a renderer of problems that failed, say): logged, and told plainly. */
function renderUnexpected(thrown: unknown, context: Context, access: AccessControl): Response | Promise<Response> {
  const problem = problemOf(500, randomUUID())
  const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
  access.logger.log('error', 'request-failed', { requestId: problem.requestId, code })
  return renderProblemAsJson(context, problem)
}
