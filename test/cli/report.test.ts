import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { openStore, readAuditRows } from '../../src/store/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { type Json, list } from '../report/fhir-invariants.ts'
import { caregap } from './caregap.ts'

// `caregap report measure-report`, over a case of a shipped measure that is loaded and evaluated by the commands.

let folder = ''
const database = () => ['--db', join(folder, 'a.duckdb')]
const period = ['--period', '2026-01-01..2026-12-31']

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caregap-report-cli-'))
  const file = join(projectRoot, 'measures/glycemic-status/cases/above-9-percent.json')
  const { bundle } = JSON.parse(readFileSync(file, 'utf8')) as { bundle: Json }
  writeFileSync(join(folder, 'case.json'), JSON.stringify(bundle))
  const loaded = caregap(['ingest', join(folder, 'case.json'), '--source', 'cases', ...database()])
  expect(loaded.code, loaded.stderr).toBe(0)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const reportOf = (...more: readonly string[]) =>
  caregap(['report', 'measure-report', '--measure', 'glycemic-status', ...period, ...database(), ...more])

test('without a run the command that makes one is named; with it the report is written, and audited', async () => {
  const before = reportOf('--out', join(folder, 'none.json'))
  expect(before.code).toBe(3)
  expect(before.stderr).toContain('caregap evaluate --measure glycemic-status')
  const run = caregap(['evaluate', '--measure', 'glycemic-status', ...period, ...database()])
  expect(run.code, run.stderr).toBe(0)
  const file = join(folder, 'report.json')
  const made = reportOf('--out', file)
  expect(made.code, made.stderr).toBe(0)
  const report = JSON.parse(readFileSync(file, 'utf8')) as Json
  expect(reportFaults(report)).toEqual([])
  expect(report).toMatchObject({ type: 'summary' })
  expect(list(list(report['group'])[0]?.['population'])[0]).toMatchObject({ count: 1 })
  const again = reportOf('--out', join(folder, 'again.json'))
  expect(again.code).toBe(0)
  expect(readFileSync(join(folder, 'again.json'), 'utf8')).toBe(readFileSync(file, 'utf8'))
  const listed = reportOf('--type', 'subject-list')
  expect(reportFaults(JSON.parse(listed.stdout) as Json)).toEqual([])
  const person = reportOf('--subject', 'Person/1')
  expect(JSON.parse(person.stdout)).toMatchObject({ resourceType: 'MeasureReport', type: 'individual' })
  const store = await openStore({ path: join(folder, 'a.duckdb') })
  const rows = await readAuditRows(store.session, 10)
  store.close()
  expect(rows.filter(({ action }) => action === 'export-report').map(({ pids }) => pids)).toContainEqual([1])
})

test.each([
  ['no measure', ['report', 'measure-report'], 2],
  ['an unknown kind', ['report', 'poem', '--measure', 'glycemic-status'], 2],
  ['an unknown measure', ['report', 'measure-report', '--measure', 'none'], 2],
  ['an unknown type', ['report', 'measure-report', '--measure', 'glycemic-status', '--type', 'pie'], 2],
  [
    'a period that ends before it starts',
    ['report', 'measure-report', '--measure', 'glycemic-status', '--period', '2026-02-01..2026-01-01'],
    2,
  ],
  [
    'an unknown person',
    ['report', 'measure-report', '--measure', 'glycemic-status', '--subject', 'Patient/cases/x'],
    3,
  ],
])('%s', (_, argumentList, code) => {
  const done = caregap([...argumentList, ...database()])
  expect(done.code, done.stderr).toBe(code)
})
