import { type BulkServer, fault } from '../base/index.ts'
import { type Answer, headerOf, readAnswer } from './answer.ts'
import { clientTls } from './client-tls.ts'
import { exchange, type Reply } from './exchange.ts'
import { ownHeaders } from './own-headers.ts'
import { type Pace, refuseStopped } from './pace.ts'
import { mayHaveToken, redirectUrl, shownUrl } from './server-address.ts'
import type { Tokens } from './tokens.ts'

/** A server, and the way to it. */
export interface Connection {
  readonly server: BulkServer
  readonly tokens: Tokens
  readonly pace: Pace
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal
}

export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly silenceMs?: number
  readonly alone?: boolean
  /** False where the server wants no token for it (`requiresAccessToken`). */
  readonly token?: boolean
}

/**
 * A request with the token, to the base's origin only. A token that is refused is got anew once. Fault:
 * `bulk/unauthorized` where a fresh one is refused too.
 */
export async function send(connection: Connection, request: ServerRequest): Promise<Reply> {
  const { server, tokens } = connection
  refuseStopped(connection.signal)
  const wanted = request.token !== false && mayHaveToken(request.url, server)
  const first = wanted ? await tokens.bearer() : undefined
  const reply = await exchange(withToken(connection, request, first))
  if (reply.status !== 401 || first === undefined) return reply
  reply.body.resume()
  if (!tokens.refuse(first)) throw unauthorized(request.url)
  const again = await exchange(withToken(connection, request, await tokens.bearer()))
  if (again.status !== 401) return again
  again.body.resume()
  throw unauthorized(request.url)
}

/** The same, with a short answer read to its end. */
export async function ask(connection: Connection, request: ServerRequest): Promise<Answer> {
  return readAnswer(await send(connection, request))
}

const mostRedirects = 5
const redirects = [301, 302, 303, 307, 308]

/** A GET that follows redirects, none of them with the token. Faults: those of `redirectUrl`, `bulk/redirects`. */
export async function fetchFollowing(connection: Connection, request: ServerRequest): Promise<Reply> {
  let reply = await send(connection, request)
  for (let count = 0; redirects.includes(reply.status); count++) {
    reply.body.resume()
    const location = headerOf(reply, 'location')
    if (count >= mostRedirects || location === undefined) throw endlessRedirect(request.url)
    const url = redirectUrl(location, reply.url, connection.server)
    reply = await send(connection, { ...request, url, token: false })
  }
  return reply
}

function withToken({ server, signal }: Connection, request: ServerRequest, token: string | undefined) {
  const { token: _, silenceMs = server.requestSeconds * 1000, headers, ...rest } = request
  return {
    ...rest,
    silenceMs,
    ...(signal === undefined ? {} : { signal }),
    ...(mayHaveToken(request.url, server) ? { tls: clientTls(server) } : {}),
    headers: {
      ...headers,
      ...ownHeaders(server, request.url),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
  }
}

function unauthorized(url: URL) {
  return fault('input', 'bulk/unauthorized', `The server refuses a fresh token for ${shownUrl(url)}.`, {
    remedy: 'Check that the client is registered for this server and group, and which scopes it was given.',
  })
}

function endlessRedirect(url: URL) {
  return fault('system', 'bulk/redirects', `${shownUrl(url)} redirects without an end.`, {
    remedy: 'Report it to the operator of the server.',
  })
}
