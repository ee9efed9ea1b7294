import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from './store.ts'

test('a new store has the newest schema, and opening it again changes nothing', async () => {
  const store = await openStore({ path: ':memory:' })
  const rows = await store.session.all<{ version: number }>('SELECT version FROM schema_migration')
  expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 4, 5, 6, 7])
  store.close()
})

test('a file whose schema was edited since is refused, and what to do is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-store-'))
  const path = join(folder, 'old.duckdb')
  const store = await openStore({ path })
  await store.session.run("UPDATE schema_migration SET hash = 'of another text'")
  store.close()
  await expect(openStore({ path })).rejects.toThrow(/unreleased caregap.*load the data again/)
  rmSync(folder, { recursive: true })
})
