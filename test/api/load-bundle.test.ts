import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { fakeApplication } from './fake-application.ts'

const post = async (body: string, path = '/fhir?source=hill', type = 'application/fhir+json') => {
  const application = await fakeApplication([], () => expect.unreachable())
  const app = await createApp({ application, host: '127.0.0.1' })
  const response = await app.request(`http://127.0.0.1${path}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': type },
  })
  const { session } = application.store
  const raws = await session.all<{ raw: string }>('SELECT raw FROM resource WHERE NOT deleted ORDER BY type, id')
  const audit = await readAuditRows(session, 10)
  await application.close()
  return { status: response.status, json: (await response.json()) as object, raws: raws.map(({ raw }) => raw), audit }
}

const patient = `{ "resourceType": "Patient",\n "id": "p", "birthDate": "1960-01-01", "gender": "female" }`
const bundle = (entries: string, type = 'transaction') =>
  `{"resourceType":"Bundle","type":"${type}","entry":[${entries}]}`

test('a transaction is loaded, each resource as it stands in it, and each entry is answered', async () => {
  const gone = '{"request":{"method":"DELETE","url":"Patient/q"}}'
  const { status, json, raws, audit } = await post(
    bundle(`{"resource":${patient},"request":{"method":"PUT","url":"Patient/p"}},${gone}`),
  )
  expect(status).toBe(200)
  expect(json).toMatchObject({
    type: 'transaction-response',
    entry: [
      { response: { status: '200 OK', location: 'Patient/p' } },
      { response: { status: '204 No Content', location: 'Patient/q' } },
    ],
  })
  expect(raws).toEqual([patient])
  expect(audit).toMatchObject([{ action: 'load-bundle', userId: 'local' }])
})

test.each([
  ['no JSON', '{', undefined, undefined, 422],
  ['a type that is no way in', bundle('', 'searchset'), undefined, undefined, 422],
  ['an entry without an id', bundle('{"resource":{"resourceType":"Patient"}}'), undefined, undefined, 422],
  ['a source that has no name', bundle(`{"resource":${patient}}`), '/fhir?source=A B', undefined, 400],
  ['nobody to say whose it is', bundle(`{"resource":${patient}}`), '/fhir', undefined, 400],
  ['another media type', bundle(`{"resource":${patient}}`), undefined, 'text/plain', 415],
])('%s is refused whole, as an OperationOutcome', async (_name, body, path, type, status) => {
  const answer = await post(body, path, type)
  expect(answer).toMatchObject({ status, json: { resourceType: 'OperationOutcome' }, raws: [] })
})
