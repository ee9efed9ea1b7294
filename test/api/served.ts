import type { Hono } from 'hono'
import { afterAll } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'

/** An application with its server, to be called in this process; closed when the tests of the file are done. */
export async function served<Served extends Application>(
  opening: Promise<Served>,
): Promise<{ readonly application: Served; readonly app: Hono }> {
  const application = await opening
  afterAll(() => application.close())
  return { application, app: await createApp({ application, host: '127.0.0.1' }) }
}
