import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { CaregapError, type JsonValue } from '../base/index.ts'
import type { AuditOutcome, AuditRow } from '../store/index.ts'
import type { AccessControl } from './access-control.ts'
import { anonymous } from './authenticate.ts'
import { nameOf } from './check-routes.ts'
import { decide } from './decide.ts'
import { allowFraming } from './headers.ts'
import { type Problem, problemOf, problemOfThrown, renderProblemAsJson } from './problem.ts'
import { openScope, type ReadRecord } from './request-scope.ts'
import type { Principal, Route } from './route.ts'

/** One request on its way through. */
interface Call {
  readonly context: Context
  readonly route: Route
  readonly access: AccessControl
  readonly requestId: string
}

const nothingRead: ReadRecord = { called: false, pids: [], measureId: null }

/** Answers one request to `route`: decision, handler, what was read, audit. Whatever goes wrong, fails closed. */
export async function answer(context: Context, route: Route, access: AccessControl): Promise<Response> {
  const call: Call = { context, route, access, requestId: randomUUID() }
  const decision = await decide(context, route, access)
  if (!decision.allowed) {
    await audit(call, decision.principal ?? anonymous, nothingRead, 'denied')
    return refuse(call, problemOf(decision.status, call.requestId))
  }
  if (decision.principal.framedBy !== undefined) allowFraming(context, decision.principal.framedBy)
  const { scope, close } = openScope(route, decision.principal, call.requestId)
  let response: Response
  try {
    response = await route.handle(context, scope)
  } catch (thrown) {
    logFailure(call, thrown)
    await audit(call, decision.principal, close(), 'failed')
    return refuse(call, problemOfThrown(thrown, call.requestId))
  }
  if (route.rule.kind !== 'patient') return seal(call, response)
  return release(call, decision.principal, close(), response)
}

/** Lets the answer of a patient route out, once all it read may be seen and is written down. */
async function release(call: Call, principal: Principal, record: ReadRecord, response: Response): Promise<Response> {
  if (response.ok && !record.called) {
    log(call, 'answered-without-read', {})
    await audit(call, principal, record, 'failed')
    return refuse(call, problemOf(500, call.requestId))
  }
  const hidden = await call.access.hiddenPids(principal, record.pids)
  if (hidden.some((pid) => pid !== 0)) {
    await audit(call, principal, record, 'denied')
    return refuse(call, problemOf(403, call.requestId))
  }
  await audit(call, principal, record, outcomeOf(response, record))
  return seal(call, response)
}

function outcomeOf(response: Response, record: ReadRecord): AuditOutcome {
  if (response.status >= 500) return 'failed'
  return record.pids.length > 0 ? 'read' : 'nothing'
}

/** Writes the row of a patient route; of other routes there is nothing to write. */
async function audit(call: Call, principal: Principal, record: ReadRecord, outcome: AuditOutcome): Promise<void> {
  const { route, access, requestId } = call
  if (route.rule.kind !== 'patient') {
    if (outcome === 'denied') log(call, 'request-denied', { userId: principal.userId })
    return
  }
  const row: AuditRow = {
    readAt: access.clock.now().toISOString(),
    requestId,
    userId: principal.userId,
    role: principal.role,
    action: route.rule.action,
    route: nameOf(route),
    measureId: record.measureId,
    pids: record.pids,
    outcome,
  }
  await (route.auditedByJournal === true ? access.audit.note(row) : access.audit.record(row))
}

async function refuse(call: Call, problem: Problem): Promise<Response> {
  const render = call.access.renderProblem ?? renderProblemAsJson
  const response = seal(call, await render(call.context, problem))
  response.headers.set('Cache-Control', 'no-store')
  if (problem.status === 426) response.headers.set('Upgrade', 'TLS/1.2')
  if (problem.status === 401) response.headers.set('WWW-Authenticate', 'Bearer, Basic realm="caregap", charset="UTF-8"')
  return response
}

/** The answer with its request id; answers that hold people's data are stored nowhere. */
function seal(call: Call, response: Response): Response {
  // Not a copy: that would make a stream of a body that is a text.
  response.headers.set('X-Request-Id', call.requestId)
  if (call.route.rule.kind === 'patient') response.headers.set('Cache-Control', 'no-store')
  return response
}

/** Messages of parsers and of the database can quote data: of those only the kind and the place are logged. */
function logFailure(call: Call, thrown: unknown): void {
  const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
  const own = thrown instanceof CaregapError && !code.startsWith('duck/')
  const frames = thrown instanceof Error ? (thrown.stack ?? '').match(/^ {4}at .*$/gm) : null
  log(call, 'request-failed', { code, ...(own ? { message: thrown.message } : {}), at: (frames ?? []).slice(0, 5) })
}

function log(call: Call, event: string, fields: Readonly<Record<string, JsonValue>>): void {
  call.access.logger.log(event === 'request-denied' ? 'warn' : 'error', event, {
    requestId: call.requestId,
    route: nameOf(call.route),
    ...fields,
  })
}
