import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dueCohorts } from '../../src/jobs/index.ts'
import { readRateHistory, type Store } from '../../src/store/index.ts'
import { seededApplication } from '../browser/seeded-application.ts'
import { pagesApp } from './pages-app.ts'
import { oddMonth, openCourse, smallMonth } from './seeded-course.ts'

const of = { measureId: 'blood-pressure', groupId: 'group-1' }
const year = { periodStart: '2025-01-01', periodEnd: '2025-12-31' }
let store: Store
let app: Hono

beforeAll(async () => {
  store = await openCourse()
  app = await pagesApp(seededApplication(store))
})
afterAll(() => store.close())

const cohorts = async () =>
  dueCohorts(store.session, of, await readRateHistory(store.session, of.measureId, of.groupId), year)

const page = async (query: string) =>
  (await app.request(`http://127.0.0.1/measures/blood-pressure/trend${query}`)).text()
const rowOf = (html: string, month: string) => html.split('<tr').find((row) => row.includes(`${month} 2025</th>`)) ?? ''

test('each month holds who was foreseen to be due in it, followed through a join of persons', async () => {
  const found = await cohorts()
  expect(found.map(({ month, foreseenBy, foundBy }) => [month, foreseenBy, foundBy])).toEqual(
    Array.from({ length: 9 }, (_, index) => [`2025-0${index + 1}`, index + 1, index + 4]),
  )
  for (const { month, atRisk, numerator } of found) {
    if (month === smallMonth) expect(atRisk).toBe(12)
    else {
      expect(atRisk).toBe(300)
      expect(numerator).toBe(month === oddMonth ? 120 : 210)
    }
  }
})

test('the page draws the months, flags the one that chance does not explain, and hides the small one from a release', async () => {
  const exact = await page('')
  expect(exact).toContain('By the month in which people became due')
  expect(rowOf(exact, 'May')).toContain('outside the limits')
  expect(rowOf(exact, 'Apr')).not.toContain('outside')
  expect(exact).toContain('Jul 2025</')
  const release = await page('?purpose=release')
  expect(release).toContain('May 2025</')
  expect(release).not.toContain('Jul 2025</')
  expect(release).toContain('hidden: small counts point at people')
})
