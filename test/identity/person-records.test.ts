import { expect, test } from 'vitest'
import type { PersonRecord, Resource } from '../../src/fhir/index.ts'
import { readPersonRecord, recordFromResources, streamPersonRecords } from '../../src/identity/index.ts'
import type { Store } from '../../src/store/index.ts'
import { openStoreWith } from './fixture.ts'

const patient = (id: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  gender: 'female',
  ...more,
})
const observation = (id: string, subject: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id,
  subject: { reference: subject },
  ...more,
})
const practitioner = (id: string, name: string): Resource => ({
  resourceType: 'Practitioner',
  id,
  name: [{ family: name }],
})

async function records(store: Store): Promise<PersonRecord[]> {
  const found: PersonRecord[] = []
  for await (const record of streamPersonRecords(store.session, { fromPid: 0, toPid: 100 })) found.push(record)
  return found
}

const merge = (store: Store) => store.session.run('UPDATE source_patient SET pid = 1')

test('two sources with the same ids never meet', async () => {
  const store = await openStoreWith(
    ['hill', 'lake'].map((source) => ({
      source,
      resources: [
        patient('1'),
        practitioner('9', source),
        observation('5', 'Patient/1', { performer: [{ reference: 'Practitioner/9' }] }),
      ],
    })),
  )
  await merge(store)
  const [record] = await records(store)
  const byId = new Map(record?.entries.map((entry) => [entry.resource.id, entry.resource]))
  for (const source of ['hill', 'lake']) {
    expect(byId.get(`${source}.5`)?.['performer']).toEqual([{ reference: `Practitioner/${source}.9` }])
    expect(byId.get(`${source}.9`)?.['name']).toEqual([{ family: source }])
  }
})

test('a person of two sources has one Patient, and every reference to either leads to it', async () => {
  const store = await openStoreWith([
    { source: 'hill', resources: [patient('1'), observation('5', 'Patient/1')] },
    {
      source: 'lake',
      base: 'https://lake.example/fhir',
      resources: [patient('2'), observation('6', 'https://lake.example/fhir/Patient/2')],
    },
  ])
  await merge(store)
  const all = await records(store)
  expect(all).toHaveLength(1)
  const [record] = all
  const patients = record?.entries.filter((entry) => entry.type === 'Patient') ?? []
  expect(patients.map((entry) => entry.resource)).toEqual([record?.patient])
  const subjects = record?.entries.flatMap((entry) => (entry.type === 'Observation' ? [entry.resource['subject']] : []))
  expect(subjects).toEqual([
    { reference: `Patient/${record?.patient.id}` },
    { reference: `Patient/${record?.patient.id}` },
  ])
})

test('entries come in rid order, whatever the order of loading', async () => {
  const resources = [patient('1'), ...['a', 'b', 'c', 'd'].map((id) => observation(id, 'Patient/1'))]
  const first = await records(await openStoreWith([{ source: 'hill', resources }]))
  const second = await records(await openStoreWith([{ source: 'hill', resources: resources.toReversed() }]))
  expect(second).toEqual(first)
  const rids = first[0]?.entries.map((entry) => BigInt(entry.rid)) ?? []
  expect(rids).toEqual([...rids].sort((a, b) => (a < b ? -1 : 1)))
})

test('a prefetch of the same resources gives the same record, with pid 0', async () => {
  const resources = [patient('1'), ...['a', 'b', 'c', 'd'].map((id) => observation(id, 'Patient/1'))]
  const [stored] = await records(await openStoreWith([{ source: 'hill', resources }]))
  const sent = recordFromResources('hill', resources)
  expect(sent.ok && sent.value).toEqual({ ...stored, pid: 0 })
})

test('a patient without a Patient resource has a record without demographics', async () => {
  const store = await openStoreWith([
    { source: 'hill', resources: [observation('5', 'Patient/lost')], dangling: ['lost'] },
  ])
  const [record] = await records(store)
  expect(record?.patient).toEqual({ resourceType: 'Patient', id: 'hill.lost' })
  expect(record?.entries.map((entry) => entry.resource['subject'])).toEqual([{ reference: 'Patient/hill.lost' }])
})

test('one person by pid, and nobody where there is none', async () => {
  const store = await openStoreWith([{ source: 'hill', resources: [patient('1'), patient('2')] }])
  expect((await readPersonRecord(store.session, 2))?.patient.id).toBe('hill.2')
  expect(await readPersonRecord(store.session, 3)).toBeUndefined()
})
