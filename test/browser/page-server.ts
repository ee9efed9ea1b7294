import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { mountRoutes, openAccess } from '../../src/access/index.ts'
import { apiDocument } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { pageRoutes, renderProblemPage } from '../../src/pages/index.ts'

export interface PageServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the pages of an application on a free port of this machine, behind the same access rules as always. `document` is the
 * API's document that a page shows.
 */
export async function servePages(
  application: Application,
  document: (application: Application) => unknown = apiDocument,
): Promise<PageServer> {
  const { store, config, clock, logger } = application
  const app = new Hono()
  const access = await openAccess({ store, config, host: '127.0.0.1', clock, logger, renderProblem: renderProblemPage })
  mountRoutes(
    app,
    pageRoutes(application, () => document(application)),
    access,
  )
  const server = createAdaptorServer({ fetch: app.fetch, hostname: '127.0.0.1' }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
