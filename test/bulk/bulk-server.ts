import { createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export type Step = 'well-known' | 'metadata' | 'token' | 'kick-off' | 'status' | 'file' | 'delete' | 'other'

/** One request as the server met it. */
export interface Met {
  readonly step: Step
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A fault: takes the place of the server's answer so many times, for requests that match. */
export interface Fault {
  readonly step: Step
  readonly times?: number
  readonly match?: (met: Met) => boolean
  answer(response: ServerResponse, met: Met): void
}

export interface ServedFile {
  readonly section?: 'output' | 'error' | 'outcome' | 'deleted'
  readonly type?: string
  readonly text: string | Buffer
  readonly count?: number
  readonly gzip?: boolean
}

export interface ServerSetup {
  readonly files: readonly ServedFile[]
  readonly auth?: 'none' | 'smart' | 'basic' | { readonly bearer: string }
  /** Public keys by kid, for assertions. */
  readonly keys?: Readonly<Record<string, KeyObject>>
  readonly clientId?: string
  readonly clientSecret?: string
  /** So many 202 before the manifest. */
  readonly polls?: number
  readonly tokenSeconds?: number | string
  readonly grant?: (asked: string) => string
  readonly transactionTime?: string
  readonly manifest?: (manifest: Record<string, unknown>, base: string) => unknown
  readonly discovery?: Record<string, unknown> | 'none' | 'metadata'
  readonly pageSize?: number
  readonly now?: () => number
  /** So many kick-offs begin an export and then break the connection. */
  readonly lostKickOffs?: number
  readonly faults?: readonly Fault[]
  /** Told of every request before it is answered; what it does with `kill` happens before, or else after the answer. */
  readonly onRequest?: (met: Met) => void
}

export interface BulkTestServer {
  readonly origin: string
  readonly base: string
  readonly met: readonly Met[]
  /** Exports that are not deleted. */
  jobs(): readonly string[]
  /** Exports that were begun. */
  kickOffs(): number
  of(step: Step): readonly Met[]
  /** Serves something else from now on. */
  become(setup: ServerSetup): void
  addFaults(...faults: readonly Fault[]): void
  close(): Promise<void>
}

/** A Bulk Data server on a free port of this machine, strict about tokens, with faults as told. */
export async function startBulkServer(setup: ServerSetup): Promise<BulkTestServer> {
  const state = new ServerState(setup)
  const server = createServer((request, response) => {
    void state.handle(request, response)
  })
  await listen(server)
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return state.face(server)
}

/** A plain server for files on another origin; answers by path. */
export async function startStorage(
  answer: (response: ServerResponse, path: string) => void,
): Promise<{ readonly origin: string; readonly seen: IncomingMessage[]; close(): Promise<void> }> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    answer(response, request.url ?? '')
  })
  await listen(server)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => closeServer(server),
  }
}

const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

interface Left {
  readonly fault: Fault
  times: number
}

class ServerState {
  setup: ServerSetup
  origin = ''
  readonly #met: Met[] = []
  readonly #jobs = new Map<string, { polls: number; request: string; start: string }>()
  readonly #tokens = new Map<string, number>()
  readonly #assertions = new Set<string>()
  #left: Left[]
  #kickOffs = 0

  constructor(setup: ServerSetup) {
    this.setup = setup
    this.#left = leftOf(setup.faults ?? [])
  }

