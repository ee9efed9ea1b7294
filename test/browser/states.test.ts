import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { ActivityBoard } from '../../src/jobs/activity.ts'
import type { Activity } from '../../src/jobs/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { type PageServer, servePages } from './page-server.ts'
import { seededApplication } from './seeded-application.ts'
import { openLoadedStore, openSeededStore } from './seeded-store.ts'

let server: PageServer | undefined
afterEach(async () => server?.close())

async function textsOf(store: Store, paths: readonly string[]): Promise<string[]> {
  server = await servePages(seededApplication(store))
  const url = server.url
  return Promise.all(
    paths.map(async (path) => {
      const response = await fetch(`${url}${path}`)
      return `${response.status} ${await response.text()}`
    }),
  )
}

const paths = [
  '/',
  '/measures/glycemic-status',
  '/measures/glycemic-status/people',
  '/runs',
  '/worklist',
  '/huddle',
  '/quality',
]

test('an empty store says on each page that there is no data and how to load some', async () => {
  for (const text of await textsOf(await openStore({ path: ':memory:' }), paths)) {
    expect(text).toMatch(/^200/)
    expect(text).toContain('No data yet')
    expect(text).toContain('bin/caregap ingest')
  }
})

test('the page that plays an EHR says where nobody is there to be opened', async () => {
  const [text] = await textsOf(await openStore({ path: ':memory:' }), ['/demo/ehr'])
  expect(text).toContain('No patient to open')
  expect(text).not.toContain('<select')
})

test('a loaded store without a run says so and how to start one', async () => {
  for (const text of await textsOf(await openLoadedStore(), paths.slice(0, 6))) {
    expect(text).toMatch(/^200/)
    expect(text).toContain('No run yet')
    expect(text).toContain('bin/caregap evaluate --all')
  }
})

const insertRun = (store: Store, runId: number, state: string, ended: boolean) =>
  store.session.run(
    `INSERT INTO run BY NAME SELECT $runId::INTEGER AS run_id, $state AS state, 'interpreter' AS engine,
       '2025-01-01' AS period_start, '2025-12-31' AS period_end, 'UTC' AS time_zone, 'x' AS data_snapshot,
       '0.1.0' AS engine_version, TIMESTAMP '2025-11-21 04:00:00' AS started_at,
       CASE WHEN $ended THEN TIMESTAMP '2025-11-21 04:01:00' END AS finished_at`,
    { runId, state, ended },
  )

test('during the first run the pages say that it is in progress', async () => {
  const store = await openLoadedStore()
  await insertRun(store, 1, 'running', false)
  const [scorecard, run] = await textsOf(store, ['/', '/runs/1'])
  expect(scorecard).toContain('The first run is in progress')
  expect(run).toContain('This run has not ended')
})

test('a newer run that is not published leaves the last good one on the pages', async () => {
  const store = await openSeededStore()
  await insertRun(store, 2, 'failed', true)
  const [scorecard, runs, run] = await textsOf(store, ['/', '/runs', '/runs/2'])
  expect(scorecard).toContain('href="/runs/1"')
  expect(scorecard).toContain('Controlling High Blood Pressure')
  expect(runs).toMatch(/Run 1<\/a> *<span class="tag">shown/)
  expect(run).toContain('This run was not published')
})

test('a measure that failed in the run, and one that no run knows, say what they are', async () => {
  const [failed, list, unknown] = await textsOf(await openSeededStore(), [
    '/measures/broken-measure',
    '/measures/broken-measure/people',
    '/measures/never-heard-of',
  ])
  expect(failed).toContain('Could not resolve identifier Foo.')
  expect(list).toContain('No result for this measure')
  expect(unknown).toMatch(/^404/)
})

test('a person whom a measure could not evaluate is told as such, never as out', async () => {
  const store = await openSeededStore()
  await store.session.run(`DELETE FROM result_row WHERE pid = 9 AND measure_id = 'blood-pressure'`)
  await store.session.run(`DELETE FROM gap_row WHERE pid = 9 AND measure_id = 'blood-pressure'`)
  const [person] = await textsOf(store, ['/people/9'])
  expect(person).toContain('Cannot be evaluated')
  expect(person).toContain('The operator is not known.')
})

test('the stream tells what is under way in order, each change once, to the end of the work', async () => {
  const application = seededApplication(await openStore({ path: ':memory:' }))
  const board = new ActivityBoard(application.clock)
  server = await servePages({ ...application, activity: board })
  const response = await fetch(`${server.url}/runs/live`)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  const told: (readonly Activity[])[] = []
  let rest = ''
  const next = async (): Promise<readonly Activity[]> => {
    for (;;) {
      const end = rest.indexOf('\n\n')
      if (end >= 0) {
        const event = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (!event.startsWith('data: ')) continue
        const activities = JSON.parse(event.slice(6)) as readonly Activity[]
        told.push(activities)
        return activities
      }
      const chunk = await reader?.read()
      if (chunk === undefined || chunk.done) throw new Error('The stream ended.')
      rest += decoder.decode(chunk.value, { stream: true })
    }
  }
  expect(await next()).toEqual([])
  await board.follow('Run 2', silentProgress, async (progress) => {
    const stage = progress.stage('evaluate', 200, 'persons')
    expect((await next())[0]).toMatchObject({
      name: 'Run 2',
      outcome: null,
      stages: [{ name: 'evaluate', done: 0, total: 200 }],
    })
    stage.advance(150)
    expect((await next())[0]?.stages[0]).toMatchObject({ done: 150, endedAt: null })
    stage.done('200 persons')
    expect((await next())[0]?.stages[0]?.summary).toBe('200 persons')
  })
  expect((await next())[0]).toMatchObject({ name: 'Run 2', outcome: 'done' })
  const done = told.map(([activity]) => activity?.stages[0]?.done ?? 0)
  expect(done).toEqual(done.toSorted((one, other) => one - other))
  await reader?.cancel()
})
