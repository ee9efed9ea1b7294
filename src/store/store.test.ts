import { expect, test } from 'vitest'
import { openStore } from './store.ts'

test('a new store has the newest schema, and opening it again changes nothing', async () => {
  const store = await openStore({ path: ':memory:' })
  const rows = await store.session.all<{ version: number }>('SELECT version FROM schema_migration')
  expect(rows.map((row) => row.version)).toEqual([1])
  store.close()
})
