import { z } from 'zod'
import type { CdsFhirServer } from '../../base/index.ts'
import { readSecret } from '../../bulk/index.ts'
import { isObject } from '../../fhir/index.ts'

/** A FHIR server that pages are opened from. */
export type LaunchServer = CdsFhirServer & { readonly launch: NonNullable<CdsFhirServer['launch']> }

/** Why a launch ended; each is told to the user in words of its own. */
export type LaunchFault = 'not-configured' | 'server' | 'no-pkce' | 'expired' | 'refused' | 'no-patient'

export type Launched<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: LaunchFault }

const failed = (fault: LaunchFault) => ({ ok: false, fault }) as const

const configuration = z.looseObject({
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  code_challenge_methods_supported: z.array(z.string()).optional(),
})

export interface Endpoints {
  readonly authorize: URL
  readonly token: URL
}

const mostBytes = 1_048_576
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

const mayBeAsked = (url: URL, server: LaunchServer): boolean =>
  url.protocol === 'https:' || (server.plainLoopback && loopbackHosts.includes(url.hostname))

const baseOf = ({ baseUrl }: LaunchServer): string => `${baseUrl.replace(/\/+$/, '')}/`

/** Where the EHR gives codes and tokens out (SMART App Launch 2.2, `.well-known/smart-configuration`). */
export async function discoverEndpoints(server: LaunchServer, signal: AbortSignal): Promise<Launched<Endpoints>> {
  const url = new URL('.well-known/smart-configuration', baseOf(server))
  const read = configuration.safeParse(await fetchJson(server, url, { signal }))
  if (!read.success) return failed('server')
  const { authorization_endpoint, token_endpoint, code_challenge_methods_supported: methods } = read.data
  if (methods !== undefined && !methods.includes('S256')) return failed('no-pkce')
  const endpoints = { authorize: new URL(authorization_endpoint), token: new URL(token_endpoint) }
  return Object.values(endpoints).every((one) => mayBeAsked(one, server))
    ? { ok: true, value: endpoints }
    : failed('server')
}

const tokenAnswer = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: z.string().regex(/^bearer$/i),
  patient: z
    .string()
    .regex(/^[A-Za-z0-9\-.]{1,64}$/)
    .optional(),
  id_token: z.string().max(16_384).optional(),
  appContext: z.string().max(2000).optional(),
})

export interface CodeExchange {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
}

/** What the EHR says of a launch: whose chart, who looks, and the Patient as it has it. The token ends here. */
export interface LaunchContext {
  readonly patientId: string
  readonly birthDate: unknown
  readonly gender: unknown
  /** Who opened it, as the EHR names them; undefined where it does not. */
  readonly user?: string
  readonly appContext?: string
}

/** Redeems a code (PKCE) and reads the Patient of the launch. */
export async function redeemCode(
  server: LaunchServer,
  endpoints: Endpoints,
  exchange: CodeExchange,
  signal: AbortSignal,
): Promise<Launched<LaunchContext>> {
  const { clientId, clientSecret } = server.launch
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: exchange.code,
    redirect_uri: exchange.redirectUri,
    code_verifier: exchange.verifier,
    ...(clientSecret === undefined ? { client_id: clientId } : {}),
  })
  const secret = clientSecret === undefined ? undefined : readSecret(clientSecret)
  const answer = tokenAnswer.safeParse(
    await fetchJson(server, endpoints.token, {
      signal,
      method: 'POST',
      body: form.toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(secret === undefined ? {} : { Authorization: basic(clientId, secret) }),
      },
    }),
  )
  if (!answer.success) return failed('refused')
  const { access_token: token, patient: patientId, id_token: idToken, appContext } = answer.data
  if (patientId === undefined) return failed('no-patient')
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/fhir+json, application/json' }
  const patient = await fetchJson(server, new URL(`Patient/${patientId}`, baseOf(server)), { signal, headers })
  if (!isObject(patient) || patient['resourceType'] !== 'Patient' || patient['id'] !== patientId)
    return failed('no-patient')
  const user = idToken === undefined ? undefined : userOf(idToken, clientId)
  return {
    ok: true,
    value: {
      patientId,
      birthDate: patient['birthDate'],
      gender: patient['gender'],
      ...(user === undefined ? {} : { user }),
      ...(appContext === undefined ? {} : { appContext }),
    },
  }
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`
}

const formEncoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+')

const idClaims = z.looseObject({
  sub: z.string().min(1),
  aud: z.union([z.string(), z.array(z.string())]),
  fhirUser: z.string().optional(),
})

/**
 * Who an ID token of ours is about. It came from the token endpoint itself over TLS, so that its signature need not
 * be checked (OpenID Connect Core, 3.1.3.7); it names who looked in the audit, and opens nothing.
 */
function userOf(idToken: string, clientId: string): string | undefined {
  try {
    const text = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8')
    const claims = idClaims.safeParse(JSON.parse(text))
    if (!claims.success || ![claims.data.aud].flat().includes(clientId)) return undefined
    const named = claims.data.fhirUser?.split('/').slice(-2).join('/') ?? claims.data.sub
    return named.replaceAll(/[^\w./@-]/g, '').slice(0, 100)
  } catch {
    return undefined
  }
}

interface Asking {
  readonly signal: AbortSignal
  readonly method?: 'POST'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The JSON of an answer 200, without redirects, of a bounded size; undefined for whatever is none. */
async function fetchJson(server: LaunchServer, url: URL, init: Asking): Promise<unknown> {
  if (!mayBeAsked(url, server)) return undefined
  try {
    const response = await fetch(url, {
      ...init,
      headers: { Accept: 'application/json', ...init.headers },
      redirect: 'error',
    })
    if (!response.ok || Number(response.headers.get('content-length') ?? 0) > mostBytes) {
      await response.body?.cancel()
      return undefined
    }
    const text = await response.text()
    return text.length > mostBytes ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
