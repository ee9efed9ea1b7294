import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { defaultConfig, silentProgress } from '../../src/base/index.ts'
import { type Application, loadData } from '../../src/jobs/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { openStore, readAuditRows } from '../../src/store/index.ts'
import { lines, newFolder, observation, patient, write } from '../ingest/written-export.ts'
import { local, testedMeasure, valueSets } from '../run/local-codes.ts'
import { applicationOver, period } from '../run/made-run.ts'

let application: Application
let app: Hono

beforeAll(async () => {
  const store = await openStore({ path: ':memory:' })
  const high = { valueQuantity: { value: 9.8, unit: '%' } }
  const facts = [observation('1', 'a', high), observation('2', 'b', { code: { coding: [local] }, ...high })]
  const path = write(newFolder(), { 'all.ndjson': lines(patient('a'), patient('b'), ...facts) })
  await loadData(store, { path, source: 'hill', config: defaultConfig, progress: silentProgress })
  application = await applicationOver(store, [await testedMeasure()], { valueSets })
  app = await createApp({ application, host: '127.0.0.1', pageRoutes: pageRoutes(application) })
})
afterAll(() => application.close())

async function call(method: string, path: string, body?: unknown) {
  const headers = body === undefined ? {} : { 'content-type': 'application/fhir+json' }
  const response = await app.request(`http://127.0.0.1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const run = () => application.evaluateRun({ period }, silentProgress)
const numerator = async () => {
  const { body } = await call('GET', '/api/scorecard')
  return (body['measures'] as readonly Record<string, unknown>[])[0]?.['numerator']
}
const conceptMap = (equivalence: string, target = '4548-4') => ({
  resourceType: 'ConceptMap',
  group: [
    {
      source: local.system,
      target: 'https://loinc.org',
      element: [{ code: local.code, target: [{ code: target, equivalence }] }],
    },
  ],
})

test('listed, proposed as a ConceptMap, its effect shown, approved, counted by the next run, and given as a ConceptMap', async () => {
  await run()
  expect(await numerator()).toBe(1)
  expect((await call('GET', '/api/mapping/unmapped')).body).toMatchObject({
    unmapped: [{ source: 'hill', kind: 'code', value: 'A1C', count: 1, candidates: [{ code: '4548-4' }] }],
  })
  const proposed = await call('POST', '/fhir/ConceptMap', conceptMap('equivalent'))
  expect(proposed).toMatchObject({ status: 200, body: { resourceType: 'OperationOutcome' } })
  expect(proposed.body).toMatchObject({
    issue: [{ severity: 'information', details: { text: '1 maps are proposed: 1.' } }],
  })
  const effect = await call('GET', '/api/mapping/effect?map=1')
  expect(effect.body).toMatchObject({
    resources: 1,
    persons: 1,
    groups: [{ measureId: 'Tested', rateBefore: 0.5, rateAfter: 1 }],
  })
  expect((await call('GET', '/fhir/ConceptMap/caregap-approved')).body).not.toHaveProperty('group')
  expect((await call('POST', '/api/mapping/maps/1/approve')).body).toMatchObject({
    mapId: 1,
    state: 'approved',
    approvedBy: 'local',
    approvedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/) as string,
  })
  await run()
  expect(await numerator()).toBe(2)
  const { body } = await call('GET', '/fhir/ConceptMap/caregap-approved')
  expect(body).toMatchObject({
    resourceType: 'ConceptMap',
    status: 'active',
    group: [{ source: local.system, target: 'http://loinc.org', element: [{ code: 'A1C' }] }],
  })
  // What is given can be sent again: it is the same map.
  expect((await call('POST', '/api/mapping/maps', body)).body).toEqual({ mapIds: [1], leftOut: [] })
  const pid = 2
  const explained = await app.request(
    `http://127.0.0.1/api/runs/2/persons/${pid}/measures/Tested/explanation?format=text`,
  )
  expect(await explained.text()).toContain(
    `[mapped: ${local.system}|A1C -> http://loinc.org|4548-4 (map 1, approved by local on `,
  )
  expect((await call('POST', '/api/mapping/maps/1/retire')).body).toMatchObject({ state: 'retired' })
  await run()
  expect(await numerator()).toBe(1)
})

