import { expect, test } from 'vitest'
import { ridOf, ridSql } from './rid.ts'
import { openStore } from './store.ts'

test('the key is the same in SQL and here, and never negative', async () => {
  const store = await openStore({ path: ':memory:' })
  const ids = Array.from({ length: 200 }, (_, index) => `id-${index}é`)
  const rows = await store.session.all<{ id: string; rid: string }>(
    `SELECT id, ${ridSql("'ehr'", "'Patient'", 'id')} AS rid FROM (SELECT unnest(from_json($ids, '["VARCHAR"]')) AS id)`,
    { ids: JSON.stringify(ids) },
  )
  expect(rows.map((row) => row.rid)).toEqual(rows.map((row) => ridOf('ehr', 'Patient', row.id)))
  expect(rows.filter((row) => row.rid.startsWith('-'))).toEqual([])
  expect(new Set(rows.map((row) => row.rid)).size).toBe(ids.length)
  store.close()
})
