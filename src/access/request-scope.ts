import { fault } from '../base/index.ts'
import { nameOf } from './check-routes.ts'
import type { Principal, RequestScope, Route } from './route.ts'

/** What a request has read so far, as its handler said it. */
export interface ReadRecord {
  readonly called: boolean
  /** Distinct, ascending. */
  readonly pids: readonly number[]
  readonly measureId: string | null
}

/** A scope with its record. Once closed (the answer has gone out) nothing more can be read in its name. */
export interface RecordedScope {
  readonly scope: RequestScope
  readonly close: () => ReadRecord
}

/** The scope of one request to `route`. Reading people where the rule is not `patient` is a fault of the route. */
export function openScope(route: Route, principal: Principal, requestId: string): RecordedScope {
  const pids = new Set<number>()
  let called = false
  let closed = false
  let measureId: string | null = null
  const read: RequestScope['read'] = (details) => {
    if (route.rule.kind !== 'patient') throw wrongRead(route, `has the rule ${route.rule.kind} and reads people`)
    if (closed) throw wrongRead(route, 'names people whom it read only after its answer was returned')
    called = true
    measureId ??= details.measureId ?? null
    for (const pid of details.pids) pids.add(pid)
  }
  return {
    scope: { principal, requestId, read },
    close() {
      closed = true
      return { called, pids: [...pids].sort((a, b) => a - b), measureId }
    },
  }
}

function wrongRead(route: Route, what: string) {
  return fault('bug', 'access/read-outside-rule', `The route ${nameOf(route)} ${what}.`, {
    remedy: 'Give it a patient rule, and call scope.read before its handler returns.',
  })
}
