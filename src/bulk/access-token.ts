import { z } from 'zod'
import { type BulkServer, invariant } from '../base/index.ts'
import { type Answer, answerFault, isTransient, readAnswer } from './answer.ts'
import { signAssertion } from './client-assertion.ts'
import { clientTls } from './client-tls.ts'
import { exchange } from './exchange.ts'
import { ownHeaders } from './own-headers.ts'
import type { Pace } from './pace.ts'
import { type Attempt, persist } from './persist.ts'
import { retryAfterMs } from './retry-after.ts'
import { readSecret } from './secret.ts'
import { readSigningKey, type SigningKey } from './signing-key.ts'

/** A token, how long it is to be used (milliseconds since 1970), and for what it was granted. */
export interface AccessToken {
  readonly text: string
  readonly useUntil: number
  /** Undefined where the server left it out: then it is what was asked for (RFC 6749, 5.1). */
  readonly scope: string | undefined
}

const reply = z.object({
  access_token: z.string().min(1),
  // A number by the standard, a text at servers that exist.
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
})

const defaultLifeSeconds = 300
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export type ClientAuth = Extract<BulkServer['auth'], { kind: 'smart' | 'basic' }>

export interface TokenRequest {
  readonly server: BulkServer
  readonly auth: ClientAuth
  readonly url: URL
  readonly scopes: readonly string[]
  readonly pace: Pace
  /** What the server says that it takes; empty where it says nothing. */
  readonly taken: { readonly methods: readonly string[]; readonly algorithms: readonly string[] }
}

/**
 * Gets a token. Each request has an assertion of its own. Faults: `bulk/token-refused` (the client, key, scope or
 * clock is wrong: no further try), those of the connection after some tries.
 */
export async function requestToken(request: TokenRequest): Promise<AccessToken> {
  const { server, pace } = request
  // How far the server's clock is ahead; learnt where it refuses an assertion.
  let skewMs: number | undefined
  const until = pace.now() + 3_600_000
  return persist({ pace, attempts: server.attempts, leastMs: 1000, mostMs: 600_000, until }, async () => {
    const sentAt = pace.now()
    const answer = await send(request, skewMs ?? 0)
    if (answer.status === 200) return { done: readToken(answer, sentAt) }
    if (isTransient(answer)) return tryLater(answer, pace)
    const serverTime = Date.parse(answer.header('date') ?? '')
    if (request.auth.kind !== 'smart' || skewMs !== undefined || Number.isNaN(serverTime))
      throw refused(answer, request)
    // Once, with a fresh assertion by the server's clock.
    skewMs = serverTime - pace.now()
    return { again: refused(answer, request), afterMs: 0, counts: false }
  })
}

function tryLater<T>(answer: Answer, pace: Pace): Attempt<T> {
  return {
    again: answerFault('system', 'bulk/token-unavailable', 'No token', answer, 'Run the same command again later.'),
    afterMs: retryAfterMs(answer.header('retry-after'), pace.now(), answer.header('date')),
  }
}

function refused(answer: Answer, request: TokenRequest) {
  return answerFault(
    'input',
    'bulk/token-refused',
    'The server gives no token',
    answer,
    notTaken(request) ??
      'Check the client id, the key (is its public half registered, under this kid?), the scopes and this machine’s clock.',
  )
}

function readToken(answer: Answer, sentAt: number): AccessToken {
  const parsed = reply.safeParse(answer.json)
  if (!parsed.success) {
    throw answerFault('system', 'bulk/token-broken', 'No token in the answer', answer, 'Check auth.tokenUrl.')
  }
  const { access_token, expires_in, scope } = parsed.data
  const lifeMs = (expires_in ?? defaultLifeSeconds) * 1000
  // Ten seconds before its end, or a tenth of its life where that is shorter: requests take time.
  const useUntil = sentAt + lifeMs - Math.min(10_000, lifeMs / 10)
  return { text: access_token, useUntil, scope }
}

async function send(request: TokenRequest, skewMs: number): Promise<Answer> {
  const { auth, url, server } = request
  const { headers, form } =
    auth.kind === 'basic' ? basicRequest(auth, request) : smartRequest(auth, request, request.pace.now() + skewMs)
  const body = form === undefined ? {} : { body: new URLSearchParams(form).toString() }
  return readAnswer(
    await exchange({
      method: 'POST',
      url,
      headers: {
        Accept: 'application/json',
        ...(form === undefined ? { 'Content-Length': '0' } : { 'Content-Type': 'application/x-www-form-urlencoded' }),
        ...ownHeaders(server, url),
        ...headers,
      },
      ...body,
      silenceMs: server.requestSeconds * 1000,
      alone: true,
      tls: clientTls(server),
    }),
  )
}

interface ClientRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly form: Record<string, string> | undefined
}

function smartRequest(auth: Extract<ClientAuth, { kind: 'smart' }>, request: TokenRequest, now: number): ClientRequest {
  const assertion = signAssertion(chooseKey(auth, request), {
    clientId: auth.clientId,
    audience: request.url.href,
    now,
    jku: auth.jku,
  })
  return {
    headers: {},
    form: {
      grant_type: 'client_credentials',
      scope: request.scopes.join(' '),
      client_assertion_type: assertionType,
      client_assertion: assertion,
    },
  }
}

/** The first key whose algorithm the server takes; the first of all where it names none of ours, which it may do wrongly. */
function chooseKey(auth: Extract<ClientAuth, { kind: 'smart' }>, { taken }: TokenRequest): SigningKey {
  const [first] = auth.keys
  invariant(first !== undefined, 'a SMART client has a key')
  if (taken.algorithms.length === 0) return readSigningKey(first.kid, first.key)
  const keys = auth.keys.map(({ kid, key }) => readSigningKey(kid, key))
  return keys.find(({ algorithm }) => taken.algorithms.includes(algorithm)) ?? readSigningKey(first.kid, first.key)
}

/** What the server says that it takes, where that is not what it was given. */
function notTaken({ auth, taken }: TokenRequest): string | undefined {
  const method = auth.kind === 'smart' ? 'private_key_jwt' : 'client_secret_basic'
  if (taken.methods.length > 0 && !taken.methods.includes(method))
    return `The server takes ${taken.methods.join(', ')}, and was given ${method}: check auth.kind.`
  if (auth.kind !== 'smart' || taken.algorithms.length === 0) return undefined
  const own = [...new Set(auth.keys.map(({ kid, key }) => readSigningKey(kid, key).algorithm))]
  if (own.some((algorithm) => taken.algorithms.includes(algorithm))) return undefined
  return `The server takes assertions by ${taken.algorithms.join(', ')}, and the keys here are for ${own.join(', ')}: add a key it takes.`
}

function basicRequest(auth: Extract<ClientAuth, { kind: 'basic' }>, request: TokenRequest): ClientRequest {
  const credentials = Buffer.from(`${auth.clientId}:${readSecret(auth.clientSecret)}`).toString('base64')
  return {
    headers: { Authorization: `Basic ${credentials}` },
    form: auth.body === 'empty' ? undefined : { grant_type: 'client_credentials', scope: request.scopes.join(' ') },
  }
}
