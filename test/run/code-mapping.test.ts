import { expect, test } from 'vitest'
import { type Config, defaultConfig, silentProgress } from '../../src/base/index.ts'
import { mappingsIn } from '../../src/fhir/index.ts'
import { readPersonRecord } from '../../src/identity/index.ts'
import { decideMaps, effectOfMaps, listUnmapped, loadData, proposeMap } from '../../src/jobs/index.ts'
import { readCodeMaps, readScorecardCounts, type Store } from '../../src/store/index.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'
import { local, testedMeasure as measured, valueSets } from './local-codes.ts'
import { applicationOver, clock, period } from './made-run.ts'

const config: Config = defaultConfig
const engine = 'sql'
const high = (unit: string) => ({ valueQuantity: { value: 9.8, unit } })

async function hill(): Promise<Store> {
  const store = await newStore()
  const facts = [
    observation('1', 'a', { code: { coding: [local] }, ...high('percent') }),
    observation('2', 'b', { code: { text: 'Glycated  Hemoglobin' }, ...high('%') }),
    observation('3', 'c', high('%')),
    observation('4', 'd', { code: { coding: [local] }, ...high('%') }),
  ]
  const people = ['a', 'b', 'c', 'd'].map((id) => patient(id))
  const path = write(newFolder(), { 'all.ndjson': lines(...people, ...facts) })
  await loadData(store, { path, source: 'hill', config, progress: silentProgress })
  return store
}

test('what no measure reads is listed with candidates; a map changes the rate as was said, raw stays, and retiring it undoes it', async () => {
  const store = await hill()
  const measures = [await measured()]
  const application = await applicationOver(store, measures, { valueSets })
  const context = { store, measures, valueSets, clock, user: 'ana' }
  const numerator = async (runId: number) => (await readScorecardCounts(store.session, runId))[0]?.numerator
  const run = () => application.evaluateRun({ period, engine }, silentProgress)
  const before = await run()
  expect(await numerator(before)).toBe(1)
  const raw = await store.session.all('SELECT raw FROM raw_line ORDER BY rid')

  const found = await listUnmapped(context)
  expect(found.map((one) => `${one.count} ${one.kind} ${one.value} ${one.candidates[0]?.code ?? '-'}`)).toEqual([
    '2 code A1C 4548-4',
    '1 unit percent %',
    '1 text glycated hemoglobin -',
  ])
  const loinc = { toSystem: 'http://loinc.org', toCode: '4548-4' }
  const ids = [
    await proposeMap(context, { kind: 'code', source: 'hill', fromSystem: local.system, fromValue: 'A1C', ...loinc }),
    await proposeMap(context, {
      kind: 'text',
      source: null,
      fromSystem: '',
      fromValue: 'Glycated hemoglobin',
      ...loinc,
    }),
    await proposeMap(context, {
      kind: 'unit',
      source: null,
      fromSystem: '',
      fromValue: 'percent',
      toSystem: '',
      toCode: '%',
    }),
  ]
  const again = { kind: 'unit', source: null, fromSystem: '', fromValue: 'percent', toSystem: '', toCode: '%' } as const
  expect(await proposeMap(context, again)).toBe(ids[2])
  // Proposed maps change nothing.
  expect(await numerator(await run())).toBe(1)
  const effects = await effectOfMaps(context, ids)
  expect(effects).toMatchObject({ resources: 3, persons: 3, dataChanged: false })
  expect(effects.groups[0]).toMatchObject({ before: { numerator: 1 }, after: { numerator: 4 }, rateAfter: 1 })

  await decideMaps(context, ids, 'approved')
  const after = await run()
  expect(await numerator(after)).toBe(effects.groups[0]?.after.numerator)
  expect(await numerator(await application.evaluateRun({ period, engine: 'direct' }, silentProgress))).toBe(4)
  expect(await store.session.all('SELECT raw FROM raw_line ORDER BY rid')).toEqual(raw)
  const record = await readPersonRecord(store.session, 1)
  const marks = record?.entries.flatMap(({ resource }) => mappingsIn(resource))
  expect(marks).toEqual([
    'urn:hill:lab|A1C -> http://loinc.org|4548-4 (map 1, approved by ana on 2026-01-02)',
    'percent -> % (map 3, approved by ana on 2026-01-02)',
  ])
  const setting = 'SELECT carried_from AS carried FROM run_setting WHERE run_id = $after'
  expect(await store.session.first(setting, { after })).toEqual({ carried: null })

  await decideMaps({ ...context, user: 'ben' }, ids, 'retired')
  // An approval stays written down.
  expect((await readCodeMaps(store.session))[0]).toMatchObject({
    state: 'retired',
    proposedBy: 'ana',
    approvedBy: 'ana',
    approvedAt: '2026-01-02T03:04:05Z',
    retiredBy: 'ben',
  })
  expect(await numerator(await run())).toBe(1)
}, 120_000)

test('a map to what no measure reads, and an unknown map, are refused', async () => {
  const store = await hill()
  const context = { store, measures: [await measured()], valueSets, clock, user: 'ana' }
  const to = { toSystem: 'http://loinc.org', toCode: '0000-0' }
  const refused = { diagnostics: [{ code: 'jobs/invalid-map' }] }
  await expect(
    proposeMap(context, { kind: 'code', source: null, fromSystem: 'x', fromValue: 'y', ...to }),
  ).rejects.toMatchObject(refused)
  await expect(decideMaps(context, [7], 'approved')).rejects.toMatchObject(refused)
})

test.each([
  ['mmol/mol', '%', /a meaning of its own, and not %/],
  ['mg/dL', 'mmol/L', /a meaning of its own, and not mmol\/L/],
  ['mm Hg', 'mmHg', /mmHg is no unit of UCUM/],
])('a unit map renames and does not convert: %s to %s is refused', async (fromValue, toCode, message) => {
  const context = { store: await newStore(), measures: [await measured()], valueSets, clock, user: 'ana' }
  const map = { kind: 'unit', source: null, fromSystem: '', fromValue, toSystem: '', toCode } as const
  await expect(proposeMap(context, map)).rejects.toThrow(message)
})
