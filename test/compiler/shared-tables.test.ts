import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropSharedTables, makeSharedTables, type SharedTable } from '../../src/compile/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ path: ':memory:' })
})
afterAll(() => store.close())

const table = (name: string, query: string, ...reads: readonly string[]): SharedTable => ({
  table: name,
  script: { before: [], query, after: [] },
  reads: new Set(reads),
})

test('a table that cannot be made fails with whatever reads it, and no other', async () => {
  const tables = [
    table('shared_1', 'SELECT 1 AS c1'),
    table('shared_2', 'SELECT c9 FROM shared_1', 'shared_1'),
    table('shared_3', 'SELECT * FROM shared_2', 'shared_2'),
    table('shared_4', 'SELECT c1 + 1 AS c2 FROM shared_1', 'shared_1'),
  ]
  const failed = await makeSharedTables(store.session, tables)
  expect([...failed.keys()]).toEqual(['shared_2', 'shared_3'])
  expect(String(failed.get('shared_3'))).toMatch(/c9/)
  expect(await store.session.all('SELECT * FROM shared_4')).toEqual([{ c2: 2 }])
  await dropSharedTables(store.session, tables)
  await expect(store.session.all('SELECT * FROM shared_4')).rejects.toThrow(/shared_4/)
})
