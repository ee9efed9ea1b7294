#!/usr/bin/env node
// Time to the first byte of each page over made results: node bench/pages.mjs [PEOPLE]. Rows are made by the database, for
// the measures that are installed; nothing is evaluated. Prints the median and the slowest of 9 requests over loopback, with
// the mean CPU time of all threads (on a busy machine that is the figure that counts); the first one of each page is left
// out (it draws the charts), with its own time beside.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp } from '../bin/setup.mjs'

setUp()
const { defaultConfig, silentLogger, systemClock } = await import('../dist/base/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { createApplication, keepListsReady } = await import('../dist/jobs/index.js')
const { openStore } = await import('../dist/store/index.js')
const { startServer } = await import('../dist/api/index.js')
const { pageRoutes, renderProblemPage, warmCharts } = await import('../dist/pages/index.js')

const people = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'caregap-pages-'))
const store = await openStore({ path: join(folder, 'made.duckdb') })
const { session } = store
const { measures, valueSets } = await loadContent({ terminology: defaultConfig.terminology, session })
const day = `strftime(DATE '2026-01-01' + CAST(hash(i, 7) % 365 AS INTEGER), '%Y-%m-%d')`
const everyone = `range(1, ${people + 1}) t(i)`
await session.run(`INSERT INTO source VALUES (1, 'made', 'UTC', NULL, now()::TIMESTAMP)`)
await session.run(`INSERT INTO source_patient SELECT i, 1, 'p' || i, i FROM ${everyone}`)
await session.run(
  `INSERT INTO person SELECT i, strftime(DATE '1930-01-01' + CAST(hash(i) % 30000 AS INTEGER), '%Y-%m-%d'),
     CASE WHEN i % 2 = 0 THEN 'female' ELSE 'male' END, hash(i, 3) % 40 = 0, 'Name' || (hash(i, 1) % 50000) || ' Given' || i, 1
   FROM ${everyone}`,
)
await session.run(
  `INSERT INTO attribution SELECT i, '1' || lpad((hash(i, 4) % 400)::VARCHAR, 9, '0'), 'Provider ' || (hash(i, 4) % 400),
     lpad((hash(i, 5) % 40)::VARCHAR, 9, '0'), 'Practice ' || (hash(i, 5) % 40), 1, 3, ${day} FROM ${everyone}`,
)
const types = ['Patient', 'Encounter', 'Observation', 'Condition']
await session.run(
  `INSERT INTO raw_line SELECT i * 4 + n, i * 4 + n, i, 1, t, t || '-' || i, '1', '2026-06-01T10:00:00Z', 1, n,
     json_object('resourceType', t, 'id', t || '-' || i, 'status', 'finished', 'telecom', json_array(json_object('system', 'phone', 'value', '555-' || i)),
       'code', json_object('text', 'A local name ' || (hash(i, n) % 3000),
         'coding', json_array(json_object('system', 'urn:made', 'code', 'L' || (hash(i, n) % 3000)))))::VARCHAR
   FROM ${everyone}, (SELECT unnest([0, 1, 2, 3]) AS n, unnest([${types.map((type) => `'${type}'`).join()}]) AS t)`,
)
await session.run(
  'INSERT INTO resource_current BY NAME SELECT rid, hash, spid, source_id, type, id, 1 AS changed_seq, false AS deleted FROM raw_line',
)
for (const runId of [1, 2]) {
  await session.run(
    `INSERT INTO run VALUES (${runId}, 'published', 'sql', '2026-01-01', '2026-12-31', 'UTC', repeat('b', 64), '0.1.0',
       TIMESTAMP '2026-0${5 + runId}-01 04:00:00', TIMESTAMP '2026-0${5 + runId}-01 04:20:00', ${people}, 0)`,
  )
  for (const { id, url, version, title, contentHash, groups } of measures) {
    await session.run(
      `INSERT INTO run_measure VALUES (${runId}, $id, $url, $version, $title, $hash, 'done', ['Initial Population', 'Numerator'], '[]')`,
      { id, url, version, title, hash: contentHash },
    )
    await session.run(
      `INSERT INTO person_result BY NAME SELECT ${runId} AS run_id, $id AS measure_id, $group AS group_id, i AS pid,
         inside AS initial_population, inside AS denominator, (inside * excluded) AS denominator_exclusion,
         (inside * (1 - excluded) * met) AS numerator, 'tt' AS defines, [] AS evidence
       FROM (SELECT i, (hash(i, $id) % 2)::INTEGER AS inside, (hash(i, 11) % 9 = 0)::INTEGER AS excluded,
         (hash(i, 12) % 3 > 0)::INTEGER AS met FROM ${everyone})`,
      { id, group: groups[0].id },
    )
    await session.run(
      `INSERT INTO gap SELECT ${runId}, $id, $group, i, ['open', 'closed', 'excluded', 'open'][1 + (hash(i, 13, $id) % 4)::INTEGER],
         'no-qualifying-result', 'Open: made.', '[]', NULL, ${day} FROM ${everyone} WHERE hash(i, $id) % 2 = 1`,
      { id, group: groups[0].id },
    )
  }
}
await session.run('CHECKPOINT')

const application = await createApplication({
  store,
  config: defaultConfig,
  clock: systemClock,
  logger: silentLogger,
  measures,
  valueSets,
})
const server = await startServer({
  application,
  pageRoutes: pageRoutes(application),
  renderPageProblem: renderProblemPage,
  host: '127.0.0.1',
  port: 0,
})
// As a server does before it says its address, and beside its first requests.
await warmCharts()
await keepListsReady(application)()
const measure = `/measures/${measures[0].id}`
const paths = [
  '/',
  measure,
  `${measure}/providers?by=provider`,
  `${measure}/trend`,
  `${measure}/disparities`,
  `${measure}/people?population=denominator`,
  `${measure}/people?q=name77`,
  '/worklist',
  '/worklist?q=name77&sort=name',
  '/people/4711',
  '/runs',
  '/runs/2',
  '/quality',
  '/mapping',
  '/mapping?show=all&page=20',
  '/api/scorecard',
  '/api/worklist?limit=100',
]

async function firstByte(path) {
  const before = performance.now()
  const response = await fetch(`${server.url}${path}`)
  const reader = response.body.getReader()
  await reader.read()
  const time = performance.now() - before
  while (!(await reader.read()).done);
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return time
}

const at = (time) => `${time.toFixed(0).padStart(5)} ms`

console.log(`${people} people, ${measures.length} measures, 2 runs`)
for (const path of paths) {
  const first = await firstByte(path)
  const times = []
  const before = process.cpuUsage()
  for (let turn = 0; turn < 9; turn += 1) times.push(await firstByte(path))
  const { user, system } = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  console.log(
    `${path.padEnd(58)} median ${at(times[4])}   slowest ${at(times[8])}   CPU ${at((user + system) / 9000)}   the first ${at(first)}`,
  )
}
await server.close()
await application.close()
rmSync(folder, { recursive: true })
