import { z } from 'zod'
import { type BulkServer, fault } from '../base/index.ts'
import { type Answer, readAnswer } from './answer.ts'
import { clientTls } from './client-tls.ts'
import { exchange } from './exchange.ts'
import { ownHeaders } from './own-headers.ts'
import { baseOf, checkTransport, shownUrl } from './server-address.ts'

/** What a server says of how to get a token. Whatever it leaves out is empty, never a fault. */
export interface Discovered {
  readonly tokenUrl: string | undefined
  /** `.well-known/smart-configuration`, the CapabilityStatement, or nothing. */
  readonly from: 'smart-configuration' | 'capability-statement' | 'nothing'
  readonly capabilities: readonly string[]
  readonly scopes: readonly string[]
  readonly authMethods: readonly string[]
  readonly algorithms: readonly string[]
}

const texts = z.array(z.string()).catch([])

const smartConfiguration = z.object({
  token_endpoint: z.string(),
  capabilities: texts,
  scopes_supported: texts,
  token_endpoint_auth_methods_supported: texts,
  token_endpoint_auth_signing_alg_values_supported: texts,
})

const extension = z.object({ url: z.string(), valueUri: z.string().optional().catch(undefined) })
const capabilityStatement = z.object({
  rest: z.array(
    z.object({
      security: z
        .object({ extension: z.array(extension.extend({ extension: z.array(extension).catch([]) })).catch([]) })
        .optional(),
    }),
  ),
})

const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'
const nothing = { capabilities: [], scopes: [], authMethods: [], algorithms: [] } as const

/**
 * Asks a server where tokens are: its SMART configuration, else its CapabilityStatement. Faults: those of the
 * connection; a server that says nothing is no fault here.
 */
export async function discover(server: BulkServer): Promise<Discovered> {
  const wellKnown = await get(server, '.well-known/smart-configuration', 'application/json')
  const smart = smartConfiguration.safeParse(wellKnown.json)
  if (wellKnown.status === 200 && smart.success) {
    return {
      tokenUrl: smart.data.token_endpoint,
      from: 'smart-configuration',
      capabilities: smart.data.capabilities,
      scopes: smart.data.scopes_supported,
      authMethods: smart.data.token_endpoint_auth_methods_supported,
      algorithms: smart.data.token_endpoint_auth_signing_alg_values_supported,
    }
  }
  const metadata = await get(server, 'metadata', 'application/fhir+json')
  const tokenUrl = metadata.status === 200 ? tokenUrlOf(metadata.json) : undefined
  return { ...nothing, tokenUrl, from: tokenUrl === undefined ? 'nothing' : 'capability-statement' }
}

function tokenUrlOf(json: unknown): string | undefined {
  const statement = capabilityStatement.safeParse(json)
  if (!statement.success) return undefined
  return statement.data.rest
    .flatMap((rest) => rest.security?.extension ?? [])
    .filter((found) => found.url === oauthUris)
    .flatMap((found) => found.extension)
    .find((found) => found.url === 'token')?.valueUri
}

async function get(server: BulkServer, path: string, accept: string): Promise<Answer> {
  const url = checkTransport(new URL(path, baseOf(server)), server)
  const silenceMs = server.requestSeconds * 1000
  return readAnswer(
    await exchange({
      method: 'GET',
      url,
      headers: { Accept: accept, ...ownHeaders(server, url) },
      silenceMs,
      tls: clientTls(server),
    }),
  )
}

/** The token URL: as configured, else as discovered. Fault: `bulk/no-token-url`. */
export function tokenUrlFor(
  server: BulkServer,
  configured: string | undefined,
  discovered: Discovered | undefined,
): URL {
  const text = configured ?? discovered?.tokenUrl
  if (text !== undefined && URL.canParse(text)) return checkTransport(new URL(text), server)
  throw fault('input', 'bulk/no-token-url', `${shownUrl(baseOf(server))} does not say where tokens are.`, {
    remedy: 'Check baseUrl, or set auth.tokenUrl.',
  })
}
