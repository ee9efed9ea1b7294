import { startServer } from '../api/index.ts'
import type { Application } from '../jobs/index.ts'
import { pageRoutes, renderProblemPage } from '../pages/index.ts'
import type { Invocation } from './command.ts'

/** Serves the application until the process is told to end; says where. Faults: those of `startServer`. */
export async function serveUntilStopped(application: Application, invocation: Invocation): Promise<void> {
  const host = invocation.text('host')
  const server = await startServer({
    application,
    pageRoutes: pageRoutes(application),
    renderPageProblem: renderProblemPage,
    ...(host === undefined ? {} : { host }),
    port: invocation.count('port', application.config.server.port, 0),
  })
  invocation.print(`\ncaregap is at ${server.url}   (Ctrl+C ends it)`, { url: server.url })
  await stopSignal()
  await server.close()
  await application.close()
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
