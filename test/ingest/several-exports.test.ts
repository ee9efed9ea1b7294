import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Progress } from '../../src/base/index.ts'
import type { ExportReport } from '../../src/ingest/index.ts'
import type { Store } from '../../src/store/index.ts'
import { contents, lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

const dated = (day: string) => ({ meta: { lastUpdated: `2026-01-${day}T00:00:00Z` } })

/** Three sources with the same ids: a resource twice, one that is reduced, and a line that is none. */
const first = {
  'dale/all.ndjson': lines(patient('a'), observation('1', 'a', dated('02')), observation('1', 'a', dated('03'))),
  'hill/patients.ndjson': lines(patient('b'), patient('a'), '{"resourceType":"Patient", broken'),
  'hill/rest.ndjson': lines(observation('1', 'b', dated('02')), observation('2', 'x')),
  'lake/all.ndjson': lines(patient('c'), observation('1', 'c', dated('05'))),
}
/** One moves from one patient to another, one is older, one new. */
const second = {
  'dale/all.ndjson': lines(observation('1', 'b', dated('04'))),
  'hill/rest.ndjson': lines(observation('1', 'b', { status: 'amended', ...dated('03') }), observation('2', 'b')),
  'lake/all.ndjson': lines(observation('1', 'c', { status: 'amended', ...dated('04') }), observation('9', 'd')),
}
const sources = ['dale', 'hill', 'lake']

const counts = (report: ExportReport) => ({
  ...report,
  origin: '',
  files: report.files.map((file) => ({ ...file, path: '' })),
  quarantine: report.quarantine.map(({ code, message }) => ({ code, message })),
})

/** All that a load leaves, times aside. */
async function stored({ session }: Store): Promise<unknown[]> {
  const tables = [
    'SELECT * EXCLUDE (created_at) FROM source',
    'SELECT * EXCLUDE (started_at, finished_at, origin) FROM job',
    'SELECT * EXCLUDE (path, finished_at) FROM source_file',
    'FROM quarantine',
    'SELECT rowid, * FROM raw_line',
    'FROM resource_current',
    'FROM source_patient',
    'FROM job_line',
    'FROM left_patient',
  ]
  return Promise.all(tables.map((table) => session.all(`FROM (${table}) ORDER BY ALL`)))
}

test('exports of few lines that are loaded together leave what they leave one by one', async () => {
  const together = await newStore()
  const apart = await newStore()
  for (const exported of [first, second]) {
    const folder = write(newFolder(), exported)
    const { exports } = await load(together, folder)
    const reports: ExportReport[] = []
    for (const source of sources) reports.push(...(await load(apart, join(folder, source))).exports)
    expect(exports.map(counts)).toEqual(reports.map(counts))
  }
  expect(await stored(together)).toEqual(await stored(apart))
})

test('where one of them is broken the others are loaded, in their order', async () => {
  const store = await newStore()
  const folder = write(newFolder(), { ...first, 'hill/cut.ndjson.gz': Buffer.from([0x1f, 0x8b, 1]) })
  const { exports } = await load(store, folder)
  expect(exports.map(({ source, state }) => `${source} ${state}`)).toEqual([
    'dale published',
    'hill refused',
    'lake published',
  ])
  expect((await contents(store)).map((line) => line.split(' ')[0])).toEqual(['dale', 'dale', 'lake', 'lake'])
})

/** Does something when the lines of a source are about to be staged, the first time. */
function whenStaged(source: string, then: () => void): Progress {
  let isDone = false
  return {
    stage: (name) => {
      if (name === `load ${source}` && !isDone) {
        isDone = true
        then()
      }
      return { advance: () => undefined, done: () => undefined }
    },
  }
}

test('one that changes while they are loaded is read again, and the others once', async () => {
  const store = await newStore()
  const folder = write(newFolder(), first)
  const progress = whenStaged('lake', () => appendFileSync(join(folder, 'hill/rest.ndjson'), lines(patient('late'))))
  const { exports, total } = await load(store, folder, { progress })
  expect(exports.map(({ state }) => state)).toEqual(['published', 'published', 'published'])
  expect(total).toMatchObject({ good: 10, inserted: 9, duplicate: 1, quarantined: 1 })
  expect(
    await store.session.all('SELECT state, count(*)::INTEGER AS jobs FROM job GROUP BY state ORDER BY state'),
  ).toEqual([
    { state: 'discarded', jobs: 1 },
    { state: 'published', jobs: 3 },
  ])
})

test('one that is broken by then is refused, and the others are loaded', async () => {
  const store = await newStore()
  const folder = write(newFolder(), first)
  const progress = whenStaged('lake', () =>
    writeFileSync(join(folder, 'hill/rest.ndjson'), Buffer.from([0x1f, 0x8b, 1])),
  )
  const { exports } = await load(store, folder, { progress })
  expect(exports.map(({ source, state }) => `${source} ${state}`)).toEqual([
    'dale published',
    'hill refused',
    'lake published',
  ])
})
