import { expect, test } from 'vitest'
import { fixedClock } from '../../src/base/index.ts'
import { expireOldReports } from '../../src/jobs/keep-ready.ts'
import { copyRows } from '../browser/copied-run.ts'
import { openSeededStore } from '../browser/seeded-store.ts'

test('the results of a run that was made for a report go after two days; published ones stay', async () => {
  const store = await openSeededStore()
  const { session } = store
  for (const runId of [2, 3]) {
    await session.run(
      `INSERT INTO run BY NAME SELECT * REPLACE ($runId::INTEGER AS run_id, 'unlisted' AS state,
         finished_at + INTERVAL (24 * $runId) HOUR AS finished_at) FROM run WHERE run_id = 1`,
      { runId },
    )
    await copyRows(session, 1, runId)
  }
  const ended = await session.first<{ at: string }>(
    `SELECT strftime(finished_at, '%Y-%m-%dT%H:%M:%SZ') AS at FROM run WHERE run_id = 2`,
  )
  // Two days and an hour after the one, an hour short of two days after the other.
  await expireOldReports({
    store,
    clock: fixedClock(new Date(Date.parse(ended?.at ?? '') + 49 * 3_600_000).toISOString()),
  })
  const states = await session.all<{ runId: number; state: string; results: boolean; gaps: boolean }>(
    `SELECT run_id AS "runId", state, (SELECT count(*)::INTEGER FROM person_result p WHERE p.run_id = r.run_id) > 0 AS results,
       (SELECT count(*)::INTEGER FROM gap g WHERE g.run_id = r.run_id) > 0 AS gaps FROM run r ORDER BY run_id`,
  )
  expect(states).toEqual([
    { runId: 1, state: 'published', results: true, gaps: true },
    { runId: 2, state: 'expired', results: false, gaps: false },
    { runId: 3, state: 'unlisted', results: true, gaps: true },
  ])
  store.close()
})
