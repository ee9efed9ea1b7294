import { expect, test } from 'vitest'
import { resultLines } from './result-lines.ts'
import { readObservedValues } from './result-observations.ts'
import { type PersonResultRow, storeResults } from './result-write.ts'
import { openRun, publishRun } from './run-write.ts'
import { openStore } from './store.ts'

const at = new Date('2026-01-01T00:00:00Z')

const row = (pid: number, more: Partial<PersonResultRow>): PersonResultRow => ({
  measureId: 'm',
  groupId: 'g',
  pid,
  initialPopulation: 1,
  denominator: null,
  denominatorExclusion: null,
  denominatorException: null,
  numerator: null,
  numeratorExclusion: null,
  measurePopulation: 1,
  measurePopulationExclusion: null,
  defines: '',
  evidence: [],
  ...more,
})

test('observations and strata come back as they were stored, zero and all', async () => {
  const store = await openStore({ path: ':memory:' })
  const { session } = store
  await session.run(`INSERT INTO source VALUES (1, 'lakeside', 'UTC', NULL, now()::TIMESTAMP)`)
  await session.run(`INSERT INTO source_patient VALUES (1, 1, 'a', 1), (2, 1, 'b', 2), (3, 1, 'c', 3)`)
  const stamp = {
    engine: 'interpreter',
    engineVersion: '1',
    periodStart: '2026-01-01',
    periodEnd: '2026-12-31',
    timeZone: 'UTC',
    dataSnapshot: 's',
  }
  const runId = await openRun(session, stamp, [], at)
  const strata = { 'age=0.5 to 1': { 'initial-population': 1 } }
  const results = [
    row(1, { observations: { 'days.of stay': [0, 2.5], other: [] }, strata }),
    row(2, { observations: { 'days.of stay': [7], other: [1] } }),
    row(3, {}),
  ]
  await storeResults(session, runId, { results, errors: [], gaps: [] })
  await publishRun(session, runId, { persons: 3, personErrors: 0 }, at)
  const observed = await readObservedValues(session, runId)
  expect(observed.map(({ id, values }) => [id, values.toSorted((a, b) => a - b)])).toEqual([
    ['days.of stay', [0, 2.5, 7]],
    ['other', [1]],
  ])
  const lines = []
  for await (const line of resultLines(session, runId)) lines.push([line.patientId, line.observations, line.strata])
  expect(lines).toEqual([
    ['a', { 'days.of stay': [0, 2.5], other: [] }, strata],
    ['b', { 'days.of stay': [7], other: [1] }, {}],
    ['c', {}, {}],
  ])
  store.close()
})
