import { expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { changedPersons, dataSnapshot, type Store } from '../../src/store/index.ts'
import { byMemberId as config, sure } from './same-person.ts'
import { lines, newFolder, newStore, observation, patient, write } from './written-export.ts'

async function refresh(store: Store, source: string, ...resources: readonly object[]): Promise<string> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress: silentProgress })
  return dataSnapshot(store.session)
}

const medication = (code: string): object => ({ resourceType: 'Medication', id: 'm1', code: { text: code } })
const request = (id: string, of: string): object => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${of}` },
  medicationReference: { reference: 'https://ehr.example/fhir/Medication/m1' },
})

test('after a refresh those are known whose facts changed, and nobody else', async () => {
  const store = await newStore()
  const people = [patient('a'), patient('b'), patient('c'), patient('d')]
  const first = await refresh(store, 'hill', ...people, observation('1', 'a'), observation('2', 'b'))
  expect(await changedPersons(store.session, first)).toEqual({ changed: [], attributed: [], gone: [] })
  // The same again, one changed, one moved from b to c.
  const second = await refresh(
    store,
    'hill',
    ...people,
    observation('1', 'a', { status: 'amended' }),
    observation('2', 'c'),
  )
  expect(await changedPersons(store.session, first)).toEqual({ changed: [1, 2, 3], attributed: [], gone: [] })
  expect(await changedPersons(store.session, second)).toEqual({ changed: [], attributed: [], gone: [] })
})

test('a resource of no patient changes everybody who refers to it', async () => {
  const store = await newStore()
  const first = await refresh(store, 'hill', patient('a'), patient('b'), request('r', 'b'), medication('one'))
  await refresh(store, 'hill', patient('a'), patient('b'), request('r', 'b'), medication('two'))
  expect((await changedPersons(store.session, first))?.changed).toEqual([2])
})

test('two who become one person: both are to be looked at, and one pid is gone', async () => {
  const store = await newStore()
  await refresh(store, 'hill', patient('a', sure('77')))
  const first = await refresh(store, 'dale', patient('x'), patient('y'))
  await refresh(store, 'dale', patient('x'), patient('y', sure('77')))
  expect(await changedPersons(store.session, first)).toEqual({ changed: [1], attributed: [], gone: [3] })
})

test('of data that are not complete, or a snapshot that never was, nothing is said', async () => {
  const store = await newStore()
  const first = await refresh(store, 'hill', patient('a'))
  expect(await changedPersons(store.session, 'some other')).toBeUndefined()
  await store.session.run(`INSERT INTO job (job_id, kind, origin, state, published_seq, started_at)
    VALUES (99, 'ingest', 'x', 'published', 99, now()::TIMESTAMP)`)
  expect(await changedPersons(store.session, first)).toBeUndefined()
})
