import { expect, test } from 'vitest'
import { defaultConfig as config, silentProgress as progress } from '../../src/base/index.ts'
import {
  decideMaps,
  type FactKind,
  lackingSources,
  listFacts,
  loadData,
  proposeMap,
  readFacts,
  safeFacts,
} from '../../src/jobs/index.ts'
import type { Store } from '../../src/store/index.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'
import { local, testedMeasure, valueSets } from './local-codes.ts'
import { applicationOver, clock, cqlMeasure, period } from './made-run.ts'

async function load(store: Store, source: string, resources: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress })
}

const people = (source: string, many: number) => Array.from({ length: many }, (_, at) => patient(`${source}-${at}`))
const inLocalCode = { code: { coding: [local] } }

/** Twelve people of hill, two of whom have three tests by LOINC; twelve of lake, whose tests have codes of its own; three of dale. */
async function threeSources() {
  const store = await newStore()
  await load(store, 'hill', [
    ...people('hill', 12),
    observation('1', 'hill-0'),
    observation('2', 'hill-0'),
    observation('3', 'hill-1'),
  ])
  await load(store, 'lake', [...people('lake', 12), observation('4', 'lake-0', inLocalCode)])
  await load(store, 'dale', [...people('dale', 3), observation('5', 'dale-0')])
  return store
}

const shown = ({ sources }: FactKind) =>
  sources.map(({ source, presence, persons, resources }) => `${source} ${presence} ${persons}/${resources}`)

test('each kind of facts that a measure reads is counted in each source, with those that have none of it', async () => {
  const store = await threeSources()
  const other = await cqlMeasure({
    id: 'Other',
    defines: { All: 'true', Some: 'exists [Observation] or exists [Coverage] or exists [Medication]' },
    populations: { 'initial-population': 'All', denominator: 'All', numerator: 'Some' },
  })
  const application = await applicationOver(store, [await testedMeasure(), other], { valueSets })
  const { measures } = application
  const context = { store, measures, valueSets, clock }
  expect(await listFacts(context)).toEqual({ state: 'none' })

  const runId = await application.evaluateRun({ period }, progress)
  const { found, state } = await listFacts(context)
  expect([state, found?.runId]).toEqual(['current', runId])
  expect(found?.sources).toEqual([
    { source: 'dale', persons: 3 },
    { source: 'hill', persons: 12 },
    { source: 'lake', persons: 12 },
  ])
  const [tested, any] = found?.measures ?? []
  expect(tested?.kinds).toHaveLength(1)
  const [kind] = tested?.kinds ?? []
  expect(kind).toMatchObject({ type: 'Observation', path: 'code', valueSet: 'http://example.org/ValueSet/a1c' })
  expect(kind && shown(kind)).toEqual(['dale some 1/1', 'hill some 2/3', 'lake none 0/0'])
  expect(kind && lackingSources(kind)).toEqual(['lake'])
  const all = any?.kinds.map((one) => `${one.type}: ${shown(one).join(', ')}`)
  expect(all).toEqual([
    'Coverage: dale none 0/0, hill none 0/0, lake none 0/0',
    'Medication: dale none null/0, hill none null/0, lake none null/0',
    'Observation: dale some 1/1, hill some 2/3, lake some 1/1',
  ])
})

test('an approved map makes the local code one of the facts, and a newer run has them counted anew', async () => {
  const store = await threeSources()
  const application = await applicationOver(store, [await testedMeasure()], { valueSets })
  const context = { store, measures: application.measures, valueSets, clock, user: 'chief' }
  const lacking = async () => {
    const [kind] = (await listFacts(context)).found?.measures[0]?.kinds ?? []
    return kind && lackingSources(kind)
  }
  await application.evaluateRun({ period }, progress)
  expect(await lacking()).toEqual(['lake'])

  const fromTo = { fromSystem: local.system, fromValue: local.code, toSystem: 'http://loinc.org', toCode: '4548-4' }
  const map = await proposeMap(context, { kind: 'code', source: null, ...fromTo })
  await decideMaps(context, [map], 'approved')
  await application.evaluateRun({ period }, progress)
  // A page shows what was counted before, or waits for what is quick, and says which.
  const { state, found } = await readFacts(context)
  expect(found?.measures[0]?.kinds[0]?.sources[2]?.presence).toBe(state === 'earlier' ? 'none' : 'some')
  expect(await lacking()).toEqual([])
  expect((await readFacts(context)).state).toBe('current')
})

test('a value set that is not at hand is told as not counted, not as facts that are missing', async () => {
  const store = await threeSources()
  const application = await applicationOver(store, [await testedMeasure()], { valueSets })
  await application.evaluateRun({ period }, progress)
  const without = { find: () => undefined, all: [] }
  const { found } = await listFacts({ store, measures: application.measures, valueSets: without })
  expect(found?.measures[0]?.kinds.map(shown)).toEqual([
    ['dale unknown null/null', 'hill unknown null/null', 'lake unknown null/null'],
  ])
})

test('who may not see small counts is told whether a source has any, and nothing of one that knows few people', async () => {
  const store = await threeSources()
  const application = await applicationOver(store, [await testedMeasure()], { valueSets })
  await application.evaluateRun({ period }, progress)
  const { found } = await listFacts({ store, measures: application.measures, valueSets })
  if (found === undefined) throw new RangeError('nothing was counted')
  expect(safeFacts(found, false)).toEqual(found)
  const safe = safeFacts(found, true)
  expect(safe.sources.map(({ persons }) => persons)).toEqual([null, null, null])
  expect(safe.measures[0]?.kinds.map(shown)).toEqual([
    ['dale unknown null/null', 'hill some null/null', 'lake none null/null'],
  ])
})
