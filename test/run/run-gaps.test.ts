import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { defaultConfig, silentProgress } from '../../src/base/index.ts'
import { loadContent } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { generateExport } from '../../src/synth/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, cqlMeasure, patient, period } from './made-run.ts'

// A run by SQL tells gaps from a few lines of the store; a run by closures from each person's whole record. Row by row they
// must be the same.

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

const gapsOf = (from: Store, runId: number) =>
  from.session.all<Record<string, unknown>>(
    'SELECT * EXCLUDE (run_id) FROM gap WHERE run_id = $runId ORDER BY measure_id, group_id, pid',
    { runId },
  )

/** Tested within the period, and in range at the last test; due again two years later. */
const tested = () =>
  cqlMeasure({
    id: 'Tested',
    terms: `codesystem "LOINC": 'http://loinc.org'
      code "Potassium code": '2823-3' from "LOINC" display 'Potassium'`,
    defines: {
      Seen: `exists [Encounter]`,
      Tests: `[Observation: code in { "Potassium code" }] O where O.status.value = 'final'`,
      Done: `exists "Tests"`,
      Due: `if exists "Tests" then (date from First("Tests" O return O.effective.value)) + 2 years else null`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Done' },
  })

const potassium = { text: 'Potassium', coding: [{ system: 'http://loinc.org', code: '2823-3' }] }
const result = (id: string, whose: string, status: string, day: string): Resource => ({
  ...about(id, 'Observation', whose),
  status,
  code: potassium,
  effectiveDateTime: day,
  valueQuantity: { value: 4.2, unit: 'mmol/L' },
})
const order = (id: string, whose: string, status: unknown, day: string): Resource => ({
  ...about(id, 'ServiceRequest', whose),
  status,
  intent: 'order',
  code: potassium,
  authoredOn: day,
})

const people = ['final', 'preliminary', 'ordered', 'revoked', 'task', 'listed', 'twice', 'two-sources', 'none', 'odd']

test('gaps are what closures tell: results and orders under way, of several sources, and of no patient', async () => {
  const north: Resource[] = [
    ...people.map(patient),
    ...people.map((id) => about(`${id}-visit`, 'Encounter', id)),
    result('r1', 'final', 'final', '2025-04-01'),
    result('r2', 'preliminary', 'preliminary', '2025-04-02'),
    order('o1', 'ordered', 'active', '2025-05-01'),
    order('o2', 'revoked', 'revoked', '2025-05-01'),
    order('o3', 'listed', ['active'], '2025-05-01'),
    ...['b', 'a', 'c'].map((id) => order(`same-day-${id}`, 'twice', 'active', '2025-06-01')),
    // The task names no patient: it is the person's because an own resource refers to it.
    { resourceType: 'Task', id: 't1', status: 'requested', intent: 'order', code: potassium, authoredOn: '2025-05-03' },
    { ...about('q1', 'QuestionnaireResponse', 'task'), basedOn: [{ reference: 'Task/t1' }] },
    { ...about('q2', 'QuestionnaireResponse', 'none'), basedOn: [{ reference: 'Task/t2' }] },
    // Columns do not represent a list where one status must stand: closures evaluate this person.
    { ...result('r3', 'odd', 'final', '2025-04-01'), status: ['final'] },
  ]
  const south = [patient('same'), result('r4', 'same', 'preliminary', '2025-07-01')]
  const opened = await openStoreWith([
    { source: 'north', resources: north },
    { source: 'south', resources: south },
  ])
  store = opened
  await opened.session.run(
    `UPDATE source_patient SET pid = (SELECT spid FROM source_patient WHERE patient_id = 'two-sources') WHERE patient_id = 'same'`,
  )
  const measures = [await tested()]
  // Of chunks of one person four are collected at a time: several passes, as of many people.
  const application = await applicationOver(opened, measures, { chunkPersons: 1 })
  const bySql = await gapsOf(opened, await application.evaluateRun({ period, engine: 'sql' }, silentProgress))
  const atOnce = await applicationOver(opened, measures)
  const full = { period, engine: 'sql', full: true } as const
  expect(await gapsOf(opened, await atOnce.evaluateRun(full, silentProgress))).toEqual(bySql)
  const byClosures = await gapsOf(opened, await application.evaluateRun({ period, engine: 'direct' }, silentProgress))
  expect(bySql).toEqual(byClosures)
  expect(bySql.map(({ status }) => status)).toEqual([
    'closed',
    'awaiting-data',
    'ordered',
    'open',
    'ordered',
    'ordered',
    'ordered',
    'awaiting-data',
    'open',
    'unknown',
  ])
})

test('over generated people and all measures of the house, SQL and closures tell the same gaps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caregap-gaps-'))
  try {
    const out = join(folder, 'export')
    await generateExport({ patients: 60, seed: 11, out, registryShare: 0.5 })
    const opened = await openStore({ path: join(folder, 'gaps.duckdb') })
    store = opened
    const identity = { identifierSystems: ['urn:oid:2.16.840.1.113883.19.5.100'] }
    const config = { ...defaultConfig, identity }
    await loadData(opened, { path: out, config, progress: silentProgress })
    const { measures, valueSets } = await loadContent()
    const application = await applicationOver(opened, measures, { valueSets })
    const year = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
    const bySql = await gapsOf(
      opened,
      await application.evaluateRun({ period: year, engine: 'sql', full: true }, silentProgress),
    )
    const byClosures = await gapsOf(
      opened,
      await application.evaluateRun({ period: year, engine: 'direct' }, silentProgress),
    )
    expect(bySql).toEqual(byClosures)
    // Without the numbers of their lines, lines are looked for among all.
    const numbered = await opened.session.first<{ n: number }>('SELECT count(*)::INTEGER AS n FROM person_line')
    expect(numbered?.n).toBeGreaterThan(1000)
    await opened.session.run('DELETE FROM person_line')
    const withoutNumbers = await application.evaluateRun({ period: year, engine: 'sql', full: true }, silentProgress)
    expect(await gapsOf(opened, withoutNumbers)).toEqual(bySql)
    const told = new Set(bySql.map(({ status }) => status))
    expect([...told]).toEqual(expect.arrayContaining(['closed', 'excluded', 'not-applicable', 'open', 'ordered']))
  } finally {
    store?.close()
    store = undefined
    await rm(folder, { recursive: true, force: true })
  }
})
