import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, addressOf, type RequestScope, type Route, roles } from '../access/index.ts'
import type { CompositeMeasure, InstalledMeasure } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import { type Application, readIndividualReport } from '../jobs/index.ts'
import { giveUpAnswer, readAnswer, readAnswerFile } from './answer-later.ts'
import { capabilityStatement } from './capability-statement.ts'
import { careGapsOf } from './care-gaps.ts'
import { collectDataOf } from './collect-data.ts'
import { libraryRequirements, measureRequirements } from './data-requirements.ts'
import { evaluateMeasure } from './evaluate-measure.ts'
import { answerIssues, answerOutcome, answerResource } from './fhir-answer.ts'
import { loadBundle } from './load-bundle.ts'
import { findMeasure } from './measure-named.ts'
import { orRefusal } from './report-faults.ts'
import { wrongField } from './wrong-field.ts'

type MeasureShown = InstalledMeasure | CompositeMeasure

const everyRole: AccessRule = { kind: 'aggregate', roles }
const people = (action: string): AccessRule => ({ kind: 'patient', roles: ['admin', 'quality', 'clinician'], action })

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
      handle: (context) => searchMeasures(context, [...application.measures, ...(application.composites ?? [])]),
    },
    ...operationRoutes('evaluate-measure', (context, scope) => evaluateMeasure(context, scope, application)),
    ...operationRoutes('care-gaps', (context, scope) => careGapsOf(context, scope, application)),
    ...operationRoutes('collect-data', (context, scope) => collectDataOf(context, scope, application)),
    ...operationRoutes('data-requirements', (context) => measureRequirements(context, application), everyRole),
    ...operationRoutes(
      'data-requirements',
      (context) => libraryRequirements(context, application),
      everyRole,
      '/fhir/Library',
    ),
    {
      method: 'GET',
      path: '/fhir/MeasureReport/:id',
      rule: people('read-report'),
      handle: (context, scope) => readReport(context, scope, application),
    },
    {
      method: 'GET',
      path: '/fhir/async/:id',
      rule: people('read-answer'),
      handle: (context, scope) => readAnswer(context, scope, application),
    },
    {
      method: 'GET',
      path: '/fhir/async/:id/:file',
      rule: people('read-answer'),
      handle: (context, scope) => readAnswerFile(context, scope, application),
    },
    {
      method: 'DELETE',
      path: '/fhir/async/:id',
      rule: people('give-up-answer'),
      handle: (context, scope) => giveUpAnswer(context, scope, application),
    },
    {
      method: 'GET',
      path: '/fhir/Measure/:id',
      rule: everyRole,
      handle: (context) => readMeasure(context, [...application.measures, ...(application.composites ?? [])]),
    },
  ]
}

/** An operation: on the type and on one resource of it, by GET and by POST. Before `Measure/:id`, which would take its name for an id. */
function operationRoutes(
  name: string,
  handle: Route['handle'],
  rule: AccessRule = people(name),
  type = '/fhir/Measure',
): readonly Route[] {
  const paths = [`${type}/$${name}`, `${type}/:id/$${name}`]
  const methods = ['GET', 'POST'] as const
  return paths.flatMap((path) => methods.map((method) => ({ method, path, rule, handle })))
}

function readMeasure(context: Context, measures: readonly MeasureShown[]): Response {
  const found = findMeasure(measures, { id: context.req.param('id') ?? '' })
  if (!found.ok) return answerIssues(context, found.status, [found.issue])
  return answerResource(context, resourceOf(found.measure))
}

function readReport(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  return orRefusal(context, async () => {
    const { report, pids } = await readIndividualReport(application, context.req.param('id') ?? '')
    scope.read({ pids })
    return answerResource(context, report)
  })
}

/** The resource under the id by which the server knows it. */
const resourceOf = (measure: MeasureShown): Resource => ({ ...measure.resource, id: measure.id })

const query = z.strictObject({
  _id: z.string().optional(),
  url: z.string().optional(),
  _format: z.string().optional(),
})

function searchMeasures(context: Context, measures: readonly MeasureShown[]): Response {
  const parsed = query.safeParse(context.req.query())
  if (!parsed.success) return answerOutcome(context, 400, 'invalid', parsed.error.issues.map(queryFault))
  const { _id: id, url } = parsed.data
  const found = measures.filter(
    (measure) =>
      (id === undefined || id.split(',').includes(measure.id)) &&
      (url === undefined || url === measure.url || url === `${measure.url}|${measure.version}`),
  )
  const entry = found.map((measure) => ({
    fullUrl: new URL(`/fhir/Measure/${measure.id}`, addressOf(context)).href,
    resource: resourceOf(measure),
    search: { mode: 'match' },
  }))
  return answerResource(context, {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [{ relation: 'self', url: addressOf(context).href }],
    ...(entry.length === 0 ? {} : { entry }),
  })
}

/** A fault of a query as a diagnostic: the parameter and what is wrong with it, never its value. */
function queryFault(issue: z.core.$ZodIssue) {
  const { name: element, what } = wrongField(issue)
  return { code: 'api/invalid-query', message: `${element}: ${what}.`, place: { element } }
}
