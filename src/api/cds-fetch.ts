import type { CdsConfig, CdsFhirServer, Diagnostic } from '../base/index.ts'
import { danglingReferences, type HookRequest, type PrefetchPlan, queryOf, readAnswers } from '../cards/index.ts'
import { isObject, isResource, type Resource } from '../fhir/index.ts'
import { mayRead } from './cds-scope.ts'
import { readJsonBody } from './json-body.ts'
import { baseAddress, isLoopback } from './web-address.ts'

/** A request whose prefetch holds what could be fetched, and what there is to say about what could not. */
export interface Completed {
  readonly request: HookRequest
  readonly remarks: readonly Diagnostic[]
}

const mostPages = 20
const mostReferences = 50

interface Reader {
  readonly base: string
  readonly request: HookRequest
  readonly signal: AbortSignal
}

/**
 * Fetches what the prefetch of a service lacks from the client's own server: only where its address is configured,
 * with the call's token, which goes nowhere else, and within a bounded time. What was sent whole is not asked for
 * again, and neither is what the client tried and got an error for. Faults of the server leave a key as it was.
 */
export async function completePrefetch(
  request: HookRequest,
  plan: PrefetchPlan,
  config: CdsConfig,
): Promise<Completed> {
  const missing = [...readAnswers(request, plan)].flatMap(([key, answer]) =>
    answer.satisfied || !mayBeFetched(answer.reason) ? [] : [key],
  )
  const types = new Set([...plan.referred.values()].flatMap((one) => [...one]))
  if (request.fhirServer === undefined || (missing.length === 0 && types.size === 0)) return { request, remarks: [] }
  const server = allowedServer(request.fhirServer, config)
  if (server === undefined) return { request, remarks: missing.length === 0 ? [] : [notAllowed] }
  const reader: Reader = {
    base: baseAddress(server.baseUrl) ?? '',
    request,
    signal: AbortSignal.timeout(config.fetchSeconds * 1000),
  }
  const fetched = await Promise.all(
    missing.map(
      async (key) => [key, await fetchKey(reader, plan.types.get(key) ?? '', request.prefetch.get(key))] as const,
    ),
  )
  const prefetch = new Map(request.prefetch)
  for (const [key, value] of fetched) if (value !== undefined) prefetch.set(key, value)
  const completed = { ...request, prefetch }
  return { request: await withReferred(reader, completed, plan, types), remarks: [] }
}

/** What the client reports as an error it already tried; null is an answer. */
const mayBeFetched = (reason: string): boolean => !reason.includes('OperationOutcome') && reason !== 'is null'

function allowedServer(address: string, config: CdsConfig): CdsFhirServer | undefined {
  const base = baseAddress(address)
  const server = config.fhirServers.find(({ baseUrl }) => baseAddress(baseUrl) === base)
  if (server === undefined || base === undefined) return undefined
  const url = new URL(base)
  return url.protocol === 'https:' || (server.plainLoopback && isLoopback(url)) ? server : undefined
}

const notAllowed: Diagnostic = {
  code: 'cards/fhir-server-unknown',
  severity: 'information',
  message: 'What is missing is not fetched: the fhirServer of the call is not among those configured here.',
  place: { element: 'fhirServer' },
  remedy: 'Add its base URL under cds.fhirServers in the configuration, or send the prefetch whole.',
}

/** One key: the rest of a page that was sent, else the whole query. */
async function fetchKey(reader: Reader, type: string, sent: unknown): Promise<unknown> {
  if (!mayRead(reader.request.access?.scope, type, type !== 'Patient')) return undefined
  const started = isResource(sent) && sent.resourceType === 'Bundle' && nextOf(sent) !== undefined ? sent : undefined
  if (type === 'Patient') return get(reader, queryOf(type, reader.request.patientId))
  const entries: unknown[] = []
  let bundle: unknown = started ?? (await get(reader, queryOf(type, reader.request.patientId)))
  for (let pages = 0; pages < mostPages; pages++) {
    if (!isResource(bundle) || bundle.resourceType !== 'Bundle') return bundle
    entries.push(...(Array.isArray(bundle['entry']) ? (bundle['entry'] as unknown[]) : []))
    const next = nextOf(bundle)
    if (next === undefined) return { ...bundle, link: [], entry: entries }
    bundle = await get(reader, next)
  }
  return undefined
}

function nextOf(bundle: Resource): string | undefined {
  const links = Array.isArray(bundle['link']) ? bundle['link'].filter(isObject) : []
  const url = links.find(({ relation }) => relation === 'next')?.['url']
  return typeof url === 'string' ? url : undefined
}

/** Resources that fetched or sent ones refer to and that came without them (medications), beside the ones that name them. */
async function withReferred(
  reader: Reader,
  request: HookRequest,
  plan: PrefetchPlan,
  types: ReadonlySet<string>,
): Promise<HookRequest> {
  if (types.size === 0) return request
  const all = [...readAnswers(request, plan).values()].flatMap((one) => (one.satisfied ? one.resources : []))
  const dangling = danglingReferences([...all, ...request.resources], [...all, ...request.resources], types)
  const named = [...new Set(dangling.map(({ reference, to }) => localReference(reference, to)))]
  const wanted = named.filter((one): one is string => one !== undefined).slice(0, mostReferences)
  const found = await Promise.all(
    wanted
      .filter((one) => mayRead(reader.request.access?.scope, one.split('/')[0] ?? '', false))
      .map((one) => get(reader, one)),
  )
  const resources = found.filter(isResource).filter(({ resourceType }) => types.has(resourceType))
  const [firstSearch] = [...plan.types].filter(([key, type]) => type !== 'Patient' && isWhole(request, plan, key))
  if (resources.length === 0 || firstSearch === undefined) return request
  const [key] = firstSearch
  const before = request.prefetch.get(key)
  const entries = isResource(before) && Array.isArray(before['entry']) ? (before['entry'] as unknown[]) : []
  const entry = [...entries, ...resources.map((resource) => ({ resource, search: { mode: 'include' } }))]
  const bundle = isResource(before) ? { ...before, entry } : { resourceType: 'Bundle', type: 'searchset', entry }
  return { ...request, prefetch: new Map(request.prefetch).set(key, bundle) }
}

const isWhole = (request: HookRequest, plan: PrefetchPlan, key: string): boolean =>
  readAnswers(request, plan).get(key)?.satisfied === true

function localReference(reference: string, type: string): string | undefined {
  const id = reference.split('/_history/')[0]?.split('/').at(-1) ?? ''
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? `${type}/${id}` : undefined
}

/** A read or search below the base address, with the token; undefined for whatever is no JSON answer. */
async function get({ base, request, signal }: Reader, path: string): Promise<unknown> {
  if (!URL.canParse(path, base)) return undefined
  const url = new URL(path, base)
  // A `next` link may lead anywhere: the token goes to the base address only.
  if (!url.href.startsWith(base) || url.username !== '') return undefined
  const token = request.access?.token
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal,
      headers: {
        Accept: 'application/fhir+json, application/json',
        'Accept-Encoding': 'identity',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
    })
    if (!response.ok) {
      await response.body?.cancel()
      return undefined
    }
    const body = await readJsonBody(response)
    return body.ok ? body.value : undefined
  } catch {
    return undefined
  }
}
