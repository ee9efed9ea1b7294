import type { Context } from 'hono'
import type { RequestScope, Route } from '../../access/index.ts'
import { CaregapError } from '../../base/index.ts'
import { exportWorklist, workOnGaps, workOnList } from '../../jobs/index.ts'
import { type ChangeOutcome, readActionEvents, undoAction, undoWork } from '../../store/index.ts'
import { readForm } from '../parts/form.ts'
import { countOf } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { parsePid } from '../person/person-data.ts'
import { notFoundView, refusedFormView } from '../problem/problem-page.tsx'
import { safeReturnPath } from '../shell/theme.ts'
import { listRoles, type PageView, renderPage, type Site } from '../site.tsx'
import { listBody, workBody } from './work-form.ts'
import { worklistOf } from './worklist-of.ts'

const rule = (action: string): Route['rule'] => ({ kind: 'patient', roles: listRoles, action })

/** The worklist as files, and the changes that its forms make. */
export function worklistRoutes(site: Site): readonly Route[] {
  return [
    { method: 'GET', path: '/worklist.csv', rule: rule('export-worklist'), handle: exporter(site, 'csv') },
    { method: 'GET', path: '/worklist.parquet', rule: rule('export-worklist'), handle: exporter(site, 'parquet') },
    {
      method: 'POST',
      path: '/worklist/actions',
      rule: rule('work-on-gaps'),
      handle: (c, scope) => act(site, c, scope),
    },
    {
      method: 'POST',
      path: '/worklist/undo',
      rule: rule('undo-work'),
      handle: (c, scope) => undoWhole(site, c, scope),
    },
    { method: 'POST', path: '/people/:pid/undo', rule: rule('undo-work'), handle: (c, scope) => undo(site, c, scope) },
  ]
}

type Handle = Route['handle']

/** Exactly the gaps of a filter, a row each, all pages. */
function exporter(site: Site, kind: 'csv' | 'parquet'): Handle {
  return async (context, scope) => {
    const session = await (await site.session()).sibling()
    try {
      const opened = await worklistOf({ site, session, context, scope })
      if (opened === 'no-run') return refuse(site, context, scope, notFoundView('There are no results to export yet.'))
      if ('content' in opened) return refuse(site, context, scope, opened)
      const { body, contentType, name, pids } = await exportWorklist(session, opened, kind)
      scope.read({ pids })
      const headers = { 'Content-Disposition': `attachment; filename="${name}"`, 'Content-Type': contentType }
      return context.body(body, 200, headers)
    } finally {
      session.close()
    }
  }
}

/** A refusal names nobody, and says so to the audit. */
function refuse(site: Site, context: Context, scope: RequestScope, view: PageView) {
  scope.read({ pids: [] })
  return renderPage(context, site.stylesheet, view, scope.principal)
}

async function act(site: Site, context: Context, scope: RequestScope): Promise<Response> {
  const form = await readForm(context)
  const back = safeReturnPath(form['back'])
  const session = await (await site.session()).sibling()
  try {
    const caller = { session, clock: site.application.clock, principal: scope.principal }
    const done = await (form['which'] === 'list'
      ? workOnList(caller, listBody(form))
      : workOnGaps(caller, workBody(form)))
    if ('gapsNow' in done) return await refuse(site, context, scope, listChangedView(done.gapsNow, back))
    const { pids, outcome } = done
    scope.read({ pids })
    // Nothing was changed of people whom the user may not see; the access layer refuses this answer.
    if (outcome === 'hidden') return context.body('')
    const stale = outcome.filter(({ changed }) => !changed)
    if (stale.length === 0) return context.redirect(back, 303)
    return await renderPage(
      context,
      site.stylesheet,
      conflictView(outcome.length - stale.length, stale, back),
      scope.principal,
    )
  } catch (thrown) {
    const [diagnostic] = thrown instanceof CaregapError ? thrown.diagnostics : []
    if (diagnostic?.code !== 'worklist/invalid-action') throw thrown
    return await refuse(site, context, scope, refusedFormView(diagnostic.message, back))
  } finally {
    session.close()
  }
}

