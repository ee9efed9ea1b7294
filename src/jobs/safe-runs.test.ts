import { expect, test } from 'vitest'
import { safeActivities } from './safe-runs.ts'

const stage = { name: 'evaluate', startedAt: '', endedAt: null }
const activities = (done: number, summary: string | null) => [
  {
    id: 1,
    name: 'evaluate',
    startedAt: '',
    endedAt: null,
    outcome: null,
    stages: [
      { ...stage, unit: 'persons', total: 5000, done, summary: null },
      { ...stage, unit: 'persons', total: null, done: 3, summary },
    ],
  },
]

test('progress tells to who may not see small counts how far it is, and nothing of how many', () => {
  const safe = safeActivities(activities(2500, '62 of 5056 persons are evaluated anew'), true)
  expect(JSON.stringify(safe)).not.toMatch(/62|5056|5000|2500|persons/)
  expect(safe[0]?.stages).toMatchObject([
    { done: 50, total: 100, unit: '%' },
    { done: 0, total: null, summary: 'done' },
  ])
  expect(safeActivities(activities(2501, '63 of 5056 persons are evaluated anew'), true)).toEqual(safe)
  const exact = activities(3, null)
  expect(safeActivities(exact, false)).toBe(exact)
})
