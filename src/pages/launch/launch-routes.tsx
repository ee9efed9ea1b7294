import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { addressOf, allowFraming, type Route } from '../../access/index.ts'
import {
  type Application,
  type LaunchDesk,
  type LaunchFault,
  type LaunchServer,
  launchCookie,
  launchDeskOf,
} from '../../jobs/index.ts'
import { Notice } from '../parts/notice.tsx'
import type { Stylesheet } from '../shell/stylesheet.ts'
import { type PageView, patientRoles, renderPage } from '../site.tsx'

/** The secret of the browser's launched session; empty where it has none. */
const secretOf = (context: Context): string => getCookie(context, launchCookie) ?? ''

const browserCookie = 'caregap_launching'

/** A frame of another site gets only cookies that say so, and keeps them apart from those of all other sites. */
const cookie = { httpOnly: true, secure: true, sameSite: 'None', partitioned: true, path: '/' } as const

/**
 * SMART App Launch: `/launch` sends the browser to the EHR's authorization, which sends it back with a code for one
 * patient's chart; the page of that patient then opens inside the EHR. None where no EHR is configured for it.
 */
export function launchRoutes(application: Application, stylesheet: Stylesheet): readonly Route[] {
  const desk = launchDeskOf(application)
  if (!desk.isOpen) return []
  const { logger } = application
  const ended = (context: Context, fault: LaunchFault, server?: LaunchServer) => {
    logger.log('warn', 'launch-ended', { fault, ...(server === undefined ? {} : { server: server.baseUrl }) })
    if (server !== undefined) allowFraming(context, server.launch.frameAncestors)
    return renderPage(context, stylesheet, faultView(fault), embedded)
  }
  return [
    {
      method: 'GET',
      path: '/launch',
      rule: { kind: 'public' },
      handle: (context) => beginLaunch(context, desk, ended),
    },
    {
      method: 'GET',
      path: '/launch/callback',
      rule: { kind: 'public' },
      handle: (context) => finishLaunch(context, desk, ended),
    },
    {
      method: 'GET',
      path: '/launch/patient',
      rule: { kind: 'patient', roles: patientRoles, action: 'smart-launch' },
      launchable: true,
      handle: async (context, scope) => {
        const session = desk.session(secretOf(context))
        const pid = session === undefined ? undefined : await desk.findPerson(session)
        scope.read({ pids: pid === undefined ? [] : [pid] })
        if (pid === undefined || session === undefined)
          return renderPage(context, stylesheet, unknownPatientView, scope.principal)
        return context.redirect(`/people/${pid}${anchorOf(session.context.appContext)}`, 303)
      },
    },
  ]
}

/** Pages of a launch have no way to the rest of the site: nobody is logged in there. */
const embedded = { userId: '', role: 'clinician', framedBy: [] } as const

type Ended = (context: Context, fault: LaunchFault, server?: LaunchServer) => Response | Promise<Response>

async function beginLaunch(context: Context, desk: LaunchDesk, ended: Ended): Promise<Response> {
  const { iss = '', launch = '' } = context.req.query()
  const server = desk.serverOf(iss)
  if (server === undefined || launch === '' || launch.length > 4096) return ended(context, 'not-configured')
  const redirectUri = new URL('/launch/callback', addressOf(context)).href
  const begun = await desk.begin(server, launch, redirectUri, getCookie(context, browserCookie))
  if (!begun.ok) return ended(context, begun.fault, server)
  setCookie(context, browserCookie, begun.value.browser, { ...cookie, maxAge: 600 })
  return leave(context, begun.value.location)
}

async function finishLaunch(context: Context, desk: LaunchDesk, ended: Ended): Promise<Response> {
  const { state = '', code = '' } = context.req.query()
  const server = desk.pendingServer(state)
  // The EHR's words for a refusal (error, error_description) may hold anything: they are not shown.
  if (code === '') return ended(context, server === undefined ? 'expired' : 'refused', server)
  const finished = await desk.finish(state, code, getCookie(context, browserCookie) ?? '')
  if (!finished.ok) return ended(context, finished.fault, server)
  const { secret } = finished.value
  const { sessionMinutes } = finished.value.server.launch
  setCookie(context, launchCookie, secret, { ...cookie, maxAge: sessionMinutes * 60 })
  return leave(context, '/launch/patient')
}

/** The address that is left holds a code: neither a cache nor the next page may know it. */
function leave(context: Context, location: string): Response {
  context.header('Cache-Control', 'no-store')
  context.header('Referrer-Policy', 'no-referrer')
  return context.redirect(location, 303)
}

/** The measure that the card was about, where the EHR hands its `appContext` on. */
function anchorOf(appContext: string | undefined): string {
  const measure = /^\{"measure":"([\w.-]{1,100})"\}$/.exec(appContext ?? '')?.[1]
  return measure === undefined ? '' : `#verdict-${measure}`
}

const words: Readonly<Record<LaunchFault, string>> = {
  'not-configured':
    'The EHR that asked for it is not among those that this server is set up for, or it gave no launch to take up.',
  server: 'The EHR’s server did not say where it gives authorizations out, or could not be reached.',
  'no-pkce': 'The EHR’s server does not support PKCE with S256, and without it a code could be stolen.',
  expired: 'The launch has expired, was used already, or began in another browser.',
  refused: 'The EHR’s server refused the authorization.',
  'no-patient': 'The EHR did not say which patient’s chart is open, or did not let the patient be read.',
}

const faultView = (fault: LaunchFault): PageView => ({
  title: 'Not opened',
  status: fault === 'server' ? 503 : 400,
  content: (
    <Notice title="The page could not be opened from the EHR" fault level={1}>
      <p>{words[fault]}</p>
      <p>Open it again from the chart. If that does not help, tell whoever looks after caregap.</p>
    </Notice>
  ),
})

const unknownPatientView: PageView = {
  title: 'Not loaded here',
  status: 404,
  content: (
    <Notice title="This patient is not loaded here" level={1}>
      <p>
        No data of this patient was loaded from the EHR yet, they are not among those whom you may see, or birth date
        and sex differ from what is stored.
      </p>
    </Notice>
  ),
}
