import { expect, test } from 'vitest'
import { cohortRuns } from './due-cohorts.ts'

const year = { periodStart: '2026-01-01', periodEnd: '2026-12-31' }
const before = { periodStart: '2025-01-01', periodEnd: '2025-12-31' }
const run = (runId: number, at: string, period = year) => ({ runId, at: `${at}T04:00:00Z`, ...period })

test('a month is foreseen by the last run before it, and found by the first of the period 30 days after it', () => {
  const runs = [
    run(1, '2025-12-20', before),
    run(2, '2026-01-20'),
    run(3, '2026-01-31'),
    run(4, '2026-02-27', before),
    run(5, '2026-03-04'),
    run(6, '2026-03-30'),
    run(7, '2026-03-31'),
    run(8, '2026-04-20'),
  ]
  expect(cohortRuns(runs, year)).toEqual([
    { month: '2026-01', foreseenBy: 1, foundBy: 5 },
    { month: '2026-02', foreseenBy: 3, foundBy: 7 },
  ])
})

test('a month of which no run tells in time is left out', () => {
  expect(cohortRuns([run(1, '2025-11-01', before), run(2, '2026-03-02')], year)).toEqual([])
  // Looked at after 80 days, its people would have had longer than those of other months.
  expect(cohortRuns([run(1, '2025-12-20', before), run(2, '2026-05-20')], year)).toEqual([])
  expect(cohortRuns([], year)).toEqual([])
})
