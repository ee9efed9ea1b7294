import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type Principal, type Problem, type RequestScope, type Role, seesEverybody } from '../access/index.ts'
import type { Session } from '../duck/index.ts'
import type { Application } from '../jobs/index.ts'
import { Document, type Section } from './shell/document.tsx'
import type { Stylesheet } from './shell/stylesheet.ts'
import { readTheme } from './shell/theme.ts'

/** What all pages share: the application, the style sheet, and a database session of their own. */
export interface Site {
  readonly application: Application
  readonly stylesheet: Stylesheet
  /** A session apart from the writers', so that a page never sees a half-written run. */
  session(): Promise<Session>
}

/** What a page makes: its content, and the status where that is not 200. */
export interface PageView {
  readonly title: string
  readonly section?: Section
  readonly status?: 200 | 409 | Problem['status']
  readonly content: Child
}

/** One request for a page. */
export interface PageRequest {
  readonly site: Site
  readonly session: Session
  readonly context: Context
  readonly scope: RequestScope
}

export const everyRole: readonly Role[] = ['admin', 'quality', 'clinician', 'analyst']
export const listRoles: readonly Role[] = ['admin', 'quality']
export const patientRoles: readonly Role[] = ['admin', 'quality', 'clinician']

/** True where the user may open lists of people: then counts are links. */
export const maySeeLists = (principal: Principal): boolean => listRoles.includes(principal.role)

/**
 * True where small counts must not be told: to those who may not see all of the people that are counted, and to everybody
 * where the address asks for what may be published (`purpose=release`).
 */
export const mustBeSafe = ({ context, scope }: Pick<PageRequest, 'context' | 'scope'>): boolean =>
  !seesEverybody(scope.principal) || context.req.query('purpose') === 'release'

/** A site over an application; its session is opened with the first page. */
export function openSite(application: Application, stylesheet: Stylesheet): Site {
  let session: Promise<Session> | undefined
  return {
    application,
    stylesheet,
    session: () => {
      session ??= application.store.database.connect()
      return session
    },
  }
}

/** The response that holds a page. Pages change with each run and each user, so nothing keeps them. */
export function renderPage(
  context: Context,
  stylesheet: Stylesheet,
  view: PageView,
  principal?: Principal,
): Response | Promise<Response> {
  const url = new URL(context.req.url)
  const frame = {
    title: view.title,
    theme: readTheme(context),
    styleHref: stylesheet.href,
    path: `${url.pathname}${url.search}`,
    ...(view.section === undefined ? {} : { section: view.section }),
    ...(principal === undefined ? {} : { principal }),
    embedded: principal?.framedBy !== undefined,
  }
  context.header('Cache-Control', 'private, no-store')
  return context.html(html`<!doctype html>${<Document frame={frame}>{view.content}</Document>}`, view.status ?? 200)
}
