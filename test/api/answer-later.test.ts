import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { fixedClock } from '../../src/base/index.ts'
import { readAuditRows, readRuns } from '../../src/store/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { type Json, list } from '../report/fhir-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// `Prefer: respond-async`: an answer that is made while its caller does not wait, fetched, given up, expired, and
// interrupted by a restart.

const { application, app } = await served(reportApplication())

const query = 'periodStart=2026-01-01&periodEnd=2026-06-30'
const path = `/fhir/Measure/tests/$evaluate-measure?${query}`

async function begin(of: Hono = app, asked = path): Promise<string> {
  const response = await of.request(`http://127.0.0.1${asked}`, { headers: { prefer: 'respond-async' } })
  expect([response.status, await response.text()]).toEqual([202, ''])
  const place = response.headers.get('content-location') ?? ''
  expect(place).toMatch(/^http:\/\/127\.0\.0\.1\/fhir\/async\/[0-9a-f-]{36}$/)
  return place
}

/** Polls until the answer is no longer being made; what every poll said of progress. */
async function fetchAnswer(place: string, of: Hono = app): Promise<{ response: Response; progress: string[] }> {
  const progress: string[] = []
  for (;;) {
    const response = await of.request(place)
    if (response.status !== 202) return { response, progress }
    expect(response.headers.get('retry-after')).toBe('2')
    progress.push(response.headers.get('x-progress') ?? '')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a population is evaluated anew while nobody waits, and pages go on showing the published run', async () => {
  const before = await readRuns(application.store.session, 10)
  const { response, progress } = await fetchAnswer(await begin())
  expect(progress.every((text) => text !== '')).toBe(true)
  expect(response.status).toBe(200)
  expect(response.headers.get('expires')).toBe('Fri, 01 Jan 2027 12:00:00 GMT')
  const bundle = (await response.json()) as Json
  expect(bundle).toMatchObject({
    resourceType: 'Bundle',
    type: 'batch-response',
    entry: [{ response: { status: '200' } }],
  })
  const report = list(bundle['entry'])[0]?.['resource'] as Json
  expect(reportFaults(report)).toEqual([])
  expect(report['period']).toEqual({ start: '2026-01-01', end: '2026-06-30' })
  const population = list(list(report['group'])[0]?.['population'])
  expect(population.map(({ count }) => count)).toEqual([4, 4, 1, 2, 1, 1])
  const after = await readRuns(application.store.session, 10)
  expect(after.map(({ state }) => state)).toEqual(['unlisted', ...before.map(({ state }) => state)])
  // From now on the same question has its answer at once.
  expect((await app.request(`http://127.0.0.1${path}`)).status).toBe(200)
})

test('what is asked again over the same facts is not evaluated again', async () => {
  await fetchAnswer(await begin())
  const runs = await readRuns(application.store.session, 10)
  const { response } = await fetchAnswer(await begin())
  expect(response.status).toBe(200)
  expect(await readRuns(application.store.session, 10)).toEqual(runs)
})

test('what cannot be answered is told when it is fetched; what is wrong with the request at once', async () => {
  const { response } = await fetchAnswer(await begin(app, `${path}&subject=Group/lakeside/none`))
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ issue: [{ code: 'not-found', expression: ['subject'] }] })
  const headers = { prefer: 'respond-async' }
  const refused = await app.request('http://127.0.0.1/fhir/Measure/tests/$evaluate-measure', { headers })
  expect(refused.status).toBe(400)
})

test('an answer that is given up is gone, and its run comes to nothing', async () => {
  const place = await begin(app, '/fhir/Measure/stays/$evaluate-measure?periodStart=2024&periodEnd=2026')
  expect((await app.request(place, { method: 'DELETE' })).status).toBe(202)
  expect((await app.request(place)).status).toBe(404)
  expect((await app.request(place, { method: 'DELETE' })).status).toBe(404)
  await application.oneAtATime(() => Promise.resolve())
  const [newest] = await readRuns(application.store.session, 1)
  expect(newest?.state).not.toBe('running')
})

test('an answer expires', async () => {
  const place = await begin()
  expect((await fetchAnswer(place)).response.status).toBe(200)
  const later = { ...application, clock: fixedClock('2027-01-01T12:00:01Z') }
  const other = await createApp({ application: later, host: '127.0.0.1' })
  expect((await other.request(place)).status).toBe(404)
})

test('each fetch is audited with the persons that the answer tells of', async () => {
  const { response } = await fetchAnswer(await begin(app, `${path}&subject=Group/lakeside/panel&reportType=population`))
  expect(response.status).toBe(200)
  const rows = await readAuditRows(application.store.session, 100)
  const fetched = rows.filter(({ action, pids }) => action === 'read-answer' && pids.length > 0)
  expect(fetched).toMatchObject([
    { measureId: 'tests', pids: [expect.any(Number), expect.any(Number)], outcome: 'read' },
  ])
})

test('no more than a few are made at a time for one user', async () => {
  const statuses: number[] = []
  for (let month = 1; month <= 6; month++) {
    const asked = `/fhir/Measure/tests/$evaluate-measure?periodStart=2026-0${month}&periodEnd=2026-0${month}`
    const response = await app.request(`http://127.0.0.1${asked}`, { headers: { prefer: 'respond-async' } })
    statuses.push(response.status)
  }
  expect(statuses).toContain(429)
  expect(statuses.slice(0, 4)).toEqual([202, 202, 202, 202])
})

test('after a restart what was ready is there, and what was being made is said to be interrupted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-answers-'))
  try {
    const file = join(folder, 'a.duckdb')
    const first = await reportApplication({ path: file })
    const firstApp = await createApp({ application: first, host: '127.0.0.1' })
    const ready = await begin(firstApp)
    expect((await fetchAnswer(ready, firstApp)).response.status).toBe(200)
    const interrupted = await begin(firstApp, '/fhir/Measure/stays/$evaluate-measure?periodStart=2025&periodEnd=2026')
    await first.close()
    const second = await reportApplication({ path: file, fill: false })
    const secondApp = await createApp({ application: second, host: '127.0.0.1' })
    expect((await secondApp.request(ready)).status).toBe(200)
    const answer = await secondApp.request(interrupted)
    expect(answer.status).toBe(410)
    expect(await answer.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'transient', diagnostics: expect.stringContaining('Send the request again') }],
    })
    await second.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
