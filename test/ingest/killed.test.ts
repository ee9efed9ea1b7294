import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import type { Store } from '../../src/store/index.ts'
import { buildCopy } from './built-copy.ts'
import { holdAll } from './typed-store.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

let built: ReturnType<typeof buildCopy>
beforeAll(() => {
  built = buildCopy()
})
afterAll(() => built.remove())

const blockBytes = 20_000

/** Loads in a process of its own; kills it hard so many ms after it opened the database. True where it ended first. */
async function loadAndKill(path: string, db: string, afterMs: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'test/ingest/load-child.mjs'), built.dist, path, db, String(blockBytes)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let finished = false
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.includes('open')) timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
    if (chunk.includes('done')) finished = true
  })
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return finished
}

const tables = async (store: Store) => ({
  resources: await store.session.all('SELECT source, type, id, rid, spid, raw FROM resource ORDER BY rid'),
  lines: await store.session.all('SELECT rid, spid, type, id, raw, line_no FROM raw_line ORDER BY ALL'),
  staged: await store.session.all('FROM job_line'),
  patients: await store.session.all('FROM source_patient ORDER BY spid'),
  faults: await store.session.all('SELECT line_no, byte_offset, code FROM quarantine ORDER BY ALL'),
  jobs: await store.session.all(`SELECT state FROM job`),
  files: await store.session.all(
    'SELECT lines, blank, good, quarantined, inserted, duplicate FROM source_file ORDER BY path',
  ),
})

/** The first rows of `wanted` that `found` has not. */
function missing(found: readonly unknown[], wanted: readonly unknown[]): unknown[] {
  const there = new Set(found.map((row) => JSON.stringify(row)))
  return wanted.filter((row) => !there.has(JSON.stringify(row))).slice(0, 3)
}

test('killed at any moment and run again: the same tables as without a kill, nothing twice, nothing lost', async () => {
  const folder = write(newFolder(), {
    'Patient.ndjson': lines(...Array.from({ length: 400 }, (_, index) => patient(`p${index}`))),
    'Observation.1.ndjson.gz': lines(
      ...Array.from({ length: 3000 }, (_, index) =>
        index % 500 === 7 ? 'bad' : observation(`o${index}`, `p${index % 450}`),
      ),
    ),
    'Observation.2.ndjson': lines(
      ...Array.from({ length: 2000 }, (_, index) => observation(`o${2500 + index}`, `p${index % 400}`)),
    ),
  })
  const untouched = await newStore()
  await load(untouched, folder, { blockBytes })

  const db = join(newFolder(), 'killed.duckdb')
  let kills = 0
  let partly = 0
  while (!(await loadAndKill(folder, db, 40 + kills * 90))) {
    kills++
    const seen = await newStore(db)
    const loaded = await seen.session.first<{ n: number }>(
      'SELECT coalesce(sum(loaded_lines), 0)::INTEGER AS n FROM source_file',
    )
    if ((loaded?.n ?? 0) > 0) partly++
    const current = await seen.session.first<{ n: number }>('SELECT count(*)::INTEGER AS n FROM resource_current')
    const published = await seen.session.all(`FROM job WHERE state = 'published'`)
    expect(current?.n).toBe(published.length === 0 ? 0 : 4895)
    seen.close()
    // Killed between its last step and its end: all is in, and another run would only be a second load.
    if (published.length > 0) break
    expect(kills).toBeLessThan(100)
  }
  expect(kills).toBeGreaterThan(1)
  expect(partly).toBeGreaterThan(0)
  const store = await newStore(db)
  const found = await tables(store)
  const wanted = await tables(untouched)
  for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
    expect([name, found[name].length, missing(found[name], wanted[name])]).toEqual([name, wanted[name].length, []])
    expect([name, missing(wanted[name], found[name])]).toEqual([name, []])
  }
  await holdAll(store, 'Observation')
  await holdAll(untouched, 'Observation')
  const typed = 'SELECT spid, rid, id, status FROM typed_observation ORDER BY rid'
  expect(await store.session.all(typed)).toEqual(await untouched.session.all(typed))
  expect((await load(store, folder)).total).toMatchObject({ inserted: 0, updated: 0 })
}, 300_000)

test('what a killed process staged of an export that then changed is taken back', async () => {
  const folder = write(newFolder(), {
    'Patient.ndjson': lines(...Array.from({ length: 20_000 }, (_, index) => patient(`old${index}`))),
  })
  let db = ''
  let staged = 0
  for (let wait = 100; staged === 0 && wait < 3000; wait += 100) {
    db = join(newFolder(), 'killed.duckdb')
    await loadAndKill(folder, db, wait)
    const seen = await newStore(db)
    staged = (await seen.session.all('FROM job_line LIMIT 1')).length
    seen.close()
  }
  expect(staged).toBe(1)
  write(folder, { 'Patient.ndjson': lines(patient('new')) })
  const store = await newStore(db)
  await load(store, folder, { source: (await store.session.first<{ name: string }>('SELECT name FROM source'))?.name })
  expect(await store.session.all('SELECT id FROM raw_line')).toEqual([{ id: 'new' }])
  expect(await store.session.all('SELECT state FROM job ORDER BY job_id')).toEqual([
    { state: 'discarded' },
    { state: 'published' },
  ])
}, 300_000)
