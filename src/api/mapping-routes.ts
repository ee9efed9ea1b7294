import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, type RequestScope, type Route, seesEverybody } from '../access/index.ts'
import { CaregapError, fault } from '../base/index.ts'
import { isResource } from '../fhir/index.ts'
import {
  type Application,
  conceptMapIds,
  decideMaps,
  effectOfMaps,
  listUnmapped,
  listZonedFacts,
  type MappingAuthor,
  type MappingContext,
  proposeConceptMap,
  proposeLocalDays,
  proposeMap,
  safeEffects,
  safeUnmapped,
  storedConceptMap,
} from '../jobs/index.ts'
import { readCodeMaps } from '../store/index.ts'
import { mapKinds } from '../terminology/index.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'
import { answerJson, taggedJson } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { wrongField } from './wrong-field.ts'

/** What the data say in codes of their own is counted, never told of a person. */
const counts: AccessRule = { kind: 'aggregate', roles: ['admin', 'quality'] }
/** Approval changes what every rate counts: each decision leaves an audit row. */
const deciders = (action: string): AccessRule => ({ kind: 'patient', roles: ['admin'], action })

/** A route whose answer is JSON. */
function json(
  method: Route['method'],
  path: string,
  rule: AccessRule,
  answer: (context: Context, scope: RequestScope) => Promise<unknown>,
): Route {
  return { method, path, rule, handle: (request, scope) => answerJson(request, scope, () => answer(request, scope)) }
}

/** Code mapping: what no measure reads, translations of it (JSON and ConceptMap), their effect, and decisions. */
export function mappingRoutes(application: Application): readonly Route[] {
  const context = contextOf(application)
  const decide = (state: 'approved' | 'retired') => async (request: Context, scope: RequestScope) => {
    scope.read({ pids: [] })
    const { principal } = scope
    const mapId = idOf(request.req.param('id') ?? '')
    await application.oneAtATime(() => decideMaps({ ...context, user: principal.userId }, [mapId], state))
    application.logger.log('info', 'map-decided', { mapId, state, user: principal.userId })
    return mapOf(context, mapId)
  }
  return [
    json('GET', '/api/mapping/unmapped', counts, async (request, scope) => {
      const { purpose } = purposeOf(request)
      return { unmapped: safeUnmapped(await listUnmapped(context), isSafeFor(scope, purpose)) }
    }),
    json('GET', '/api/mapping/maps', counts, async () => ({ maps: await readCodeMaps(context.store.session) })),
    json('POST', '/api/mapping/maps', counts, async (request, scope) =>
      propose(application, await bodyOf(request), scope),
    ),
    json('GET', '/api/mapping/effect', counts, (request, scope) => effect(context, request, scope)),
    json('POST', '/api/mapping/maps/:id/approve', deciders('approve-map'), decide('approved')),
    json('POST', '/api/mapping/maps/:id/retire', deciders('retire-map'), decide('retired')),
    {
      method: 'GET',
      path: '/api/mapping/days',
      rule: { kind: 'patient', roles: ['admin'], action: 'list-zoned-facts' },
      handle: async (request, scope) => {
        const found = await listZonedFacts(context, application.config)
        scope.read({ pids: [...new Set(found.facts.flatMap(({ pid }) => pid ?? []))] })
        return taggedJson(request, found)
      },
    },
    { method: 'GET', path: '/fhir/ConceptMap', rule: counts, handle: (request) => searchMaps(request, context) },
    { method: 'GET', path: '/fhir/ConceptMap/:id', rule: counts, handle: (request) => readMap(request, context) },
    {
      method: 'POST',
      path: '/fhir/ConceptMap',
      rule: counts,
      handle: (request, { principal }) => proposeResource(request, { ...context, user: principal.userId }),
    },
  ]
}

const contextOf = ({ store, measures, valueSets, clock }: Application): MappingContext => ({
  store,
  measures,
  valueSets,
  clock,
})

const idText = z.string().regex(/^[1-9]\d{0,8}$/)

function idOf(text: string): number {
  const parsed = idText.safeParse(text)
  if (parsed.success) return Number(parsed.data)
  throw fault('usage', 'api/invalid-query', 'A map is named by its number.', { place: { element: 'map' } })
}

const text = z.string().max(2000)
/** What may be proposed, for the documentation too; a FHIR ConceptMap is taken as well. */
export const proposal = z.strictObject({
  kind: z.enum(mapKinds).default('code'),
  source: text.nullable().default(null),
  fromSystem: text.default(''),
  fromValue: text.default(''),
  toSystem: text.default(''),
  toCode: text.default(''),
})

