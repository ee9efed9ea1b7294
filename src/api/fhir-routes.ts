import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, type Route, roles } from '../access/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { Application } from '../jobs/index.ts'
import { capabilityStatement } from './capability-statement.ts'
import { evaluateMeasure, noMeasure, queryFault } from './evaluate-measure.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'
import { loadBundle } from './load-bundle.ts'

const everyRole: AccessRule = { kind: 'aggregate', roles }
const people: AccessRule = { kind: 'patient', roles: ['admin', 'quality', 'clinician'], action: 'evaluate-measure' }

/** The FHIR face: what this server can do, the installed measures, `$evaluate-measure`, and Bundles to load. */
export function fhirRoutes(application: Application, version: string): readonly Route[] {
  const started = application.clock.now().toISOString()
  const capabilities = capabilityStatement(started, version)
  return [
    {
      method: 'GET',
      path: '/fhir/metadata',
      rule: { kind: 'public' },
      handle: (context) => answerResource(context, capabilities),
    },
    {
      method: 'POST',
      path: '/fhir',
      rule: { kind: 'patient', roles: ['admin'], action: 'load-bundle' },
      handle: (context, scope) => loadBundle(context, scope, application),
    },
    {
      method: 'GET',
      path: '/fhir/Measure',
      rule: everyRole,
      handle: (context) => searchMeasures(context, application.measures),
    },
    {
      method: 'GET',
      path: '/fhir/Measure/:id',
      rule: everyRole,
      handle: (context) => readMeasure(context, application.measures),
    },
    {
      method: 'GET',
      path: '/fhir/Measure/:id/$evaluate-measure',
      rule: people,
      handle: (context, scope) => evaluateMeasure(context, scope, application),
    },
  ]
}

function readMeasure(context: Context, measures: readonly InstalledMeasure[]): Response {
  const id = context.req.param('id') ?? ''
  const measure = measures.find((candidate) => candidate.id === id)
  if (measure === undefined) return answerOutcome(context, 404, 'not-found', [noMeasure(id)])
  return answerResource(context, resourceOf(measure))
}

/** The resource under the id by which the server knows it. */
const resourceOf = (measure: InstalledMeasure): Resource => ({ ...measure.resource, id: measure.id })

const query = z.strictObject({
  _id: z.string().optional(),
  url: z.string().optional(),
  _format: z.string().optional(),
})

function searchMeasures(context: Context, measures: readonly InstalledMeasure[]): Response {
  const parsed = query.safeParse(context.req.query())
  if (!parsed.success) return answerOutcome(context, 400, 'invalid', parsed.error.issues.map(queryFault))
  const { _id: id, url } = parsed.data
  const found = measures.filter(
    (measure) =>
      (id === undefined || id.split(',').includes(measure.id)) &&
      (url === undefined || url === measure.url || url === `${measure.url}|${measure.version}`),
  )
  const entry = found.map((measure) => ({
    fullUrl: new URL(`/fhir/Measure/${measure.id}`, context.req.url).href,
    resource: resourceOf(measure),
    search: { mode: 'match' },
  }))
  return answerResource(context, {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [{ relation: 'self', url: context.req.url }],
    ...(entry.length === 0 ? {} : { entry }),
  })
}
