import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultConfig, fixedClock, silentLogger } from '../../src/base/index.ts'
import { cdsDeskOf, createApplication } from '../../src/jobs/index.ts'
import { openStore } from '../../src/store/index.ts'

test('what became of cards is written before an application closes', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'caregap-memory-')), 'a.duckdb')
  const application = await createApplication({
    store: await openStore({ path }),
    config: defaultConfig,
    clock: fixedClock('2026-06-15T12:00:00Z'),
    logger: silentLogger,
    measures: [],
    valueSets: { find: () => undefined, all: [] },
    workers: 0,
  })
  const { memory, reading, sources } = cdsDeskOf(application)
  expect(await sources()).toEqual([])
  await reading()
  const message = 'was not sent'
  memory.keep({ id: 's' }, 'local', { kind: 'unmet', diagnostics: [{ code: 'x', severity: 'error', message }] })
  await application.close()
  const again = await openStore({ path })
  expect(await again.session.all('SELECT reason FROM cds_unmet')).toEqual([{ reason: 'was not sent' }])
  again.close()
})
