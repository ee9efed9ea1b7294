import { expect, test } from 'vitest'
import { apiRoutes, createApp } from '../../src/api/index.ts'
import { isDocumented } from '../../src/api/openapi/document.ts'
import { routeDocs } from '../../src/api/openapi/route-docs.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'

interface Operation {
  readonly summary: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
}

test('the document has every route below /api, with what it takes, and nothing that is not there', async () => {
  const application = await openSeededApplication()
  const app = await createApp({ application, host: '127.0.0.1' })
  const response = await app.request('http://127.0.0.1/api/openapi.json')
  expect(response.status).toBe(200)
  const document = (await response.json()) as {
    readonly openapi: string
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
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

test('what a route answers has exactly the members that the document tells of', async () => {
  const application = await openSeededApplication()
  const app = await createApp({ application, host: '127.0.0.1' })
  const asked: readonly (readonly [route: string, path: string])[] = [
    ['GET /api/measures', '/api/measures'],
    ['GET /api/scorecard', '/api/scorecard'],
    ['GET /api/scorecard', '/api/scorecard?purpose=release'],
    ['GET /api/measures/:id/members', '/api/measures/blood-pressure/members?population=all'],
    ['GET /api/gaps', '/api/gaps?measure=glycemic-status'],
    ['GET /api/worklist', '/api/worklist?limit=20'],
    ['GET /api/runs', '/api/runs'],
    ['GET /api/mapping/unmapped', '/api/mapping/unmapped'],
    ['GET /api/mapping/unmapped', '/api/mapping/unmapped?purpose=release'],
    ['GET /api/mapping/maps', '/api/mapping/maps'],
    ['GET /api/mapping/effect', '/api/mapping/effect?map=1'],
  ]
  const faults: unknown[] = []
  for (const [route, path] of asked) {
    const response = await app.request(`http://127.0.0.1${path}`)
    const parsed = routeDocs[route]?.answer?.safeParse(await response.json())
    if (response.status !== 200 || parsed?.success !== true)
      faults.push([path, response.status, parsed?.error?.issues.slice(0, 3)])
  }
  expect(faults).toEqual([])
  await application.close()
})
