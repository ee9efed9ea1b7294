import { expect, test } from 'vitest'
import { readMergedPatients } from '../../src/identity/index.ts'
import { deriveTyped, holdElements, openSlices, type Store } from '../../src/store/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

const columnsOf = async ({ session }: Store, type: string): Promise<readonly string[]> => {
  const rows = await session.all<{ name: string }>(
    `SELECT column_name AS name FROM duckdb_columns() WHERE table_name = $name ORDER BY column_index`,
    { name: `typed_${type.toLowerCase()}` },
  )
  return rows.map(({ name }) => name)
}

const fixed = ['pid', 'spid', 'rid', 'source_id', 'id', 'profile', 'irregular']

const hold = ({ session }: Store, type: string, ...elements: readonly string[]) =>
  holdElements(session, [{ type, elements }])

async function loaded(store: Store, ...resources: readonly object[]): Promise<Store> {
  await load(store, write(newFolder(), { 'all.ndjson': lines(...resources) }), { source: 'ehr' })
  return store
}

const two = (more: object = {}) => [patient('1'), observation('a', '1', more), observation('b', '1', { issued: 'x' })]

test('nothing is derived that nobody asked for; what is asked for is filled in from raw, and nothing else', async () => {
  const store = await loaded(await newStore(), ...two())
  expect(await deriveTyped(store.session)).toEqual([])
  expect(await hold(store, 'Observation', 'status')).toMatchObject([{ how: 'built', rows: 2 }])
  expect(await columnsOf(store, 'Observation')).toEqual([...fixed, 'status'])
  expect(await hold(store, 'Observation', 'status')).toEqual([])
  expect(await hold(store, 'Observation', 'subject', 'code')).toMatchObject([{ how: 'built', rows: 2 }])
  expect(await columnsOf(store, 'Observation')).toEqual([...fixed, 'status', 'code'])
  expect(await store.session.all('SELECT DISTINCT status, code IS NULL AS empty FROM typed_observation')).toEqual([
    { status: 'final', empty: false },
  ])
  expect(await columnsOf(store, 'Patient')).toEqual([])
})

test('a resource that changes later keeps every column that was asked for', async () => {
  const store = await loaded(await newStore(), ...two())
  await hold(store, 'Observation', 'status')
  await hold(store, 'Observation', 'value')
  await loaded(store, observation('a', '1', { status: 'amended', valueString: 'new' }))
  expect(await deriveTyped(store.session)).toMatchObject([{ type: 'Observation' }])
  expect(await store.session.all('SELECT id, status, "valueString" FROM typed_observation ORDER BY id')).toEqual([
    { id: 'ehr.a', status: 'amended', valueString: 'new' },
    { id: 'ehr.b', status: 'final', valueString: null },
  ])
})

test('a type without resources has an empty table of the columns that are read, and takes the first resource', async () => {
  const store = await loaded(await newStore(), patient('1'))
  expect(await hold(store, 'Observation', 'code', 'effective')).toMatchObject([{ how: 'built', rows: 0 }])
  expect(await store.session.all('SELECT code, "effectivePeriod" FROM typed_observation')).toEqual([])
  await loaded(store, ...two())
  await deriveTyped(store.session)
  expect(await store.session.all('SELECT count(*)::INTEGER AS n FROM typed_observation')).toEqual([{ n: 2 }])
})

test('a resource is irregular only by elements that are read', async () => {
  const store = await loaded(await newStore(), ...two({ valueQuantity: { value: 1e-9 } }))
  const irregular = () => store.session.all('SELECT id, irregular FROM typed_observation ORDER BY id')
  await hold(store, 'Observation', 'status')
  expect(await irregular()).toEqual([
    { id: 'ehr.a', irregular: null },
    { id: 'ehr.b', irregular: null },
  ])
  await hold(store, 'Observation', 'value', 'issued')
  expect(await irregular()).toEqual([
    { id: 'ehr.a', irregular: ['value'] },
    { id: 'ehr.b', irregular: ['issued'] },
  ])
})

test('a derivation that was stopped after something was asked for is made up for', async () => {
  const store = await loaded(await newStore(), ...two())
  await store.session.run(`INSERT INTO typed_element VALUES ('Observation', 'id'), ('Observation', 'status')`)
  expect(await hold(store, 'Observation', 'status')).toMatchObject([{ how: 'built', rows: 2 }])
})

test('whoever reads slices goes on reading while another session adds columns', async () => {
  const store = await loaded(await newStore(), ...two())
  await hold(store, 'Observation', 'status')
  const reading = await store.session.sibling()
  try {
    await (await openSlices(reading, readMergedPatients)).cut({ fromPid: 0, toPid: 9 })
    const read = () => reading.all('SELECT DISTINCT status FROM set_typed_observation')
    await reading.run('BEGIN')
    expect(await read()).toEqual([{ status: 'final' }])
    await hold(store, 'Observation', 'code')
    expect(await read()).toEqual([{ status: 'final' }])
    await reading.run('COMMIT')
    expect(await read()).toEqual([{ status: 'final' }])
  } finally {
    reading.close()
  }
})
