import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  readPublishedRun,
  readRunMeasures,
  readScorecardCounts,
  type Store,
  storeLookBacks,
} from '../../src/store/index.ts'
import { seededApplication } from '../browser/seeded-application.ts'
import { openSeededStore } from '../browser/seeded-store.ts'
import { pagesApp } from './pages-app.ts'

let store: Store
let app: Hono
beforeAll(async () => {
  store = await openSeededStore()
  app = await pagesApp(seededApplication(store))
})
afterAll(() => store.close())

const page = async (path: string) => (await app.request(`http://127.0.0.1${path}`)).text()

/** Keeps what was counted as of a day: half of the numerator of now. */
async function keep(asOf: string, contentHash?: string): Promise<void> {
  const run = await readPublishedRun(store.session)
  if (run === undefined) throw new RangeError('the seeded store has a run')
  const measures = await readRunMeasures(store.session, run.runId)
  const counts = await readScorecardCounts(store.session, run.runId)
  const made = counts.map((row) => ({
    counts: {
      ...row,
      numerator: 77,
      denominator: 1000,
      denominatorExclusion: 0,
      denominatorException: 0,
      prospectiveGaps: 0,
    },
    asOf,
    periodStart: '2024-01-01',
    periodEnd: '2024-12-31',
    timeZone: run.timeZone,
    contentHash: contentHash ?? measures.find(({ measureId }) => measureId === row.measureId)?.contentHash ?? '',
    madeAt: '2025-11-20T10:00:00.000Z',
  }))
  await storeLookBacks(store.session, made)
}

test('the same day of the year before is told as looked back, near that day and by the same logic alone', async () => {
  expect(await page('/measures/glycemic-status/trend')).toContain('caregap look-back')
  await keep('2024-08-01')
  await keep('2024-11-21', 'another logic')
  expect(await page('/')).not.toContain('looked back')
  await keep('2024-11-19')
  const scorecard = await page('/')
  expect(scorecard).toContain('7.7% of 1,000 on Nov 19, 2024, looked back')
  expect(scorecard).toContain('Looked back: no run was made then')
  const trend = await page('/measures/glycemic-status/trend')
  expect(trend).toContain('of 1,000 people, looked back from the data of Nov 20, 2025')
})

test('a release is not told what two days would tell of few people', async () => {
  await keep('2024-11-19')
  expect(await page('/?purpose=release')).not.toMatch(/looked back/i)
  expect(await page('/measures/glycemic-status/trend?purpose=release')).not.toContain('looked back')
})
