import type { Context } from 'hono'
import type { AccessControl } from './access-control.ts'
import { anonymous, authenticate } from './authenticate.ts'
import { isCrossSiteChange } from './cross-site.ts'
import { hostNameOf, isLoopbackHost } from './loopback.ts'
import type { Principal, Route } from './route.ts'
import { isPrivate, noteAddress } from './transport.ts'

export type Decision =
  | { readonly allowed: true; readonly principal: Principal }
  | { readonly allowed: false; readonly status: 401 | 403 | 421 | 426; readonly principal?: Principal }

/**
 * Whether a request may reach its handler, decided from headers and path alone. Where there is no login the
 * `Host` must be this machine: a page elsewhere that points its own name at 127.0.0.1 gets nothing.
 */
export async function decide(context: Context, route: Route, access: AccessControl): Promise<Decision> {
  if (access.transport !== undefined) {
    if (!isPrivate(context, access.transport)) return { allowed: false, status: 426 }
    noteAddress(context, access.transport)
  }
  const host = context.req.header('host') ?? new URL(context.req.url).host
  if (!access.directory.login && !isLoopbackHost(hostNameOf(host))) return { allowed: false, status: 421 }
  if (route.crossOrigin !== true && isCrossSiteChange(originOf(context, host))) return { allowed: false, status: 403 }
  if (route.rule.kind === 'public') return { allowed: true, principal: anonymous }
  const identified = await route.identify?.(context)
  if (identified === 'forbidden') return { allowed: false, status: 403 }
  const principal = byLaunch(context, route, access) ?? identified ?? byUsersFile(context, route, access)
  if (principal === undefined) return { allowed: false, status: 401 }
  if (!route.rule.roles.includes(principal.role)) return { allowed: false, status: 403, principal }
  if (await isHidden(context, principal, access)) return { allowed: false, status: 403, principal }
  return { allowed: true, principal }
}

/** A launch opens the pages of its own person, and no others. */
function byLaunch(context: Context, route: Route, { launched }: AccessControl): Principal | undefined {
  const found = route.launchable === true ? launched?.(context) : undefined
  const named = context.req.param('pid')
  return named === undefined || named === String(found?.pid) ? found?.principal : undefined
}

/** A route that identifies its callers itself is not open to the local user for want of a login. */
function byUsersFile(context: Context, route: Route, { directory }: AccessControl): Principal | undefined {
  if (route.identify !== undefined && !directory.login) return undefined
  return authenticate(context.req.header('authorization'), directory)
}

function originOf(context: Context, host: string) {
  return {
    method: context.req.method,
    host,
    origin: context.req.header('origin'),
    secFetchSite: context.req.header('sec-fetch-site'),
  }
}

/** A path with a `:pid` names its person: checked here, before anything is read. */
async function isHidden(context: Context, principal: Principal, access: AccessControl): Promise<boolean> {
  const pid = Number(context.req.param('pid') ?? Number.NaN)
  if (!Number.isSafeInteger(pid)) return false
  return (await access.hiddenPids(principal, [pid])).length > 0
}
