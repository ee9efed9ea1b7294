import { expect, test } from 'vitest'
import { z } from 'zod'
import { apiRoutes, createApp } from '../../src/api/index.ts'
import { isDocumented } from '../../src/api/openapi/document.ts'
import { routeDocs } from '../../src/api/openapi/route-docs.ts'
import type { Session } from '../../src/duck/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { changeFew } from './few-people.ts'

type Json = Readonly<Record<string, unknown>>

interface Operation {
  readonly summary: string
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>
  >
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
}

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Json }
}

/** The schema that the document gives for a JSON answer. */
function schemaTold({ paths, components }: Document, route: string, status: number): z.ZodType {
  const [method = '', path = ''] = route.split(' ')
  const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
  const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema
  if (schema === undefined) throw new Error(`The document tells of no ${status} of ${route}.`)
  const named = /^#\/components\/schemas\/(\w+)$/.exec(String(schema['$ref']))?.[1]
  return z.fromJSONSchema((named === undefined ? schema : components.schemas[named]) as never)
}

test('the document has every route below /api, with what it takes, and nothing that is not there', async () => {
  const application = await openSeededApplication()
  const app = await createApp({ application, host: '127.0.0.1' })
  const response = await app.request('http://127.0.0.1/api/openapi.json')
  expect(response.status).toBe(200)
  const document = (await response.json()) as Document
  expect(document.openapi).toBe('3.1.0')
  const told = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  const routes = apiRoutes(application).filter(isDocumented)
  expect(told.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted())
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations)) expect(operation.summary).not.toBe('')
  const worklist = document.paths['/api/worklist']?.['get']
  expect(worklist?.parameters.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['measure', 'status', 'due-by', 'after', 'limit', 'format']),
  )
  const compare = document.paths['/api/runs/compare']?.['get']
  expect(compare?.parameters.every(({ required }) => required)).toBe(true)
  // Commands are there only where a server runs them; everything else that is told exists.
  const known = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  const stale = Object.keys(routeDocs).filter((key) => !known.has(key) && !key.startsWith('POST /api/commands/'))
  expect(stale).toEqual([])
  await application.close()
})

test('every route that answers with JSON has a schema of its answer', () => {
  // The document does not describe itself.
  const without = Object.entries(routeDocs).filter(
    ([, { answer, produces }]) =>
      answer === undefined && (produces ?? ['application/json']).includes('application/json'),
  )
  expect(without.map(([route]) => route)).toEqual(['GET /api/openapi.json'])
})

/** Two runs between which people changed, with who was whose patient in each. */
async function twoRuns(session: Session): Promise<void> {
  await changeFew(session, 8)
  for (const run of [1, 2])
    await session.run(`INSERT INTO run_person SELECT ${run}, spid, coalesce(pid, spid) FROM source_patient`)
}

const gap = { pid: 3, measureId: 'glycemic-status', groupId: 'group-1' }
const assign = { action: 'assign', text: 'maria' }
const conceptMap = (code: string) => ({
  resourceType: 'ConceptMap',
  group: [
    {
      source: 'urn:harbor:problems',
      target: 'http://hl7.org/fhir/sid/icd-10-cm',
      element: [{ code: 'T2', target: [{ code, equivalence: 'equivalent' }] }],
    },
  ],
})