  face(server: Server): BulkTestServer {
    return {
      origin: this.origin,
      base: `${this.origin}/fhir`,
      met: this.#met,
      jobs: () => [...this.#jobs.keys()],
      kickOffs: () => this.#kickOffs,
      of: (step) => this.#met.filter((met) => met.step === step),
      become: (setup) => {
        this.setup = setup
        this.#left = leftOf(setup.faults ?? [])
      },
      addFaults: (...faults) => void this.#left.push(...leftOf(faults)),
      close: () => closeServer(server),
    }
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const met: Met = {
      step: stepOf(request.method ?? '', url.pathname),
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    this.#met.push(met)
    this.setup.onRequest?.(met)
    response.setHeader('Date', new Date(this.#now()).toUTCString())
    const planned = this.#left.find(
      ({ fault, times }) => times > 0 && fault.step === met.step && (fault.match?.(met) ?? true),
    )
    if (planned !== undefined) {
      planned.times--
      planned.fault.answer(response, met)
      return
    }
    this.#answer(met, response)
  }

  #now(): number {
    return this.setup.now?.() ?? Date.now()
  }

  #answer(met: Met, response: ServerResponse): void {
    switch (met.step) {
      case 'well-known':
        return this.#wellKnown(response)
      case 'metadata':
        return this.#metadata(response)
      case 'token':
        return this.#token(met, response)
      case 'kick-off':
        return this.#guarded(met, response, () => this.#kickOff(met, response))
      case 'status':
        return this.#guarded(met, response, () => this.#status(met, response))
      case 'file':
        return this.#guarded(met, response, () => this.#file(met, response))
      case 'delete':
        return this.#guarded(met, response, () => this.#delete(met, response))
      case 'other':
        if (met.path === '/jobs') return this.#listJobs(response)
        return json(response, 404, outcome('not-found', 'no such thing'))
    }
  }

  #wellKnown(response: ServerResponse): void {
    const { discovery } = this.setup
    if (discovery === 'none' || discovery === 'metadata') return json(response, 404, {})
    json(response, 200, { token_endpoint: `${this.origin}/token`, capabilities: ['permission-v1'], ...discovery })
  }

