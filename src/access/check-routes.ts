import { z } from 'zod'
import { CaregapError, type Diagnostic } from '../base/index.ts'
import { type Route, roles } from './route.ts'

const someRoles = z.array(z.enum(roles)).min(1)

const rule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('public') }),
  z.strictObject({ kind: z.literal('aggregate'), roles: someRoles }),
  z.strictObject({ kind: z.literal('patient'), roles: someRoles, action: z.string().min(1) }),
])

/**
 * Refuses routes that nobody decided about: a rule that is missing or says nothing, or two routes on one
 * method and path. Fault of kind `bug`, with one diagnostic per route.
 */
export function checkRoutes(routes: readonly Route[]): void {
  const findings = routes.flatMap((route, index) => [
    ...(rule.safeParse(route.rule).success ? [] : [finding('access/route-without-rule', route, 'has no access rule')]),
    ...(routes.findIndex((other) => nameOf(other) === nameOf(route)) < index
      ? [finding('access/route-twice', route, 'is declared twice')]
      : []),
  ])
  if (findings.length > 0) throw new CaregapError('bug', findings)
}

/** How the audit and the log name a route: method and pattern, never the values in the path. */
export function nameOf(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`
}

function finding(code: string, route: Route, what: string): Diagnostic {
  return {
    code,
    severity: 'error',
    message: `The route ${nameOf(route)} ${what}.`,
    remedy: 'Give each route one rule: public, aggregate or patient, with roles (and an action).',
  }
}
