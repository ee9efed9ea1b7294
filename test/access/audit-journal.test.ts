import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createAuditLog } from '../../src/access/audit-log.ts'
import {
  type AuditRow,
  insertMissingAuditRows,
  openJournal,
  openStore,
  readAuditRows,
  type Store,
  takeOver,
} from '../../src/store/index.ts'

const row = (n: number) => ({
  readAt: `2026-03-01T10:00:${String(n % 60).padStart(2, '0')}.000Z`,
  requestId: `request-${n}`,
  userId: 'ehr',
  role: 'clinician',
  action: 'cds-hooks',
  route: 'POST /cds-services/x',
  measureId: null,
  pids: [n],
  outcome: 'read' as const,
})

async function open(): Promise<{ store: Store; path: string; ids: () => Promise<string[]> }> {
  const store = await openStore({ path: ':memory:' })
  const path = join(mkdtempSync(join(tmpdir(), 'caregap-audit-')), 'a.duckdb.audit')
  const ids = async () => (await readAuditRows(store.session, 10_000)).map(({ requestId }) => requestId).sort()
  return { store, path, ids }
}

/** How many rows an earlier process left that the table lacks. */
async function takeOverJournal({ session }: Store, path: string): Promise<number> {
  let taken = 0
  await takeOver(path, async (left) => {
    taken = await insertMissingAuditRows(session, left as readonly AuditRow[])
  })
  return taken
}

test('what is noted is in the journal at once, in the table soon, and then no longer in the journal', async () => {
  const { store, path, ids } = await open()
  const log = createAuditLog(await store.database.connect(), { journal: openJournal<AuditRow>(path) })
  await log.note(row(1))
  expect(readFileSync(path, 'utf8')).toContain('"request-1"')
  expect(await ids()).toEqual([])
  await vi.waitFor(async () => expect(await ids()).toEqual(['request-1']), 5000)
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe(''), 5000)
  await log.close()
})

test('what is recorded takes what was noted before along', async () => {
  const { store, path, ids } = await open()
  const log = createAuditLog(await store.database.connect(), { journal: openJournal<AuditRow>(path) })
  await log.note(row(1))
  await log.record(row(2))
  expect(await ids()).toEqual(['request-1', 'request-2'])
  await log.close()
})

test('closing writes what waits; where the process ended before, the next one takes it over, each row once', async () => {
  const { store, path, ids } = await open()
  const closed = createAuditLog(await store.database.connect(), { journal: openJournal<AuditRow>(path) })
  await closed.note(row(1))
  await closed.close()
  expect(await ids()).toEqual(['request-1'])
  const killed = openJournal<AuditRow>(path)
  for (const n of [1, 2, 3]) killed.append(row(n))
  appendFileSync(path, '{"requestId":"request-4","rea')
  expect(await takeOverJournal(store, path)).toBe(2)
  expect(await ids()).toEqual(['request-1', 'request-2', 'request-3'])
  expect(readFileSync(path, 'utf8')).toBe('')
  expect(await takeOverJournal(store, path)).toBe(0)
})

test('a commit that fails leaves what was noted in the journal, and the next one writes it', async () => {
  const { store, path, ids } = await open()
  const logged: string[] = []
  const logger = { log: (_: string, event: string) => void logged.push(event) }
  const log = createAuditLog(await store.database.connect(), { journal: openJournal<AuditRow>(path), logger })
  await store.session.run('ALTER TABLE audit RENAME TO away')
  await log.note(row(1))
  await expect(log.record(row(2))).rejects.toThrow()
  await log.note(row(3))
  await vi.waitFor(() => expect(logged).toContain('audit-behind'), 5000)
  expect(readFileSync(path, 'utf8').split('\n').filter(Boolean)).toHaveLength(2)
  await store.session.run('ALTER TABLE away RENAME TO audit')
  await log.close()
  expect(await ids()).toEqual(['request-1', 'request-3'])
})

test('a journal that grows while rows keep coming is written anew, with those that wait alone', async () => {
  const { store, path, ids } = await open()
  const journal = openJournal<AuditRow>(path)
  for (let n = 0; n < 6000; n++) journal.append(row(n))
  journal.keepOnly([row(5999)])
  journal.append(row(6000))
  expect(existsSync(`${path}.new`)).toBe(false)
  expect(await takeOverJournal(store, path)).toBe(2)
  expect(await ids()).toEqual(['request-5999', 'request-6000'])
})

test('without a journal, and beyond the rows that may wait, the table is waited for', async () => {
  const { store, path, ids } = await open()
  await createAuditLog(await store.database.connect()).note(row(0))
  expect(await ids()).toEqual(['request-0'])
  const log = createAuditLog(await store.database.connect(), { journal: openJournal<AuditRow>(path) })
  await Promise.all(Array.from({ length: 2001 }, (_, n) => log.note(row(n + 1))))
  expect(await ids()).toHaveLength(2002)
  await log.close()
})
