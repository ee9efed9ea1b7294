import type { Context } from 'hono'
import { z } from 'zod'
import type { AccessRule, RequestScope, Route } from '../access/index.ts'
import { fault } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type Application,
  cursorText,
  exportWorklist,
  type OpenWorklist,
  openWorklist,
  tableFormats,
  worklistQuerySchema,
  workOnGaps,
  workOnList,
} from '../jobs/index.ts'
import { readWorklist } from '../store/index.ts'
import { answerJson, tagged, taggedJson } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { queryOf } from './query.ts'
import { formatAsked } from './table-format.ts'

const rule = (action: string): AccessRule => ({ kind: 'patient', roles: ['admin', 'quality'], action })

/** The query of `/api/worklist`: the worklist's own filters, how many rows, and as what. */
export const worklistApiQuery = worklistQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format: z.enum(['json', ...tableFormats]).optional(),
})

/** The worklist for programs: pages by cursor, whole lists as files, and work on gaps. */
export function worklistRoutes(application: Application): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/worklist',
      rule: rule('read-worklist'),
      handle: (context, scope) => answerList(application, context, scope),
    },
    {
      method: 'POST',
      path: '/api/worklist/actions',
      rule: rule('work-on-gaps'),
      handle: (context, scope) => act(application, context, scope),
    },
  ]
}

const noRun = () =>
  fault('usage', 'api/no-run', 'There is no published run yet.', { remedy: 'Evaluate the measures first.' })

async function answerList(application: Application, context: Context, scope: RequestScope): Promise<Response> {
  const { limit, format: asked, ...query } = queryOf(context, worklistApiQuery)
  const format = formatAsked(context, asked)
  // A session of its own: an export holds its rows in a temporary table.
  const session = await application.store.session.sibling()
  try {
    const opened = await openWorklist({ session, clock: application.clock, principal: scope.principal }, query)
    if (opened === undefined) return await answerJson(context, scope, () => Promise.reject(noRun()))
    return format === 'json'
      ? await answerPage(session, context, scope, opened, limit)
      : await answerFile(session, context, scope, opened, format)
  } finally {
    session.close()
  }
}

async function answerPage(
  session: Session,
  context: Context,
  scope: RequestScope,
  opened: OpenWorklist,
  limit: number,
): Promise<Response> {
  const { run, today, filter, after, isStale } = opened
  if (isStale) {
    scope.read({ pids: [] })
    const message = 'The list was made anew since this cursor was given: its places are of another run or day.'
    const diagnostics = [{ code: 'api/cursor-stale', message, remedy: 'Begin again without `after`.' }]
    return context.json({ error: message, requestId: scope.requestId, diagnostics }, 409)
  }
  const page = await readWorklist(session, filter, { limit, ...(after === undefined ? {} : { after }) })
  scope.read({ pids: page.rows.map(({ pid }) => pid) })
  const next = page.next === undefined ? null : cursorText(run, today, page.next)
  const { total, gaps, rows } = page
  return taggedJson(context, { runId: run.runId, asOf: today, total, gaps, rows, next })
}

async function answerFile(
  session: Session,
  context: Context,
  scope: RequestScope,
  opened: OpenWorklist,
  format: (typeof tableFormats)[number],
): Promise<Response> {
  const { body, contentType, name, pids } = await exportWorklist(session, opened, format)
  scope.read({ pids })
  return tagged(context, body, {
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}

async function act(application: Application, context: Context, scope: RequestScope): Promise<Response> {
  const body = await readJsonBody(context.req.raw, bodyLimits)
  if (!body.ok) {
    scope.read({ pids: [] })
    const diagnostics = [{ code: 'api/invalid-body', message: body.message, remedy: body.remedy }]
    return context.json({ error: body.message, requestId: scope.requestId, diagnostics }, body.status)
  }
  const session = await application.store.session.sibling()
  try {
    const caller = { session, clock: application.clock, principal: scope.principal }
    const isList = typeof body.value === 'object' && body.value !== null && 'list' in body.value
    const done = isList ? await workOnList(caller, body.value) : await workOnGaps(caller, body.value)
    if ('gapsNow' in done) return refuseChangedList(context, scope, done.gapsNow)
    const { pids, outcome } = done
    scope.read({ pids })
    // Nothing was changed of people whom the user may not see; the access layer refuses this answer.
    if (outcome === 'hidden') return context.body('')
    const changed = outcome.filter((one) => one.changed).length
    return context.json({ changed, outcomes: outcome }, changed === outcome.length ? 200 : 409)
  } finally {
    session.close()
  }
}

function refuseChangedList(context: Context, scope: RequestScope, gapsNow: number): Response {
  scope.read({ pids: [] })
  const message = `The list has ${gapsNow} gaps now: nothing was changed.`
  const diagnostics = [{ code: 'api/list-changed', message, remedy: 'Read the list again, and say how many it has.' }]
  return context.json({ error: message, requestId: scope.requestId, diagnostics }, 409)
}

const bodyLimits = { maxBytes: 500_000, maxDepth: 8 }
