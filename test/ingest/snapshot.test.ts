import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore, writeSnapshot } from '../../src/store/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

test('a snapshot holds one moment, while the store goes on; raw and labels are there to query', async () => {
  const folder = newFolder()
  const store = await newStore(join(folder, 'own.duckdb'))
  const label = { meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }] } }
  const text = lines(patient('p'), observation('o', 'p', label), observation('u', 'p'))
  await load(store, write(newFolder(), { 'all.ndjson': text }), { source: 'hill' })
  const out = join(folder, 'copy', 'snapshot.duckdb')
  await store.session.run('BEGIN')
  await store.session.run('DELETE FROM raw_line')
  await writeSnapshot(store, out)
  await store.session.run('ROLLBACK')
  expect(existsSync(`${out}.part`)).toBe(false)
  await expect(writeSnapshot(store, out)).rejects.toThrow(/already/)
  const copy = await openStore({ path: out })
  try {
    const [first] = await copy.session.all<object>('SELECT * FROM resource ORDER BY type, id')
    expect(Object.keys(first ?? {}).slice(0, 7)).toEqual([
      'source',
      'type',
      'id',
      'version_id',
      'last_updated',
      'deleted',
      'raw',
    ])
    const raws = await copy.session.all<{ raw: string }>('SELECT raw FROM resource ORDER BY type DESC, id')
    expect(raws.map(({ raw }) => `${raw}\n`).join('')).toBe(text)
    expect(await copy.session.all('SELECT type, id, code FROM security_label')).toEqual([
      { type: 'Observation', id: 'o', code: 'PSY' },
    ])
  } finally {
    copy.close()
  }
})
