import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RawRow, type Store, streamRawByPerson } from '../../src/store/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

async function read(store: Store, selection: Parameters<typeof streamRawByPerson>[1]): Promise<RawRow[]> {
  const rows: RawRow[] = []
  for await (const batch of streamRawByPerson(store.session, selection)) rows.push(...batch)
  return rows
}

async function twoSources(): Promise<Store> {
  const store = await newStore()
  for (const source of ['a', 'b']) {
    const folder = write(join(newFolder(), source), {
      'all.ndjson': lines(
        patient('1'),
        patient('2'),
        observation('o1', '1', { performer: [{ reference: 'Practitioner/p' }, { reference: 'Practitioner/none' }] }),
        observation('o2', '2', { note: [{ text: source }] }),
        { resourceType: 'Practitioner', id: 'p', name: [{ family: source }] },
        { resourceType: 'Practitioner', id: 'unseen' },
      ),
    })
    await load(store, folder, { source })
  }
  return store
}

test('a person is the compartments of all its source patients, and what these refer to in their own source', async () => {
  const store = await twoSources()
  await store.session.run(`UPDATE source_patient SET pid = 1 WHERE patient_id = '1'`)
  const rows = await read(store, { pids: [1] })
  expect(
    rows.map((row) => `${row.pid} ${row.source} ${row.type}/${row.id} ${row.spid === null ? 'outside' : 'own'}`).sort(),
  ).toEqual([
    '1 a Observation/o1 own',
    '1 a Patient/1 own',
    '1 a Practitioner/p outside',
    '1 b Observation/o1 own',
    '1 b Patient/1 own',
    '1 b Practitioner/p outside',
  ])
  expect(rows.map((row) => BigInt(row.rid))).toEqual(
    rows.map((row) => BigInt(row.rid)).sort((x, y) => (x < y ? -1 : 1)),
  )
  for (const row of rows) expect(JSON.parse(row.raw)).toMatchObject({ resourceType: row.type, id: row.id })
})

test('a range gives whole persons in order, the same as one by one', async () => {
  const store = await twoSources()
  const all = await read(store, { fromPid: 1, toPid: 4 })
  const each = [
    ...(await read(store, { pids: [1] })),
    ...(await read(store, { pids: [2] })),
    ...(await read(store, { pids: [3, 4] })),
  ]
  expect(all).toEqual(each)
  expect(await read(store, { fromPid: 2, toPid: 3 })).toEqual(all.filter((row) => row.pid === 2 || row.pid === 3))
  expect(await read(store, { pids: [99] })).toEqual([])
})

test('a record holds the current version only', async () => {
  const store = await twoSources()
  await load(
    store,
    write(join(newFolder(), 'a'), { 'x.ndjson': lines(observation('o2', '2', { status: 'amended' })) }),
    { source: 'a' },
  )
  const rows = await read(store, { pids: [2] })
  expect(rows.filter((row) => row.id === 'o2').map((row) => row.raw.includes('amended'))).toEqual([true])
})
