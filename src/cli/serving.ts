import { apiDocument, startServer } from '../api/index.ts'
import { keepListsReady, keepLogShort, startPullSchedule, warmRuns } from '../jobs/index.ts'
import { pageRoutes, renderProblemPage, warmCharts } from '../pages/index.ts'
import type { Invocation, OpenedApplication } from './command.ts'
import { ServingHost } from './command-host.ts'
import { commandsInServer } from './commands/in-server.ts'
import { newSecret, removeServerFile, writeServerFile } from './server-file.ts'

/** Serves the application until the process is told to end; says where. Faults: those of `startServer`. */
export async function serveUntilStopped(application: OpenedApplication, invocation: Invocation): Promise<void> {
  const host = invocation.text('host') ?? application.config.server.host
  const secret = newSecret()
  const commands = new ServingHost(secret, commandsInServer, invocation, application)
  const charts = warmCharts()
  const server = await startServer({
    application,
    pageRoutes: pageRoutes(application, () => apiDocument(application)),
    renderPageProblem: renderProblemPage,
    commands,
    host,
    port: invocation.count('port', application.config.server.port, 0),
  })
  writeServerFile(invocation.databasePath, { process: process.pid, url: server.localUrl, secret })
  const endSchedule = startPullSchedule(application)
  const endLists = keepListsReady(application)
  const endLog = keepLogShort(application)
  void warmRuns(application)
  // Nobody knows the address before: who is told it does not wait for what draws the first chart.
  await charts
  try {
    invocation.print(`\ncaregap is at ${server.url}   (Ctrl+C ends it)`, { url: server.url })
    await stopSignal()
    const ended = [commands.end(), endSchedule(), endLists(), endLog()]
    await server.close()
    await Promise.all(ended)
  } finally {
    removeServerFile(invocation.databasePath)
  }
  await application.close()
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