  #metadata(response: ServerResponse): void {
    if (this.setup.discovery !== 'metadata')
      return json(response, 200, { resourceType: 'CapabilityStatement', rest: [] })
    const url = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'
    const extension = [{ url, extension: [{ url: 'token', valueUri: `${this.origin}/token` }] }]
    json(response, 200, { resourceType: 'CapabilityStatement', rest: [{ security: { extension } }] })
  }

  #token(met: Met, response: ServerResponse): void {
    const form = new URLSearchParams(met.body)
    const refusal = this.setup.auth === 'basic' ? this.#judgeBasic(met) : this.#judgeAssertion(form)
    if (refusal !== undefined) return json(response, 400, { error: 'invalid_client', error_description: refusal })
    const token = randomUUID()
    const seconds = this.setup.tokenSeconds ?? 300
    this.#tokens.set(token, this.#now() + Number(seconds) * 1000)
    const asked = form.get('scope') ?? ''
    const scope = this.setup.grant?.(asked) ?? asked
    json(response, 200, { access_token: token, token_type: 'bearer', expires_in: seconds, scope })
  }

  #judgeBasic({ headers }: Met): string | undefined {
    const wanted = Buffer.from(`${this.setup.clientId}:${this.setup.clientSecret}`).toString('base64')
    return headers.authorization === `Basic ${wanted}` ? undefined : 'wrong secret'
  }

  #judgeAssertion(form: URLSearchParams): string | undefined {
    const [head = '', body = '', signature = ''] = (form.get('client_assertion') ?? '').split('.')
    const header = decode(head)
    const claims = decode(body)
    const key = this.setup.keys?.[String(header['kid'])]
    if (key === undefined) return 'unknown kid'
    const publicKey = key.type === 'private' ? createPublicKey(key) : key
    const options = { key: publicKey, dsaEncoding: 'ieee-p1363' as const }
    if (!verify('sha384', Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url')))
      return 'bad signature'
    if (claims['iss'] !== this.setup.clientId || claims['sub'] !== this.setup.clientId) return 'unknown client'
    if (claims['aud'] !== `${this.origin}/token`) return 'wrong aud'
    const now = this.#now() / 1000
    if (Number(claims['exp']) <= now || Number(claims['exp']) > now + 300) return 'exp out of range'
    if (this.#assertions.has(String(claims['jti']))) return 'jti used twice'
    this.#assertions.add(String(claims['jti']))
    return undefined
  }

  #guarded(met: Met, response: ServerResponse, go: () => void): void {
    const { auth = 'none' } = this.setup
    const token = /^Bearer (.+)$/.exec(met.headers.authorization ?? '')?.[1]
    const good =
      auth === 'none' ||
      (typeof auth === 'object' ? token === auth.bearer : (this.#tokens.get(token ?? '') ?? 0) > this.#now())
    if (good) go()
    else json(response, 401, outcome('login', 'no valid token'))
  }

  /** As BCDA lists them. */
  #listJobs(response: ServerResponse): void {
    const entry = [...this.#jobs].map(([id, { request, start }]) => ({
      resource: {
        resourceType: 'Task',
        status: 'in-progress',
        identifier: [{ use: 'official', system: `${this.origin}/status`, value: id }],
        input: [{ type: { text: 'BULK FHIR Export' }, valueString: `GET ${request}` }],
        executionPeriod: { start },
      },
    }))
    json(response, 200, { resourceType: 'Bundle', type: 'searchset', entry })
  }

  #kickOff(met: Met, response: ServerResponse): void {
    this.#kickOffs++
    const job = `job-${this.#kickOffs}`
    const request = `${this.origin}${met.path}?${met.query.toString()}`
    this.#jobs.set(job, { polls: this.setup.polls ?? 1, request, start: new Date(this.#now()).toISOString() })
    if (this.#kickOffs <= (this.setup.lostKickOffs ?? 0)) return void response.socket?.destroy()
    response.setHeader('Content-Location', `${this.origin}/status/${job}`)
    json(response, 202, {})
  }

  #status(met: Met, response: ServerResponse): void {
    const [, , name = '', page = '0'] = met.path.split('/')
    const job = this.#jobs.get(name)
    if (job === undefined) return json(response, 404, outcome('not-found', 'no such job'))
    if (job.polls > 0) {
      job.polls--
      response.setHeader('X-Progress', `${job.polls} to go`)
      return json(response, 202, {})
    }
    json(response, 200, this.#manifest(name, Number(page)))
  }

  #manifest(job: string, page: number): unknown {
    const size = this.setup.pageSize ?? this.setup.files.length
    const files = this.setup.files
      .map((file, index) => ({ ...file, url: `${this.origin}/file/${job}/${index}` }))
      .slice(page * size, (page + 1) * size)
    const of = (section: string) =>
      files
        .filter((file) => (file.section ?? 'output') === section)
        .map(({ type, url, count }) => ({
          ...(type === undefined ? {} : { type }),
          url,
          ...(count === undefined ? {} : { count }),
        }))
    const more = (page + 1) * size < this.setup.files.length
    const manifest = {
      transactionTime: this.setup.transactionTime ?? '2026-03-01T00:00:00Z',
      request: `${this.origin}/fhir/$export`,
      requiresAccessToken: this.setup.auth !== undefined && this.setup.auth !== 'none',
      output: of('output'),
      error: of('error'),
      ...(of('outcome').length > 0 ? { outcome: of('outcome') } : {}),
      ...(of('deleted').length > 0 ? { deleted: of('deleted') } : {}),
      ...(more ? { link: [{ relation: 'next', url: `${this.origin}/status/${job}/${page + 1}` }] } : {}),
    }
    return this.setup.manifest?.(manifest, this.origin) ?? manifest
  }

  #file(met: Met, response: ServerResponse): void {
    const [, , job = '', index = ''] = met.path.split('/')
    const file = this.setup.files[Number(index)]
    if (file === undefined || !this.#jobs.has(job)) return json(response, 410, outcome('not-found', 'expired'))
    sendFile(response, file)
  }

  #delete(met: Met, response: ServerResponse): void {
    const job = met.path.split('/')[2] ?? ''
    const known = this.#jobs.delete(job)
    json(response, known ? 202 : 404, known ? {} : outcome('not-found', 'no such job'))
  }
}

const leftOf = (faults: readonly Fault[]): Left[] => faults.map((fault) => ({ fault, times: fault.times ?? 1 }))

function stepOf(method: string, path: string): Step {
  if (path === '/fhir/.well-known/smart-configuration') return 'well-known'
  if (path === '/fhir/metadata') return 'metadata'
  if (path === '/token') return 'token'
  if (path.endsWith('/$export')) return 'kick-off'
  if (path.startsWith('/status/')) return method === 'DELETE' ? 'delete' : 'status'
  return path.startsWith('/file/') ? 'file' : 'other'
}

const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8') || '{}') as Record<string, unknown>

/** Sends a file as a sound server does. */
export function sendFile(response: ServerResponse, file: ServedFile): void {
  const body = file.gzip === true ? gzipSync(file.text) : Buffer.from(file.text)
  if (file.gzip === true) response.setHeader('Content-Encoding', 'gzip')
  response.setHeader('Content-Type', 'application/fhir+ndjson')
  response.setHeader('Content-Length', body.length)
  response.end(body)
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(value))
}

export const outcome = (code: string, diagnostics: string, severity = 'error'): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, diagnostics }],
})
