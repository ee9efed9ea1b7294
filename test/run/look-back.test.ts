import { existsSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { defaultConfig, fixedClock, silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { keepLookBack, lookBackDay, yearBefore } from '../../src/jobs/look-back.ts'
import { readLookBacks, readScorecardCounts, type Store } from '../../src/store/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, cqlMeasure, patient, period } from './made-run.ts'

const opened: Store[] = []
afterEach(() => {
  for (const store of opened.splice(0)) store.close()
})

async function storeOf(resources: readonly Resource[], elsewhere: readonly Resource[] = []): Promise<Store> {
  const south = elsewhere.length === 0 ? [] : [{ source: 'south', resources: elsewhere }]
  const store = await openStoreWith([{ source: 'north', resources }, ...south])
  opened.push(store)
  return store
}

/** Seen in the period; the numerator is tested; who has a condition or an order is left out. */
const tested = () =>
  cqlMeasure({
    id: 'Tested',
    defines: {
      Seen: `exists ([Encounter] E where E.period.start.value during day of "Measurement Period")`,
      Done: `exists [Observation]`,
      Ill: `exists [Condition]`,
      Ordered: `exists [ServiceRequest]`,
      Out: `"Ill" or "Ordered"`,
    },
    populations: {
      'initial-population': 'Seen',
      denominator: 'Seen',
      'denominator-exclusion': 'Out',
      numerator: 'Done',
    },
  })

const test2024 = (id: string, when: object): Resource => ({ ...about(`${id}-test`, 'Observation', id), ...when })

/** By name what is known of each on 15 June 2024, and what only later. */
const known: readonly Resource[] = [
  ...['early', 'late', 'moment', 'ill', 'ill-later', 'written-later', 'ordered', 'ordered-later', 'going-on'].flatMap(
    (id) => [
      patient(id),
      { ...about(`${id}-visit`, 'Encounter', id), period: { start: '2024-02-01', end: '2024-02-01' } },
    ],
  ),
  test2024('early', { effectiveDateTime: '2024-06-15' }),
  test2024('moment', { effectiveDateTime: '2024-06-15T23:30:00-04:00' }),
  { ...about('c1', 'Condition', 'ill'), onsetDateTime: '2024-01-01' },
  { ...about('o1', 'ServiceRequest', 'ordered'), authoredOn: '2024-06-01', occurrenceDateTime: '2024-09-01' },
  test2024('going-on', { effectivePeriod: { start: '2024-06-01', end: '2024-08-01' } }),
]
const later: readonly Resource[] = [
  patient('new'),
  { ...about('new-visit', 'Encounter', 'new'), period: { start: '2024-07-01', end: '2024-07-01' } },
  test2024('late', { effectiveDateTime: '2024-06-16' }),
  { ...about('c2', 'Condition', 'ill-later'), onsetDateTime: '2024-07' },
  { ...about('c3', 'Condition', 'written-later'), onsetDateTime: '2024-01-01', recordedDate: '2024-07-01' },
  { ...about('o2', 'ServiceRequest', 'ordered-later'), authoredOn: '2024-07-01', occurrenceDateTime: '2024-05-01' },
  { ...about('now-visit', 'Encounter', 'early'), period: { start: '2025-02-01', end: '2025-02-01' } },
]

const clock = fixedClock('2025-06-15T15:00:00Z')

test('a look back counts what a run over the facts dated up to that day counts, and keeps no result', async () => {
  const measure = await tested()
  const store = await storeOf([...known, ...later])
  const application = await applicationOver(store, [measure], { clock })
  await application.evaluateRun({ period }, silentProgress)
  const tables = ['run', 'person_result', 'gap']
  const rows = () =>
    Promise.all(tables.map((table) => store.session.all(`SELECT count(*)::INTEGER AS n FROM ${table}`)))
  const before = await rows()
  const made = await application.lookBack(silentProgress)
  expect(await rows()).toEqual(before)
  expect(made).toMatchObject([{ asOf: '2024-06-15', periodStart: '2024-01-01', periodEnd: '2024-12-31' }])
  expect(made[0]?.counts).toMatchObject({ denominator: 9, denominatorExclusion: 2, numerator: 3 })

  const then = await storeOf(known)
  const alone = await applicationOver(then, [measure], { clock: fixedClock('2024-06-15T12:00:00Z') })
  const year = { ...period, start: '2024-01-01', end: '2024-12-31' }
  const runId = await alone.evaluateRun({ period: year }, silentProgress)
  const ofThen = await readScorecardCounts(then.session, runId)
  expect(made.map(({ counts }) => counts)).toEqual(ofThen.map((row) => ({ ...row, persons: made[0]?.counts.persons })))

  expect(await readLookBacks(store.session, { periodStart: '2024-01-01', periodEnd: '2024-12-31' })).toEqual(made)
  await application.lookBack(silentProgress)
  expect(await store.session.all('SELECT count(*)::INTEGER AS n FROM look_back')).toEqual([{ n: 1 }])
})

test('whom only an outside organisation knows does not count in a look back either', async () => {
  const visited = {
    ...about('theirs-visit', 'Encounter', 'theirs'),
    period: { start: '2024-02-01', end: '2024-02-01' },
  }
  const store = await storeOf(known, [patient('theirs'), visited])
  const denominator = async (participant: boolean): Promise<unknown> => {
    const config = { ...defaultConfig, sources: [{ name: 'south', timeZone: 'UTC', participant }] }
    const application = await applicationOver(store, [await tested()], { clock, config })
    await application.evaluateRun({ period }, silentProgress)
    return (await application.lookBack(silentProgress))[0]?.counts.denominator
  }
  expect(await denominator(true)).toBe(10)
  expect(await denominator(false)).toBe(9)
})

test('a server that is asked to keeps a look back not older than a week, and leaves no copy of the facts', async () => {
  const store = await storeOf([...known, ...later])
  const config = { ...defaultConfig, lookBack: true }
  const application = await applicationOver(store, [await tested()], { clock, config })
  await keepLookBack(application)
  const kept = () => store.session.all<{ day: string }>('SELECT as_of AS day FROM look_back ORDER BY 1')
  expect(await kept()).toEqual([])
  await application.evaluateRun({ period }, silentProgress)
  await keepLookBack({ ...application, config: defaultConfig })
  expect(await kept()).toEqual([])
  await keepLookBack(application)
  expect(await kept()).toEqual([{ day: '2024-06-15' }])
  let made = 0
  const counted = { ...application, lookBack: () => Promise.resolve(((made += 1), [])) }
  await keepLookBack({ ...counted, clock: fixedClock('2025-06-20T15:00:00Z') })
  expect(made).toBe(0)
  await keepLookBack({ ...counted, clock: fixedClock('2025-06-23T15:00:00Z') })
  expect(made).toBe(1)
  expect(existsSync(`/tmp/caregap-look-back-${process.pid}.duckdb`)).toBe(false)
})

test('without a run, and before the period began, it says what to do', async () => {
  const store = await storeOf(known)
  const application = await applicationOver(store, [await tested()], { clock: fixedClock('2024-06-15T15:00:00Z') })
  await expect(application.lookBack(silentProgress)).rejects.toThrow('No run is published')
  await application.evaluateRun({ period }, silentProgress)
  await expect(application.lookBack(silentProgress)).rejects.toThrow('On 2023-06-15 the period had not begun')
})

test('the day of the year before', () => {
  expect(yearBefore('2024-02-29')).toBe('2023-02-28')
  expect(yearBefore('2025-03-01')).toBe('2024-03-01')
  const fiscal = { start: '2025-07-01', end: '2026-06-30', timeZone: 'UTC' }
  expect(lookBackDay(fiscal, '2025-11-29')).toMatchObject({ asOf: '2024-11-29', period: { start: '2024-07-01' } })
  expect(lookBackDay(fiscal, '2026-09-01').asOf).toBe('2025-06-30')
})