const listChangedView = (gapsNow: number, back: string): PageView => ({
  title: 'The list changed',
  status: 409,
  section: 'worklist',
  content: (
    <Notice title="The list changed meanwhile" fault level={1}>
      <p>It has {countOf(gapsNow, 'gap')} now, so nothing was done: look at it again first.</p>
      <p class="actions">
        <a class="button" href={back}>
          See the list as it is now
        </a>
      </p>
    </Notice>
  ),
})

const conflictView = (changed: number, stale: readonly ChangeOutcome[], back: string): PageView => ({
  title: 'Changed by somebody else',
  status: 409,
  section: 'worklist',
  content: (
    <>
      <PageHead
        title="Changed by somebody else"
        lead={
          changed === 0
            ? 'Nothing was overwritten: somebody changed what you chose after your list was made.'
            : `${countOf(changed, 'gap was', 'gaps were')} changed. Of the others nothing was overwritten: somebody changed them after your list was made.`
        }
      />
      <section class="panel" aria-label="Gaps that were left as they are">
        <div class="panel-body">
          <ul>
            {stale.map(({ ref, now }) => (
              <li>
                <a href={`/people/${ref.pid}`}>Person {ref.pid}</a>, {ref.measureId}: now assigned to{' '}
                {now.assignedTo ?? 'nobody'}
                {now.snoozedUntil === null ? '' : `, snoozed until ${now.snoozedUntil}`}
                {now.claim === null ? '' : `, reported done: ${now.claim}`}
              </li>
            ))}
          </ul>
          <p class="actions">
            <a class="button" href={back}>
              See the list as it is now
            </a>
          </p>
        </div>
      </section>
    </>
  ),
})

/** Takes all of an action of the user's own back, back to the list; what others changed since is told. */
async function undoWhole(site: Site, context: Context, scope: RequestScope): Promise<Response> {
  const form = await readForm(context)
  const back = safeReturnPath(form['back'])
  const eventId = Number(form['event'])
  if (!Number.isSafeInteger(eventId)) {
    return refuse(site, context, scope, refusedFormView('The field event is the number of a change.', back))
  }
  const session = await (await site.session()).sibling()
  try {
    const { userId } = scope.principal
    const events = await readActionEvents(session, userId, eventId)
    scope.read({ pids: [...new Set(events.map(({ pid }) => pid))] })
    const answer = (view: PageView) => renderPage(context, site.stylesheet, view, scope.principal)
    if (events.length === 0) return await answer(notFoundView('You made no such change.'))
    const { undone, left } = await undoAction(session, eventId, { userId, now: site.application.clock.now() })
    if (left === 0) return context.redirect(back, 303)
    return await answer(partlyView(undone, left, back))
  } finally {
    session.close()
  }
}

const partlyView = (undone: number, left: number, back: string): PageView => ({
  title: 'Not all was taken back',
  status: 409,
  section: 'worklist',
  content: (
    <Notice title="Not all was taken back" level={1}>
      <p>
        {countOf(undone, 'gap is', 'gaps are')} as before. Of {countOf(left, 'other', 'others')} nothing was
        overwritten: they were changed since, or taken back already.
      </p>
      <p class="actions">
        <a class="button button-primary" href={back}>
          Back to the list
        </a>
      </p>
    </Notice>
  ),
})

async function undo(site: Site, context: Context, scope: RequestScope): Promise<Response> {
  const pid = parsePid(context.req.param('pid'))
  const form = await readForm(context)
  const eventId = Number(form['event'])
  if (pid === undefined || !Number.isSafeInteger(eventId)) {
    return refuse(site, context, scope, refusedFormView('The field event is the number of a change.', '/worklist'))
  }
  scope.read({ pids: [pid] })
  const session = await (await site.session()).sibling()
  try {
    const by = { userId: scope.principal.userId, now: site.application.clock.now() }
    const outcome = await undoWork(session, pid, eventId, by)
    if (outcome === 'undone') return context.redirect(`/people/${pid}#work`, 303)
    const view =
      outcome === 'unknown'
        ? notFoundView('There is no such change of this person.')
        : refusedFormView(
            'The gap was changed since, or this was taken back already; nothing was overwritten.',
            `/people/${pid}`,
          )
    return await renderPage(context, site.stylesheet, view, scope.principal)
  } finally {
    session.close()
  }
}