test.each([
  ['a target that is merely related', conceptMap('relatedto'), 'the target is "relatedto"'],
  ['a target that is narrower', conceptMap('narrower'), 'the target is "narrower"'],
  ['a code that no measure reads', conceptMap('equal', '0000-0'), 'No installed measure reads'],
])('%s is left out, and said', async (_what, body, message) => {
  const { status, body: outcome } = await call('POST', '/fhir/ConceptMap', body)
  expect(status).toBe(200)
  const issues = outcome['issue'] as readonly {
    readonly severity: string
    readonly details: { readonly text: string }
  }[]
  expect(issues.map(({ severity }) => severity)).toEqual(['information', 'warning'])
  expect(issues[0]?.details.text).toMatch(/^0 maps/)
  expect(issues[1]?.details.text).toContain(message)
})

test('what is no map is refused: OperationOutcome below /fhir, JSON below /api', async () => {
  expect(await call('POST', '/fhir/ConceptMap', { resourceType: 'Patient' })).toMatchObject({
    status: 422,
    body: { resourceType: 'OperationOutcome', issue: [{ details: { text: 'There is no ConceptMap here.' } }] },
  })
  expect(await call('POST', '/fhir/ConceptMap', { resourceType: 'ConceptMap', group: [{}] })).toMatchObject({
    status: 422,
    body: { issue: [{ diagnostics: expect.stringContaining('terminology/malformed-concept-map') as string }] },
  })
  expect(await call('GET', '/fhir/ConceptMap/gone')).toMatchObject({ status: 404 })
  const unit = { kind: 'unit', fromValue: 'mmol/mol', toCode: '%' }
  expect(await call('POST', '/api/mapping/maps', unit)).toMatchObject({
    status: 422,
    body: { diagnostics: [{ message: expect.stringContaining('a meaning of its own') as string }] },
  })
  for (const [method, path] of [
    ['POST', '/api/mapping/maps/99/approve'],
    ['POST', '/api/mapping/maps/x/approve'],
    ['GET', '/api/mapping/effect'],
  ] as const)
    expect((await call(method, path)).status, path).toBeGreaterThanOrEqual(400)
})

const page = async (path: string, body?: Readonly<Record<string, string>>) => {
  const form = body === undefined ? {} : { method: 'POST', body: new URLSearchParams(body) }
  const response = await app.request(`http://127.0.0.1${path}`, form)
  const text = (await response.text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  return { status: response.status, location: response.headers.get('location') ?? '', text }
}

test('on the pages: listed, proposed, its effect shown before approval, approved, retired, each with who and when', async () => {
  expect((await page('/mapping')).text).toMatch(
    /urn:hill:lab A1C Hemoglobin A1c blood hill Code of Observation 1 LOINC 4548-4/,
  )
  const proposal = { kind: 'code', source: 'hill', fromSystem: local.system, fromValue: local.code }
  const target = { toSystem: 'http://loinc.org', toCode: '4548-4', back: '/mapping' }
  const { status, location } = await page('/mapping/maps', { ...proposal, ...target })
  expect([status, location]).toEqual([303, expect.stringMatching(/^\/mapping\/maps\/\d+$/)])
  const proposed = await page(location)
  expect(proposed.text).toContain('It touches 1 fact of 1 person.')
  expect(proposed.text).toMatch(/Measure Tested 50\.0% 100\.0% 2 \+1 2/)
  // A release tells neither the counts of few nor what would tell them.
  const released = await page(`${location}?purpose=release`)
  expect(released.text).toMatch(
    /It touches few facts; how many is hidden.*Measure Tested hidden hidden hidden hidden hidden/,
  )
  expect((await page('/mapping?purpose=release')).text).toMatch(/A1C hill Code of Observation hidden LOINC 4548-4/)
  expect((await page(`${location}/approve`, {})).location).toBe(location)
  expect((await page(location)).text).toMatch(/Approved, version 1 .*Approved by local, Jan 2, 2026, 03:04 UTC/)
  const [audit] = await readAuditRows(application.store.session, 1)
  expect(audit).toMatchObject({ action: 'approve-map', userId: 'local' })
  // Who decides by a page that is older than another's decision changes nothing.
  expect(await page(`${location}/approve`, {})).toMatchObject({
    status: 409,
    text: expect.stringContaining('Nothing was changed') as string,
  })
  await page(`${location}/retire`, {})
  expect((await page(location)).text).toMatch(/Retired by local/)
  expect(await page('/mapping/maps', { ...proposal, ...target, toCode: '0000-0' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('mapping to it would change nothing') as string,
  })
  expect((await page('/mapping?colour=red')).status).toBe(400)
  expect((await page('/mapping/maps/99')).status).toBe(404)
})
