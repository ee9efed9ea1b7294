import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createReplayGuard } from '../../src/api/trust/replay.ts'
import { silentLogger } from '../../src/base/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

// J11 where ids go through a journal: the end of a process between a call and its row forgets none.

const now = Date.parse('2026-06-15T12:00:00Z')
const jwt = (jti: string) => ({ issuer: 'https://ehr.example', jti, expires: now + 300_000 })

async function open(): Promise<{ store: Store; path: string }> {
  const store = await openStore({ path: ':memory:' })
  return { store, path: join(mkdtempSync(join(tmpdir(), 'caregap-jwt-')), 'a.duckdb.jwt') }
}

const guardOf = ({ store, path }: { store: Store; path: string }) =>
  createReplayGuard({ connect: () => store.database.connect(), now: () => now, logger: silentLogger, journal: path })

const idsOf = async ({ session }: Store) =>
  (await session.all<{ jti: string }>('SELECT jti FROM cds_jwt_used ORDER BY jti')).map(({ jti }) => jti)

test('J11: an id is in the journal before the call goes on, in the table soon, and used once by calls at one time', async () => {
  const opened = await open()
  const guard = guardOf(opened)
  const answers = await Promise.all(Array.from({ length: 20 }, () => guard.use(jwt('a'))))
  expect(answers.filter(Boolean)).toHaveLength(1)
  expect(readFileSync(opened.path, 'utf8')).toContain('"jti":"a"')
  await vi.waitFor(async () => expect(await idsOf(opened.store)).toEqual(['a']), 5000)
  await vi.waitFor(() => expect(readFileSync(opened.path, 'utf8')).toBe(''), 5000)
})

test('J11: what a process that ended left in the journal is still used up, each id once', async () => {
  const opened = await open()
  writeFileSync(opened.path, `${JSON.stringify(jwt('left'))}\n${JSON.stringify(jwt('left'))}\n{"issuer":"htt`)
  const guard = guardOf(opened)
  expect(await guard.use(jwt('left'))).toBe(false)
  expect(await guard.use(jwt('new'))).toBe(true)
  expect(await idsOf(opened.store)).toContain('left')
})

test('J11: where the table cannot be written ids stay in the journal, and no JWT is good twice meanwhile', async () => {
  const opened = await open()
  const guard = guardOf(opened)
  expect(await guard.use(jwt('a'))).toBe(true)
  await opened.store.session.run('ALTER TABLE cds_jwt_used RENAME TO away')
  expect(await guard.use(jwt('b'))).toBe(true)
  expect(await guard.use(jwt('b'))).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(readFileSync(opened.path, 'utf8')).toContain('"jti":"b"')
  await opened.store.session.run('ALTER TABLE away RENAME TO cds_jwt_used')
  await vi.waitFor(async () => expect(await idsOf(opened.store)).toEqual(['a', 'b']), 5000)
})

test('J11: where the journal cannot be opened no JWT is good', async () => {
  const { store } = await open()
  const guard = guardOf({ store, path: '/no/such/folder/jwt' })
  await expect(guard.use(jwt('a'))).rejects.toThrow()
  expect(existsSync('/no/such/folder')).toBe(false)
})
