import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FiredCard } from '../../src/cards/index.ts'
import { shortenLog } from '../../src/jobs/keep-log-short.ts'
import { insertCdsCalls, openStore, type Store } from '../../src/store/index.ts'

/** Bytes of rows that are in memory because they are not in the file yet. */
async function waitingBytes({ session }: Store): Promise<number> {
  const row = await session.first<{ bytes: number }>(
    `SELECT memory_usage_bytes::DOUBLE AS bytes FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'`,
  )
  return row?.bytes ?? 0
}

const card = (n: number): FiredCard => ({
  uuid: `d1577c69-dfbe-44ad-ba6d-${String(n).padStart(12, '0')}`,
  firedAt: '2026-06-15T12:00:00Z',
  serviceId: 'caregap-patient-view',
  topic: 'glycemic-status',
  indicator: 'info',
  person: `person-${n}`.padEnd(27, 'x'),
  fingerprint: `facts-${n}`.padEnd(27, 'x'),
  site: 'local',
  clinician: 'c'.repeat(27),
  role: 'Practitioner',
  shown: true,
})

test('what a server writes for its calls does not stay in memory: a log that became long is brought into the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-log-'))
  const store = await openStore({ path: join(folder, 'a.duckdb') })
  const before = await waitingBytes(store)
  let cards = 0
  // The cards of some twenty thousand calls, written as a server does, a second's worth at a time.
  for (; store.database.logBytes() <= 16 * 1024 * 1024; cards += 2000)
    await insertCdsCalls(
      store.session,
      Array.from({ length: 2000 }, (_, n) => card(cards + n)),
      [],
    )
  expect(await waitingBytes(store)).toBeGreaterThan(before + 16e6)
  await shortenLog({ store })
  expect(store.database.logBytes()).toBeLessThan(1024 * 1024)
  expect(await waitingBytes(store)).toBeLessThan(2e6)
  expect(await store.session.all('SELECT count(*)::INTEGER AS n FROM cds_card')).toEqual([{ n: cards }])
  store.close()
  rmSync(folder, { recursive: true })
})

test('a short log is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-log-'))
  const store = await openStore({ path: join(folder, 'a.duckdb') })
  const bytes = store.database.logBytes()
  await shortenLog({ store })
  expect(store.database.logBytes()).toBe(bytes)
  store.close()
  rmSync(folder, { recursive: true })
})
