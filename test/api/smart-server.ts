import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What an EHR's authorization server was asked, and how it misbehaves. */
export interface SmartServer {
  readonly base: string
  /** Requests by path. */
  readonly asked: { readonly path: string; readonly authorization?: string; readonly body: string }[]
  /** Parts that take the place of what it would answer. */
  faults: {
    readonly configuration?: Readonly<Record<string, unknown>>
    readonly token?: Readonly<Record<string, unknown>>
    readonly patient?: Readonly<Record<string, unknown>>
  }
  close(): void
}

export interface SmartServerParts {
  readonly clientId: string
  readonly clientSecret?: string
  readonly patient: Readonly<Record<string, unknown>>
  readonly user: string
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * An EHR made for tests: its SMART configuration, an authorization endpoint that says yes at once, a token endpoint
 * that redeems each code once and only with its verifier, and one Patient.
 */
export async function startSmartServer({
  clientId,
  clientSecret,
  patient,
  user,
}: SmartServerParts): Promise<SmartServer> {
  const asked: SmartServer['asked'] = []
  const codes = new Map<string, { readonly challenge: string; readonly redirectUri: string }>()
  const server = createServer((request, response) => {
    void readBody(request).then((body) => answer(request, response, body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  const made: SmartServer = { base, asked, faults: {}, close: () => server.close() }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const url = new URL(request.url ?? '', base)
    const { authorization } = request.headers
    asked.push({ path: url.pathname, body, ...(authorization === undefined ? {} : { authorization }) })
    const say = (status: number, value: unknown, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(value))
    }
    if (url.pathname === '/fhir/.well-known/smart-configuration')
      return say(200, {
        authorization_endpoint: `${new URL(base).origin}/authorize`,
        token_endpoint: `${new URL(base).origin}/token`,
        code_challenge_methods_supported: ['S256'],
        ...made.faults.configuration,
      })
    if (url.pathname === '/authorize') return authorize(url, say)
    if (url.pathname === '/token') return redeem(new URLSearchParams(body), authorization, say)
    if (authorization === 'Bearer patient-token' && url.pathname === `/fhir/Patient/${String(patient['id'])}`)
      return say(200, { ...patient, ...made.faults.patient })
    return say(404, {})
  }

  type Say = (status: number, value: unknown, headers?: Readonly<Record<string, string>>) => void

  function authorize({ searchParams: given }: URL, say: Say): void {
    const redirectUri = given.get('redirect_uri') ?? ''
    const wrong =
      given.get('response_type') !== 'code' ||
      given.get('client_id') !== clientId ||
      given.get('aud') !== base ||
      given.get('launch') !== 'launch-1' ||
      given.get('code_challenge_method') !== 'S256'
    const back = new URL(redirectUri)
    back.searchParams.set('state', given.get('state') ?? '')
    if (wrong) back.searchParams.set('error', 'invalid_request')
    else {
      const code = randomUUID()
      codes.set(code, { challenge: given.get('code_challenge') ?? '', redirectUri })
      back.searchParams.set('code', code)
    }
    say(302, {}, { location: back.href })
  }

  function redeem(form: URLSearchParams, authorization: string | undefined, say: Say): void {
    const known = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isClient =
      clientSecret === undefined
        ? form.get('client_id') === clientId
        : authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    if (known?.challenge !== challenge || known.redirectUri !== form.get('redirect_uri') || !isClient)
      return say(400, { error: 'invalid_grant' })
    const claims = { sub: 'u7', aud: clientId, fhirUser: `${base}/${user}` }
    say(200, {
      access_token: 'patient-token',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'launch patient/Patient.r',
      patient: patient['id'],
      id_token: `${encode({ alg: 'none' })}.${encode(claims)}.x`,
      ...made.faults.token,
    })
  }
  return made
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
