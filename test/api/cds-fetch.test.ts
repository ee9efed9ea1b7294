import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { type FakeApplication, fakeApplication } from './fake-application.ts'
import { evaluate, glycemic, medicated, prefetchOf, requestOf, result, searchset } from './patient-view.ts'

// A rows and P8: what the prefetch lacks is fetched from the client's own server, and from no other.

type Handler = (request: IncomingMessage, response: ServerResponse) => void
let asked: { readonly path: string; readonly authorization: string | undefined }[] = []
let elsewhere = 0
let handler: Handler
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? '', authorization: request.headers.authorization })
  handler(request, response)
})
const other = createServer((_, response) => {
  elsewhere += 1
  response.end('{}')
})

let application: FakeApplication
let app: Hono
let base = ''
let foreign = ''

const whole: Record<string, unknown> = { ...prefetchOf(result(9.8)), serviceRequest: searchset() }
const resources: Record<string, unknown> = {
  '/fhir/Patient/p1': whole['patient'],
  '/fhir/Encounter?patient=p1': whole['encounter'],
  '/fhir/Observation?patient=p1': whole['observation'],
  '/fhir/MedicationRequest?patient=p1': whole['medicationRequest'],
  '/fhir/ServiceRequest?patient=p1': whole['serviceRequest'],
}

const answerWith =
  (table: Readonly<Record<string, unknown>>): Handler =>
  (request, response) => {
    const found = table[request.url ?? '']
    response.statusCode = found === undefined ? 404 : 200
    response.setHeader('content-type', 'application/fhir+json')
    response.end(JSON.stringify(found ?? { resourceType: 'OperationOutcome' }))
  }

beforeAll(async () => {
  for (const one of [server, other]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  foreign = `http://127.0.0.1:${(other.address() as AddressInfo).port}/fhir`
  const made = await fakeApplication([glycemic, medicated], evaluate)
  const fhirServers = [{ baseUrl: base, plainLoopback: true }]
  application = {
    ...made,
    config: { ...made.config, cds: { ...made.config.cds, fhirServers, fetchSeconds: 1 } },
  }
  app = await createApp({ application, host: '127.0.0.1' })
})
afterAll(async () => {
  for (const one of [server, other]) one.close()
  await application.close()
})
beforeEach(() => {
  asked = []
  elsewhere = 0
  handler = answerWith(resources)
})

const access = {
  access_token: 'secret-token',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/*.rs',
  subject: 'x',
}

async function call(prefetch: unknown, more: Record<string, unknown> = {}) {
  const response = await app.request('http://127.0.0.1/cds-services/caregap-patient-view', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(prefetch, { fhirServer: base, fhirAuthorization: access, ...more })),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const cardTexts = (body: Record<string, unknown>) =>
  (body['cards'] as { summary: string }[]).map(({ summary }) => summary)

test('A1 A2 A6 P8: without any prefetch the same cards come from the FHIR server, each request with the token', async () => {
  const fromPrefetch = await call(whole)
  expect(asked).toEqual([])
  const fetched = await call(undefined)
  expect(fetched.status).toBe(200)
  expect(cardTexts(fetched.body)).toEqual(cardTexts(fromPrefetch.body))
  expect(asked.map(({ path }) => path).sort()).toEqual(Object.keys(resources).sort())
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret-token']))
})

test('A6: nothing is fetched that was prefetched, null included', async () => {
  const { observation: _left, ...rest } = whole
  await call({ ...rest, medicationRequest: null })
  expect(asked.map(({ path }) => path)).toEqual(['/fhir/Observation?patient=p1'])
})

test('P11: what the client got an error for is not asked for again', async () => {
  const observation = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }
  await call({ ...whole, observation })
  expect(asked).toEqual([])
})

test('A3 G10: the token stands in no answer and in no log', async () => {
  handler = answerWith({})
  const { status, body } = await call(undefined)
  expect(status).toBe(412)
  expect(JSON.stringify(body) + application.logged.join('\n')).not.toContain('secret-token')
})

test('P12: the rest of a page that was sent is fetched by its next link', async () => {
  const page = { ...searchset(result(9.8)), total: 2, link: [{ relation: 'next', url: `${base}/page2` }] }
  handler = answerWith({ '/fhir/page2': { ...searchset(result(5, 'Hemoglobin A1c', 'o2')), total: 2 } })
  const { body } = await call({ ...whole, observation: page })
  expect(asked.map(({ path }) => path)).toEqual(['/fhir/page2'])
  expect(cardTexts(body)).toHaveLength(1)
})

test('A5: a next link to another origin, or out of the base, is not followed: absence is not inferred', async () => {
  for (const url of [`${foreign}/page2`, new URL('/secret', base).href, 'file:///etc/passwd']) {
    const page = { ...searchset(result(9.8)), total: 2, link: [{ relation: 'next', url }] }
    const { body } = await call({ ...whole, observation: page })
    const text = JSON.stringify(body)
    expect(text).toContain('"status":"unknown"')
  }
  expect(elsewhere).toBe(0)
  expect(asked).toEqual([])
})

test('A5: a redirect is not followed', async () => {
  handler = (_, response) => {
    response.writeHead(302, { location: `${foreign}/Patient/p1` })
    response.end()
  }
  expect((await call(undefined)).status).toBe(412)
  expect(elsewhere).toBe(0)
})

test.each([
  'http://169.254.169.254/latest',
  'http://localhost:1/fhir',
  'https://evil.example/fhir',
  'http://127.0.0.1/fhir',
])(
  'A5: %s is not among the configured servers, so nothing is sent there, and the answer says so',
  async (fhirServer) => {
    const { status, body } = await call(undefined, { fhirServer })
    expect(status).toBe(412)
    expect(JSON.stringify(body)).toContain('not among those configured')
    expect(elsewhere + asked.length).toBe(0)
  },
)

test('A5: a server that does not answer is waited for no longer than configured', async () => {
  handler = () => undefined
  const started = performance.now()
  expect((await call(undefined)).status).toBe(412)
  expect(performance.now() - started).toBeLessThan(5000)
})

test.each([
  ['v1', 'patient/Patient.read patient/Encounter.read patient/Observation.read'],
  ['v2', 'patient/Patient.r patient/Encounter.rs patient/Observation.rs launch'],
])('A7: scopes %s say what is asked for: the rest is not, and what needs it is unknown', async (_, scope) => {
  const { status, body } = await call(undefined, { fhirAuthorization: { ...access, scope } })
  expect(status).toBe(200)
  expect(asked.map(({ path }) => path).sort()).toEqual([
    '/fhir/Encounter?patient=p1',
    '/fhir/Observation?patient=p1',
    '/fhir/Patient/p1',
  ])
  expect(JSON.stringify(body)).toContain('"status":"unknown"')
})

test('A7: a v2 scope that lets resources be read but not searched does not search', async () => {
  await call(undefined, { fhirAuthorization: { ...access, scope: 'patient/*.r' } })
  expect(asked.map(({ path }) => path)).toEqual(['/fhir/Patient/p1'])
})

test('P13 P14: whatever the server sends, the answer is no 5xx, and another patient is refused', async () => {
  for (const text of ['', '{', '[]', 'null', '5', '{"resourceType":"Bundle","entry":5}', '['.repeat(5000)]) {
    handler = (_, response) => response.end(text)
    expect((await call(undefined)).status).toBe(412)
  }
  handler = answerWith({ ...resources, '/fhir/Patient/p1': { resourceType: 'Patient', id: 'p2' } })
  expect((await call(undefined)).status).toBe(400)
})
