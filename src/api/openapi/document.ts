import { z } from 'zod'
import type { Route } from '../../access/index.ts'
import { problem, type RouteDoc, routeDocs } from './route-docs.ts'

type Json = Readonly<Record<string, unknown>>

/** Routes that the document tells of: the JSON face. FHIR has its CapabilityStatement, CDS Hooks its discovery. */
export const isDocumented = ({ path }: Pick<Route, 'path'>): boolean => path.startsWith('/api/')

const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`

/** The OpenAPI 3.1 document of the routes below `/api`: made of their declarations and of the schemas that check requests. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes.filter(isDocumented)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, routeDocs[keyOf(route)]) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'caregap',
      version,
      description: 'Measures, care gaps and work on them. FHIR is at /fhir/metadata, CDS Hooks at /cds-services.',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, login: { type: 'http', scheme: 'basic' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  }
}

function operationOf(route: Route, doc: RouteDoc | undefined): Json {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  return {
    operationId: keyOf(route).replaceAll(/[^A-Za-z0-9]+/g, '-'),
    summary: doc?.summary ?? '',
    description: accessOf(route),
    ...(route.rule.kind === 'public' ? {} : { security: [{ token: [] }, { login: [] }] }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...(doc?.query === undefined ? [] : queryParameters(doc.query)),
    ],
    ...(doc?.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(doc.body, 'input') } } } }),
    responses: {
      ...answersOf(route, doc),
      ...problems,
      ...(route.method === 'GET' ? {} : bodyProblems),
      ...otherAnswers(doc),
    },
  }
}

/** Who may call it, in words, as the access rule decides it. */
function accessOf({ rule }: Route): string {
  if (rule.kind === 'public') return 'Open to everybody.'
  const who = `For ${rule.roles.join(', ')}.`
  return rule.kind === 'patient'
    ? `${who} Reads people’s data: each call is written down (${rule.action}).`
    : `${who} Counts, never a person.`
}

function answersOf(route: Route, doc: RouteDoc | undefined): Json {
  const schema = doc?.answer === undefined ? {} : schemaOf(doc.answer, 'output')
  const content = Object.fromEntries(
    (doc?.produces ?? ['application/json']).map((type) => [type, type === 'application/json' ? { schema } : {}]),
  )
  const tagged =
    route.method === 'GET' ? { 304: { description: 'It has not changed since the tag of If-None-Match.' } } : {}
  return { 200: { description: 'The answer.', content }, ...tagged }
}

/** What the statuses of problems mean. */
const meanings: Readonly<Record<number, string>> = {
  400: 'Not understood; the parameter is named, its value is not.',
  401: 'Log in first.',
  403: 'Not for this role, or not for people of other practices.',
  404: 'There is no such thing.',
  409: 'It changed meanwhile.',
  413: 'The body is too large.',
  415: 'The body is no JSON.',
  422: 'The body was refused.',
  503: 'The database cannot answer now.',
}

const problemsOf = (statuses: readonly number[]): Json =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: meanings[status] ?? '',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )

const problems = problemsOf([400, 401, 403, 404, 409, 503])
const bodyProblems = problemsOf([413, 415, 422])

/** Answers of other statuses that are no problem, instead of what stands for it. */
function otherAnswers(doc: RouteDoc | undefined): Json {
  const told = Object.entries(doc?.otherwise ?? {}).map(([status, byType]) => {
    const content = Object.entries(byType).map(([type, schema]) => [type, { schema: schemaOf(schema, 'output') }])
    return [status, { description: meanings[Number(status)] ?? '', content: Object.fromEntries(content) }]
  })
  return Object.fromEntries(told)
}

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json
  return rest
}