test('what a route answers has exactly the members that the document tells of', async () => {
  const application = await openSeededApplication(twoRuns)
  const app = await createApp({ application, host: '127.0.0.1' })
  const asked: readonly (readonly [route: string, path: string, body?: object, status?: number])[] = [
    ['GET /api/measures', '/api/measures'],
    ['GET /api/scorecard', '/api/scorecard'],
    ['GET /api/scorecard', '/api/scorecard?purpose=release'],
    ['GET /api/measures/:id/members', '/api/measures/blood-pressure/members?population=all'],
    ['GET /api/measures/:id/strata', '/api/measures/blood-pressure/strata?by=practice'],
    ['GET /api/measures/:id/strata', '/api/measures/blood-pressure/strata?by=provider&purpose=release'],
    ['GET /api/gaps', '/api/gaps?measure=glycemic-status'],
    ['GET /api/persons/:pid', '/api/persons/3'],
    ['GET /api/worklist', '/api/worklist?limit=20'],
    ['POST /api/worklist/actions', '/api/worklist/actions', { ...assign, gaps: [{ ...gap, version: 0 }] }],
    ['POST /api/worklist/actions', '/api/worklist/actions', { ...assign, gaps: [{ ...gap, version: 0 }] }, 409],
    ['GET /api/runs', '/api/runs'],
    ['GET /api/runs', '/api/runs?purpose=release'],
    ['GET /api/runs/compare', '/api/runs/compare?before=1&after=2'],
    ['GET /api/mapping/unmapped', '/api/mapping/unmapped'],
    ['GET /api/mapping/unmapped', '/api/mapping/unmapped?purpose=release'],
    ['GET /api/mapping/maps', '/api/mapping/maps'],
    ['POST /api/mapping/maps', '/api/mapping/maps', conceptMap('E11.9')],
    ['POST /api/mapping/maps', '/api/mapping/maps', conceptMap('no-such-code')],
    ['GET /api/mapping/days', '/api/mapping/days'],
    ['GET /api/mapping/effect', '/api/mapping/effect?map=1'],
    ['GET /api/cds/counts', '/api/cds/counts'],
    ['GET /api/cds/counts', '/api/cds/counts?purpose=release'],
  ]
  const document = (await (await app.request('http://127.0.0.1/api/openapi.json')).json()) as Document
  const faults: unknown[] = []
  const bodies = new Map<string, Record<string, unknown>>()
  for (const [route, path, body, status = 200] of asked) {
    const response = await app.request(`http://127.0.0.1${path}`, requestOf(body))
    const answer = (await response.json()) as Record<string, unknown>
    bodies.set(path, answer)
    const parsed = routeDocs[route]?.answer?.safeParse(answer)
    if (response.status !== status || parsed?.success !== true)
      faults.push([path, response.status, parsed?.error?.issues.slice(0, 3)])
    // What a reader has is the document: its own schema must take the answer too.
    const told = schemaTold(document, route, status).safeParse(answer)
    if (!told.success) faults.push([path, 'by the document', told.error.issues.slice(0, 3)])
  }
  expect(faults).toEqual([])
  expect(bodies.get('/api/runs/compare?before=1&after=2')).toMatchObject({
    changes: expect.arrayContaining([expect.objectContaining({ population: 'numerator', change: 'in' })]) as unknown,
    totals: [{ population: 'numerator', in: 8, out: 0 }],
  })
  await application.close()
})

const requestOf = (body: object | undefined): RequestInit =>
  body === undefined
    ? {}
    : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }

test('a refusal is as the document tells of it, and every answer has a tag by which it is not sent again', async () => {
  const application = await openSeededApplication(twoRuns)
  const app = await createApp({ application, host: '127.0.0.1' })
  const document = (await (await app.request('http://127.0.0.1/api/openapi.json')).json()) as Document
  const read = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1${path}`, { headers })
  for (const [route, path, status] of [
    ['GET /api/persons/:pid', '/api/persons/999999', 404],
    ['GET /api/gaps', '/api/gaps', 400],
    ['GET /api/runs/:run/results', '/api/runs/99/results', 404],
    ['GET /api/worklist', '/api/worklist?status=blue', 400],
  ] as const) {
    const response = await read(path)
    expect([path, response.status]).toEqual([path, status])
    expect(schemaTold(document, route, status).safeParse(await response.json()).error).toBeUndefined()
  }
  for (const path of [
    '/api/measures',
    '/api/scorecard',
    '/api/worklist',
    '/api/worklist?format=csv',
    '/api/gaps?measure=glycemic-status&format=arrow',
    '/api/runs/1/results',
    '/api/mapping/days',
    '/api/cds/counts',
    '/api/cds/counts.parquet',
  ]) {
    const tag = (await read(path)).headers.get('etag') ?? 'none'
    const again = await read(path, { 'if-none-match': tag })
    expect([path, again.status, await again.text()]).toEqual([path, 304, ''])
  }
  await application.close()
})