async function propose(application: Application, body: unknown, { principal }: RequestScope): Promise<unknown> {
  const context = { ...contextOf(application), user: principal.userId }
  if (isResource(body)) return proposeConceptMap(context, body, {})
  const parsed = proposal.safeParse(body)
  if (!parsed.success) {
    const { name, what } = wrongField(parsed.error.issues[0])
    throw refusedProposal(
      name,
      name === '' ? 'This is neither a proposal nor a ConceptMap.' : `The field ${name}: ${what}.`,
    )
  }
  for (const name of ['fromValue', 'toCode'] as const)
    if (parsed.data.kind !== 'day' && parsed.data[name].trim() === '')
      throw refusedProposal(name, `The field ${name}: is empty.`)
  const { kind, source } = parsed.data
  if (kind === 'day') return mapOf(context, await proposeLocalDays(context, application.config, source ?? ''))
  return mapOf(context, await proposeMap(context, parsed.data))
}

const refusedProposal = (element: string, message: string) =>
  fault('input', 'api/invalid-body', message, {
    place: { element },
    remedy: 'Send {kind, source, fromSystem, fromValue, toSystem, toCode} or a FHIR R4 ConceptMap.',
  })

async function mapOf({ store }: MappingContext, mapId: number): Promise<unknown> {
  return (await readCodeMaps(store.session)).find((map) => map.mapId === mapId) ?? {}
}

/** What small counts are hidden for: work with the people, or a release. */
export const mappingQuery = z.strictObject({ purpose: z.enum(['work', 'release']).default('work') })

function purposeOf(request: Context): z.infer<typeof mappingQuery> {
  const parsed = mappingQuery.safeParse(request.req.query())
  if (parsed.success) return parsed.data
  const element = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
  throw fault('usage', 'api/invalid-query', 'The only parameter is purpose: work or release.', { place: { element } })
}

const isSafeFor = ({ principal }: RequestScope, purpose: string): boolean =>
  purpose === 'release' || !seesEverybody(principal)

async function effect(context: MappingContext, request: Context, scope: RequestScope): Promise<unknown> {
  const ids = (request.req.queries('map') ?? []).map(idOf)
  const { map: _ids, ...rest } = request.req.query()
  const purpose = mappingQuery.safeParse(rest)
  if (ids.length > 0 && purpose.success)
    return safeEffects(await effectOfMaps(context, ids), isSafeFor(scope, purpose.data.purpose))
  const message = 'The effect is asked of maps: map=1&map=2, and of a purpose: work or release.'
  throw fault('usage', 'api/invalid-query', message, { place: { element: 'map' } })
}

async function bodyOf(request: Context): Promise<unknown> {
  const body = await readJsonBody(request.req.raw)
  if (body.ok) return body.value
  throw fault('input', 'api/invalid-body', body.message, { remedy: body.remedy })
}

async function searchMaps(request: Context, { store }: MappingContext): Promise<Response> {
  const found = [await storedConceptMap(store, 'approved'), await storedConceptMap(store, 'proposed')]
  const entry = found.map((resource) => ({
    fullUrl: new URL(`/fhir/ConceptMap/${resource.id ?? ''}`, request.req.url).href,
    resource,
    search: { mode: 'match' },
  }))
  return answerResource(request, { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry })
}

async function readMap(request: Context, { store }: MappingContext): Promise<Response> {
  const id = request.req.param('id')
  const state = (['approved', 'proposed'] as const).find((one) => conceptMapIds[one] === id)
  if (state !== undefined) return answerResource(request, await storedConceptMap(store, state))
  const remedy = `There are ${Object.values(conceptMapIds).join(' and ')}.`
  return answerOutcome(request, 404, 'not-found', [
    { code: 'api/no-concept-map', message: 'There is no such ConceptMap.', remedy },
  ])
}

/** A ConceptMap that is sent becomes proposals; each translation that was not taken is an issue of the answer. */
async function proposeResource(request: Context, context: MappingAuthor): Promise<Response> {
  const body = await readJsonBody(request.req.raw)
  if (!body.ok)
    return answerOutcome(request, body.status, 'invalid', [
      { code: 'api/invalid-body', message: body.message, remedy: body.remedy },
    ])
  try {
    const { mapIds, leftOut } = await proposeConceptMap(context, body.value, {})
    const told = {
      code: 'jobs/maps-proposed',
      severity: 'information' as const,
      message: `${mapIds.length} maps are proposed: ${mapIds.join(', ')}.`,
    }
    return answerOutcome(request, 200, 'informational', [told, ...leftOut])
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
    return answerOutcome(request, 422, 'invalid', thrown.diagnostics)
  }
}
