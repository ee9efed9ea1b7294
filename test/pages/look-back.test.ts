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
  expect(scorecard).toMatch(
    /7\.7%<span class="cell-note">of 1,000, looked back<\/span><span class="cell-note">to Nov 19, 2024/,
  )
  expect(scorecard).toContain('Looked back: no run was made then')
  const trend = await page('/measures/glycemic-status/trend')
  expect(trend).toContain('of 1,000 people, looked back from the data of Nov 20, 2025')
})

test('a release is not told what two days would tell of few people', async () => {
  await keep('2024-11-19')
  expect(await page('/?purpose=release')).not.toMatch(/looked back/i)
  expect(await page('/measures/glycemic-status/trend?purpose=release')).not.toContain('looked back')
})

const row = (text: string) => /href="\/measures\/glycemic-status".*?<\/tr>/s.exec(text)?.[0] ?? ''

const cell = (text: string, label: string) =>
  new RegExp(`data-label="${label}".*?class="cell">(.*?)</div></td>`, 's')
    .exec(row(text))?.[1]
    ?.replaceAll(/<[^>]*>/g, ' ')

test('the scorecard tells year to date, the same day last year, and where the year ends if nothing more happens', async () => {
  const session = store.session
  const glycemic = `measure_id = 'glycemic-status' AND run_id = 1`
  await session.run(
    `UPDATE gap_row SET status = 'prospective' WHERE ${glycemic} AND pid IN (
       SELECT pid FROM gap WHERE ${glycemic} AND status = 'open' ORDER BY pid LIMIT 14)`,
  )
  const scorecard = await page('/')
  // 26 of 123 have not met it at the end; 14 of them are not due yet.
  expect(cell(scorecard, 'Rate, 95% interval')).toContain('21.1%')
  expect(cell(scorecard, 'Year to date')).toContain('11.0%')
  expect(cell(scorecard, 'Year to date')).toContain('14 not due yet')
  expect(cell(scorecard, 'Same day last year')).toContain('7.7%')
})

test('how many are not due yet is told nowhere where it would tell a small count of other gaps', async () => {
  const gaps = `FROM gap WHERE measure_id = 'glycemic-status' AND run_id = 1`
  await store.session.run(
    `UPDATE gap_row SET status = 'ordered' WHERE measure_id = 'glycemic-status' AND run_id = 1 AND pid IN (
       SELECT pid ${gaps} AND status = 'open' ORDER BY pid LIMIT 2)`,
  )
  const [open, due, ordered] = await Promise.all(
    ['open', 'prospective', 'ordered'].map(async (status) =>
      Number(
        (await store.session.first<{ n: number }>(`SELECT count(*)::INTEGER AS n ${gaps} AND status = '${status}'`))?.n,
      ),
    ),
  )
  expect([due, ordered]).toEqual([14, 2])
  expect(open).toBeLessThanOrEqual(10)
  const fresh = await pagesApp(seededApplication(store))
  for (const path of ['/measures/glycemic-status/trend', '/', '/measures/glycemic-status']) {
    const text = await (await fresh.request(`http://127.0.0.1${path}?purpose=release`)).text()
    expect([path, /14 (more are )?not due yet|>14</.exec(text)?.[0]]).toEqual([path, undefined])
  }
})
