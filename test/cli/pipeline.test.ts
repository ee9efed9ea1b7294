import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explanationSchema } from '../../src/gaps/index.ts'
import { openStore, readAuditRows } from '../../src/store/index.ts'
import { caregap, endOf, startCaregap } from './caregap.ts'

// The whole way by the commands alone: generate, ingest, evaluate, results, serve.
let folder = ''
const at = (name: string) => join(folder, name)
const database = () => ['--db', at('pipeline.duckdb'), '--config', at('caregap.config.json')]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caregap-cli-'))
  const made = caregap([
    'generate',
    '--patients',
    '60',
    '--seed',
    '3',
    '--registry-share',
    '50',
    '--out',
    at('export'),
    '--json',
  ])
  expect(made.stderr).not.toContain('caregap:')
  expect(JSON.parse(made.stdout)).toMatchObject({ persons: 60 })
  const { writeFile } = await import('node:fs/promises')
  await writeFile(
    at('caregap.config.json'),
    JSON.stringify({
      sources: [
        { name: 'lakeside', timeZone: 'America/Chicago' },
        { name: 'northgate', timeZone: 'America/New_York' },
        { name: 'harbor', timeZone: 'America/Los_Angeles' },
      ],
      timeZone: 'America/Chicago',
      identity: { identifierSystems: ['urn:oid:2.16.840.1.113883.19.5.100'] },
      roster: 'export/roster.csv',
    }),
  )
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('an export goes in, and going in again changes nothing', () => {
  const first = caregap(['ingest', at('export'), ...database(), '--json'])
  expect(first.code, first.stderr).toBe(0)
  const { ingest, persons } = JSON.parse(first.stdout)
  expect(persons.persons).toBeGreaterThanOrEqual(60)
  expect(ingest.total.lines).toBe(ingest.total.good + ingest.total.quarantined)
  const { inserted, updated, unchanged, duplicate, older } = ingest.total
  expect(ingest.total.good).toBe(inserted + updated + unchanged + duplicate + older)

  const again = caregap(['ingest', at('export'), ...database(), '--json'])
  expect(JSON.parse(again.stdout).ingest.total).toMatchObject({ inserted: 0, updated: 0 })
})

test('a run gives a scorecard and a line per source patient and group', () => {
  const period = ['--period', '2026-01-01..2026-12-31']
  const run = caregap(['evaluate', '--all', ...period, ...database(), '--json'])
  expect(run.code, run.stderr).toBe(0)
  const { scorecard } = JSON.parse(run.stdout)
  expect(scorecard.map((line: { measureId: string }) => line.measureId)).toEqual([
    'breast-cancer-screening',
    'colorectal-cancer-screening',
    'controlling-blood-pressure',
    'depression-screening',
    'glycemic-status',
  ])
  const results = caregap(['results', '--ndjson', ...database()])
  const lines = results.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const inDenominator = new Set(
    lines
      .filter((line) => line.measure === 'controlling-blood-pressure' && line.populations.denominator > 0)
      .map((line) => line.person),
  )
  const pressure = scorecard.find((line: { measureId: string }) => line.measureId === 'controlling-blood-pressure')
  expect(inDenominator.size).toBe(pressure.counts.denominator)
  expect(inDenominator.size).toBeGreaterThan(0)
})

test('results that were printed are in the audit, with their people', async () => {
  const store = await openStore({ path: at('pipeline.duckdb') })
  try {
    const [row] = await readAuditRows(store.session, 1)
    expect(row).toMatchObject({ route: 'caregap results', userId: 'local', outcome: 'read' })
    expect(row?.pids.length).toBeGreaterThanOrEqual(60)
  } finally {
    store.close()
  }
})

test('the text for people shows the same scorecard', () => {
  const run = caregap(['evaluate', '--measure', 'glycemic-status', '--period', '2026-01-01..2026-12-31', ...database()])
  expect(run.stdout).toMatch(/Glycemic Status Assessment Greater Than 9% ↓/)
  expect(run.stdout).toMatch(/lower is better/)
})

test('a result is explained clause by clause, by person or by patient; a letter that is not made again is an error', async () => {
  const lines = caregap(['results', '--ndjson', '--run', '1', ...database()])
    .stdout.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const line = lines.find(({ measure, populations }) => {
    const { denominator, numerator } = populations as Record<string, number>
    return measure === 'controlling-blood-pressure' && denominator === 1 && numerator === 1
  })
  const { person, source, patientId, measure } = line as Record<string, string>
  const command = ['explain', String(measure), '--run', '1', ...database()]
  const told = caregap([...command, '--patient', `${source}/${patientId}`])
  expect(told.code, told.stderr).toBe(0)
  expect(told.stdout).toMatch(/^true {2}numerator 1: "Numerator" {2}\[[\d ]+\]/m)
  expect(told.stdout).toContain(`${source}/Patient/${patientId}`)
  expect(told.stdout).toMatch(/^\[1\] [a-z]+\/[A-Za-z]+\/\S+/m)
  const numerator = caregap([...command, '--person', String(person), '--define', 'Numerator', '--json'])
  const explanation = explanationSchema.parse(JSON.parse(numerator.stdout))
  expect(explanation.defines).toMatchObject([{ name: 'Numerator', letter: 't', stored: 't' }])
  expect(caregap([...command, '--person', '999999']).code).toBe(2)
  expect(caregap([...command, '--person', String(person), '--define', 'Nothing']).code).toBe(2)

  const store = await openStore({ path: at('pipeline.duckdb') })
  await store.session.run(
    `UPDATE result_row SET defines = replace(defines, 't', 'f')
     WHERE run_id = 1 AND pid = $person AND measure_id = $measure`,
    { person: Number(person), measure: String(measure) },
  )
  store.close()
  const differs = caregap([...command, '--person', String(person)])
  expect(differs.code).toBe(4)
  expect(differs.stdout).toBe('')
  expect(differs.stderr).toMatch(/stored f for the define "Numerator", which is t when made again/)
})

test('a server answers on loopback, keeps the file to itself, and ends when told to', async () => {
  const server = await startCaregap(['serve', '--port', '0', ...database()])
  try {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect((await fetch(`${server.url}/`)).status).toBe(200)
    const report = await fetch(
      `${server.url}/fhir/Measure/glycemic-status/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31`,
    )
    expect(await report.json()).toMatchObject({ resourceType: 'MeasureReport', type: 'summary' })

    const held = caregap(['package', 'list', ...database()])
    expect(held.code).toBe(4)
    expect(held.stderr).toMatch(new RegExp(`held by caregap serve \\(process ${server.process.pid}`))
  } finally {
    expect(await endOf(server.process)).toBe(0)
  }
})

test('a truncated line is quarantined and listed: exit code 1', () => {
  const cut = at('cut.ndjson')
  const patient = '{"resourceType":"Patient","id":"a"}\n{"resourceType":"Patient","id":'
  return import('node:fs/promises').then(async ({ writeFile }) => {
    await writeFile(cut, patient)
    const done = caregap(['ingest', cut, '--source', 'cut', '--db', at('cut.duckdb')])
    expect(done.code).toBe(1)
    expect(done.stdout).toContain('1 good + 1 quarantined')
    expect(done.stderr).toMatch(/cut\.ndjson:2: The file ends in the middle of this line/)
  })
})

test('the README names just the two commands on its first screen', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const first = /```sh\n([\s\S]*?)```/.exec(readme)?.[1]?.trimEnd().split('\n') ?? []
  expect(first.map((line) => line.split('#')[0]?.trim())).toEqual(['npm start', 'npm test'])
})
