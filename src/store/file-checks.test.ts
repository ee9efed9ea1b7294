import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../base/index.ts'
import { Database } from '../duck/index.ts'
import { checkDatabaseFile, judgeFile } from './file-checks.ts'
import type { FileFacts } from './file-facts.ts'
import { openStore } from './store.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'caregap-doctor-'))
const codes = async (path: string) => (await checkDatabaseFile(path)).map((one) => one.code)

async function newDatabase(): Promise<string> {
  const path = join(folder(), 'x.duckdb')
  const store = await openStore({ path })
  store.close()
  return path
}

test('no database yet: told how to make one', async () => {
  const [diagnostic] = await checkDatabaseFile(join(folder(), 'deep', 'x.duckdb'))
  expect(diagnostic).toMatchObject({ code: 'store/no-database', severity: 'information' })
  expect(diagnostic?.remedy).toContain('caregap ingest')
})

test('a good database', async () => {
  expect(await codes(await newDatabase())).toEqual(['store/database-fine'])
})

test('a folder, a file of another kind, a database of somebody else', async () => {
  const path = join(folder(), 'x.duckdb')
  expect(await codes(folder())).toEqual(['store/not-a-file'])
  writeFileSync(path, 'no database at all')
  expect(await codes(path)).toEqual(['store/not-a-database'])
  const foreign = join(folder(), 'y.duckdb')
  const database = await Database.open({ path: foreign })
  const session = await database.connect()
  await session.run('CREATE TABLE t (x INTEGER)')
  session.close()
  database.close()
  expect(await codes(foreign)).toEqual(['store/foreign-database'])
})

test('a database of a newer caregap', async () => {
  const path = await newDatabase()
  const store = await openStore({ path })
  await store.session.run(
    `INSERT INTO schema_migration (version, name, applied_at) VALUES (99, 'later', now()::TIMESTAMP)`,
  )
  store.close()
  expect(await codes(path)).toEqual(['store/newer-schema'])
})

test('what a killed run left is told', async () => {
  const path = await newDatabase()
  mkdirSync(`${path}.tmp`)
  writeFileSync(join(`${path}.tmp`, 'spill.block'), 'x')
  const [, left] = await checkDatabaseFile(path)
  expect(left).toMatchObject({ code: 'store/spill-left', place: { file: `${path}.tmp` } })
})

test('a database whose schema was edited since is refused here as by every command', async () => {
  const path = await newDatabase()
  const store = await openStore({ path })
  await store.session.run("UPDATE schema_migration SET hash = 'of another text'")
  store.close()
  expect(await codes(path)).toEqual(['duck/other-schema'])
})

test('a process that holds the database is named', async () => {
  const path = await newDatabase()
  const hold = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
    globalThis.held = await DuckDBInstance.create(${JSON.stringify(path)})
    await globalThis.held.connect()
    console.log('held')
    setInterval(() => undefined, 1000)
  })`
  const holder = spawn(process.execPath, ['-e', hold], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const diagnostics = await checkDatabaseFile(path)
    expect(diagnostics.map((one) => one.code)).toEqual(['duck/locked'])
    expect(diagnostics[0]?.message).toContain(String(holder.pid))
  } finally {
    holder.kill()
  }
})

const good: FileFacts = {
  path: '/data/x.duckdb',
  kind: 'file',
  readable: true,
  writable: true,
  folder: '/data',
  folderWritable: true,
  bytes: 1,
  hasDuckHeader: true,
  walBytes: 0,
  spilledBytes: 0,
  openFault: undefined,
  schema: 2,
}

test.each([
  [{}, ['store/database-fine']],
  [{ writable: false }, ['store/database-fine', 'store/read-only']],
  [{ folderWritable: false }, ['store/database-fine', 'store/read-only']],
  [{ readable: false }, ['store/not-readable']],
  [{ kind: 'missing' as const, folderWritable: false }, ['store/folder-not-writable']],
  [{ walBytes: 7 }, ['store/database-fine', 'store/log-to-replay']],
])('facts that differ by %o: %o', (change, expected) => {
  const diagnostics = judgeFile({ ...good, ...change }, 2)
  expect(diagnostics.map((one) => one.code)).toEqual(expected)
  expect(diagnostics.every((one) => one.severity === 'information' || one.remedy !== undefined)).toBe(true)
})

test('an older schema is no fault', () => {
  expect(judgeFile({ ...good, schema: 1 }, 2)[0]?.message).toContain('brings it to 2')
})
