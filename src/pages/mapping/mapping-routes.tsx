import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestScope, Route } from '../../access/index.ts'
import { CaregapError } from '../../base/index.ts'
import { decideMaps, proposeMap } from '../../jobs/index.ts'
import { pageRoute } from '../page-route.ts'
import { readForm } from '../parts/form.ts'
import { Notice } from '../parts/notice.tsx'
import { takesPurpose } from '../parts/page-query.ts'
import { refusedFormView } from '../problem/problem-page.tsx'
import { safeReturnPath } from '../shell/theme.ts'
import { type PageView, renderPage, type Site } from '../site.tsx'
import { mapPage } from './map-page.tsx'
import { mappingPage } from './mapping-page.tsx'
import { unmappedKinds } from './mapping-query.ts'

/** Counts of what the data say, for who may propose. */
const reading: Route['rule'] = { kind: 'aggregate', roles: ['admin', 'quality'] }
/** Decisions change what every rate counts: each leaves an audit row. */
const deciding = (action: string): Route['rule'] => ({ kind: 'patient', roles: ['admin'], action })

/** Code mapping: the list, one map, proposals and decisions. */
export function mappingRoutes(site: Site): readonly Route[] {
  return [
    pageRoute(site, '/mapping', reading, mappingPage, 'own'),
    pageRoute(site, '/mapping/maps/:map', reading, mapPage, takesPurpose),
    { method: 'POST', path: '/mapping/maps', rule: reading, handle: (c, scope) => propose(site, c, scope) },
    decision(site, 'approve', 'approved'),
    decision(site, 'retire', 'retired'),
  ]
}

const text = z.string('is missing').max(2000, 'is longer than 2,000 characters')
const needed = text.refine((value) => value.trim() !== '', 'is empty')
const proposal = z.object({
  kind: z.enum(unmappedKinds as [string, ...string[]], `is one of ${unmappedKinds.join(', ')}`),
  source: text,
  fromSystem: text,
  fromValue: needed,
  toSystem: text,
  toCode: needed,
})

const wrongFieldOf = ({ issues }: z.ZodError): string =>
  `The field ${issues[0]?.path.join('.') ?? ''} of the proposal: ${issues[0]?.message ?? 'is not valid'}.`

async function propose(site: Site, context: Context, scope: RequestScope): Promise<Response> {
  const form = await readForm(context)
  const back = safeReturnPath(form['back'])
  const refuse = (view: PageView) => renderPage(context, site.stylesheet, view, scope.principal)
  const parsed = proposal.safeParse(form)
  if (!parsed.success) return refuse(refusedFormView(wrongFieldOf(parsed.error), back))
  const { application } = site
  const user = scope.principal.userId
  const { kind, ...fields } = parsed.data
  try {
    const map = { ...fields, kind: kind as (typeof unmappedKinds)[number] }
    const mapId = await application.oneAtATime(() => proposeMap({ ...application, user }, map))
    return context.redirect(`/mapping/maps/${mapId}`, 303)
  } catch (thrown) {
    return refuse(refusedFormView(invalidMapOf(thrown), back))
  }
}

function decision(site: Site, action: 'approve' | 'retire', state: 'approved' | 'retired'): Route {
  return {
    method: 'POST',
    path: `/mapping/maps/:map/${action}`,
    rule: deciding(`${action}-map`),
    handle: async (context, scope) => {
      const { application } = site
      const mapId = Number(context.req.param('map'))
      const user = scope.principal.userId
      scope.read({ pids: [] })
      try {
        await application.oneAtATime(() => decideMaps({ ...application, user }, [mapId], state))
      } catch (thrown) {
        const view = decidedView(mapId, invalidMapOf(thrown))
        return renderPage(context, site.stylesheet, view, scope.principal)
      }
      application.logger.log('info', 'map-decided', { mapId, state, user })
      return context.redirect(`/mapping/maps/${mapId}`, 303)
    },
  }
}

/** What is wrong with a proposal or a decision, in words; anything else is thrown on. */
function invalidMapOf(thrown: unknown): string {
  const [diagnostic] = thrown instanceof CaregapError ? thrown.diagnostics : []
  if (diagnostic?.code !== 'jobs/invalid-map') throw thrown
  return diagnostic.message
}

const decidedView = (mapId: number, message: string): PageView => ({
  title: 'Nothing was changed',
  status: 409,
  section: 'quality',
  content: (
    <Notice title="Nothing was changed" fault level={1}>
      <p>{message} Somebody may have decided it after your page was made.</p>
      <p class="actions">
        {Number.isSafeInteger(mapId) ? (
          <a class="button button-primary" href={`/mapping/maps/${mapId}`}>
            See it as it is now
          </a>
        ) : null}
        <a class="button" href="/mapping">
          Code mapping
        </a>
      </p>
    </Notice>
  ),
})
