import type { Hono } from 'hono'
import { apiDocument, createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { pageRoutes, renderProblemPage } from '../../src/pages/index.ts'

/** The server of an application with all of its faces, to be called in this process. */
export const pagesApp = (application: Application): Promise<Hono> =>
  createApp({
    application,
    host: '127.0.0.1',
    pageRoutes: pageRoutes(application, () => apiDocument(application)),
    renderPageProblem: renderProblemPage,
  })
