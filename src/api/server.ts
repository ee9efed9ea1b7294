import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { mountRoutes, openAccess, type ProblemRenderer, type Route, readTlsKeys } from '../access/index.ts'
import { fault, messageOf, withPriority } from '../base/index.ts'
import { type Application, launchCookie, launchDeskOf } from '../jobs/index.ts'
import { apiRoutes } from './api-routes.ts'
import { corsOfCds } from './cds-cors.ts'
import { type CommandHost, commandRoutes } from './command-routes.ts'
import { guardMethods } from './method-guard.ts'
import { problemRenderer } from './problem.ts'

export interface ServerOptions {
  readonly application: Application
  /** Routes of the pages; the pages and this room do not know each other. */
  readonly pageRoutes?: readonly Route[]
  readonly renderPageProblem?: ProblemRenderer
  /** Runs commands of this machine over the store that the server holds; none where absent. */
  readonly commands?: CommandHost
  /** Default: the configuration's. */
  readonly host?: string
  /** Default: the configuration's; 0 takes any free port. */
  readonly port?: number
}

export interface RunningServer {
  readonly url: string
  /** Where this machine itself reaches it without TLS. */
  readonly localUrl: string
  readonly port: number
  /** Takes no more requests, lets those under way finish for a bounded time, then ends. */
  close(): Promise<void>
}

/**
 * The whole application as a Hono app: API and pages behind access control. Faults: those of `openAccess`
 * (a host that other machines reach, without users), and of `mountRoutes`.
 */
export async function createApp(options: ServerOptions & { readonly host: string }): Promise<Hono> {
  const { application, host } = options
  const app = new Hono()
  const access = await openAccess({
    store: application.store,
    config: application.config,
    host,
    clock: application.clock,
    logger: application.logger,
    renderProblem: problemRenderer(options.renderPageProblem),
    launched: (context) => launchDeskOf(application).session(getCookie(context, launchCookie) ?? ''),
    ...(options.commands === undefined ? {} : { localSecretSha256: options.commands.secretSha256 }),
  })
  application.onClose?.(() => access.audit.close())
  app.use('/cds-services/*', corsOfCds, (_, next) => withPriority(next))
  const commands = options.commands === undefined ? [] : commandRoutes(options.commands)
  const routes = [...apiRoutes(application), ...commands, ...(options.pageRoutes ?? [])]
  mountRoutes(app, routes, access)
  guardMethods(app, routes)
  return app
}

const headersTimeoutMs = 10_000
const requestTimeoutMs = 60_000
const closeTimeoutMs = 10_000

/**
 * Serves the application: by TLS where the configuration has a certificate, and then without it on a port of this
 * machine alone. Faults: `api/port-in-use`, `api/cannot-listen`, and those of `createApp` and `readTlsKeys`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? options.application.config.server.host
  const port = options.port ?? options.application.config.server.port
  const app = await createApp({ ...options, host })
  const { tls } = options.application.config.server
  const keys = tls === undefined ? undefined : readTlsKeys(tls)
  const server = makeServer(app, host, keys)
  await listen(server, host, port)
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const bound = portOf(server)
  if (keys === undefined) {
    const localUrl = `http://${isEveryAddress(host) ? loopback : name}:${bound}`
    return { url: `http://${name}:${bound}`, localUrl, port: bound, close: () => closeServer(server) }
  }
  const local = makeServer(app, loopback)
  await listen(local, loopback, 0)
  return {
    url: `https://${name}:${bound}`,
    localUrl: `http://${loopback}:${portOf(local)}`,
    port: bound,
    close: async () => void (await Promise.all([closeServer(server), closeServer(local)])),
  }
}

const loopback = '127.0.0.1'

const isEveryAddress = (host: string): boolean => ['0.0.0.0', '::', '[::]'].includes(host)

const portOf = (server: Server): number => (server.address() as AddressInfo).port

function makeServer({ fetch }: Hono, hostname: string, keys?: ReturnType<typeof readTlsKeys>): Server {
  const tls =
    keys === undefined
      ? {}
      : { createServer: createTlsServer, serverOptions: { ...keys, minVersion: 'TLSv1.2' as const } }
  const server = createAdaptorServer({ fetch, hostname, ...tls }) as Server
  server.headersTimeout = headersTimeoutMs
  server.requestTimeout = requestTimeoutMs
  return server
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (thrown) {
    throw listenFault(thrown, host, port)
  }
}

function listenFault(thrown: unknown, host: string, port: number) {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE') {
    return fault('system', 'api/port-in-use', `Port ${port} on ${host} is in use by another program.`, {
      remedy: 'Stop that program, or choose another port with --port.',
    })
  }
  return fault('system', 'api/cannot-listen', `The server cannot listen on ${host}:${port}: ${messageOf(thrown)}.`, {
    remedy: 'Choose another address with --host and --port.',
  })
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const deadline = setTimeout(() => server.closeAllConnections(), closeTimeoutMs)
  await closed
  clearTimeout(deadline)
}
