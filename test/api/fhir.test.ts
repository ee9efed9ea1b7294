import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { fakeApplication } from './fake-application.ts'
import { evaluate, glycemic, medicated } from './patient-view.ts'
import { served } from './served.ts'

type Json = Readonly<Record<string, unknown>>

const { app } = await served(fakeApplication([glycemic, medicated], evaluate))

async function read(path: string, status = 200): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`)
  expect(response.status).toBe(status)
  return (await response.json()) as Json
}

test('the CapabilityStatement names what the server takes', async () => {
  const response = await app.request('http://127.0.0.1/fhir/metadata')
  expect(response.headers.get('content-type')).toMatch(/^application\/fhir\+json/)
  expect(await response.json()).toMatchObject({
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    kind: 'instance',
    rest: [{ mode: 'server', resource: expect.arrayContaining([expect.objectContaining({ type: 'Measure' })]) }],
  })
})

test('measures are found, by id and by canonical, and read one by one', async () => {
  const found = async (query: string) =>
    ((await read(`/fhir/Measure${query}`))['entry'] as { resource: Json }[] | undefined)?.map(
      ({ resource }) => resource['id'],
    )
  expect(await found('')).toEqual(['glycemic', 'medicated'])
  expect(await found('?_id=medicated')).toEqual(['medicated'])
  expect(await found('?url=http://example.org/Measure/glycemic|1.0.0')).toEqual(['glycemic'])
  expect(await found('?url=http://example.org/Measure/none')).toBeUndefined()
  expect(await read('/fhir/Measure/glycemic')).toMatchObject({ resourceType: 'Measure', id: 'glycemic' })
})

test('what is not there, or not known, is an OperationOutcome', async () => {
  expect(await read('/fhir/Measure/none', 404)).toMatchObject({ issue: [{ code: 'not-found' }] })
  expect(await read('/fhir/Measure?colour=red', 400)).toMatchObject({
    issue: [{ code: 'invalid', expression: ['colour'] }],
  })
  expect(await read('/fhir/Patient', 404)).toMatchObject({ resourceType: 'OperationOutcome' })
})

test('health and readiness', async () => {
  expect(await read('/health')).toMatchObject({ status: 'ok' })
  expect(await read('/ready')).toEqual({ status: 'ready', checks: { store: true, measures: true, pulls: true } })
})

test('with no measure installed the server lives and is not ready', async () => {
  const empty = await fakeApplication([], evaluate)
  const bare = await createApp({ application: empty, host: '127.0.0.1' })
  expect((await bare.request('http://127.0.0.1/health')).status).toBe(200)
  expect((await bare.request('http://127.0.0.1/ready')).status).toBe(503)
  await empty.close()
})

test('a store that does not answer is not ready, and the reason goes to the log alone', async () => {
  const closed = await fakeApplication([glycemic], evaluate)
  const bare = await createApp({ application: closed, host: '127.0.0.1' })
  closed.store.session.close()
  const response = await bare.request('http://127.0.0.1/ready')
  expect(response.status).toBe(503)
  const checks = { store: false, measures: true, pulls: false }
  expect(await response.json()).toEqual({ status: 'not-ready', checks })
  expect(closed.logged.join()).toContain('store-does-not-answer')
})
