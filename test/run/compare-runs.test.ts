import { expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { compareRuns, loadData, type RunComparison } from '../../src/jobs/index.ts'
import { readRunBasis, resultLines, type Store } from '../../src/store/index.ts'
import { makeExpansion } from '../../src/terminology/expansion.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { byMemberId as config, sure } from '../ingest/same-person.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'
import { about, applicationOver, collect, cqlMeasure, period, visits } from './made-run.ts'

const visit = (id: string) => about(`${id}-visit`, 'Encounter', id)

async function refresh(store: Store, source: string, ...resources: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress: silentProgress })
}

const told = ({ changes }: RunComparison) =>
  changes.map((one) => `${one.population} ${one.source}/${one.patientId} ${one.change} ${one.causes.join('+')}`)

async function run(store: Store, measure = visits(), over = period): Promise<number> {
  const application = await applicationOver(store, [await measure])
  return application.evaluateRun({ period: over, engine: 'direct' }, silentProgress)
}

test('new facts, joined patients: who is in or out, and which of the two made it', async () => {
  const store = await newStore()
  await refresh(store, 'hill', patient('a'), visit('a'), patient('b', sure('7')), visit('b'))
  await refresh(store, 'dale', patient('y', { ...sure('8') }), observation('o', 'y'))
  const first = await run(store)
  expect(told(await compareRuns(store.session, first, await run(store)))).toEqual([])
  await refresh(store, 'hill', observation('1', 'a'))
  const second = await run(store)
  expect(told(await compareRuns(store.session, first, second))).toEqual(['numerator hill/a in data'])
  expect(told(await compareRuns(store.session, second, first))).toEqual(['numerator hill/a out data'])
  // y of the dale is b of the hill: b's visit now goes with y's observation.
  await refresh(store, 'dale', patient('y', { ...sure('7') }))
  const third = await run(store)
  const joined = await compareRuns(store.session, second, third)
  expect(told(joined)).toEqual([
    'denominator dale/y in identity+data',
    'initial-population dale/y in identity+data',
    'numerator dale/y in identity+data',
    'numerator hill/b in identity+data',
  ])
  expect(joined.totals.find(({ population }) => population === 'numerator')).toMatchObject({ in: 1, out: 0 })
})

test('another period or other logic is the cause, for everybody who differs', async () => {
  const store = await newStore()
  await refresh(store, 'hill', patient('a'), visit('a'), patient('b'))
  const first = await run(store)
  const earlier = await run(store, visits(), { ...period, start: '2024-01-01', end: '2024-12-31' })
  expect(told(await compareRuns(store.session, first, earlier))).toEqual([
    'denominator hill/a out period',
    'initial-population hill/a out period',
  ])
  const everybody = cqlMeasure({
    id: 'Visits',
    defines: { Seen: 'true', Measured: 'false' },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Measured' },
  })
  const other = await compareRuns(store.session, first, await run(store, everybody))
  expect(told(other)).toEqual(['denominator hill/b in logic', 'initial-population hill/b in logic'])
  expect(other.measures).toEqual([{ measure: 'Visits', differs: ['logic'] }])
})

test('another version of a value set, and another engine, are causes of their own', async () => {
  const store = await newStore()
  const code = { code: { coding: [{ system: 'http://loinc.org', code: '1' }] } }
  await refresh(store, 'hill', patient('a'), observation('o', 'a', code), patient('b'))
  const url = 'http://example.org/ValueSet/tests'
  const over = async (codes: readonly string[], engine: 'direct' | 'sql') => {
    const expansion = makeExpansion(
      { url },
      codes.map((one) => ({ system: 'http://loinc.org', code: one })),
    )
    const made = await cqlMeasure({
      id: 'Tested',
      terms: `valueset "Tests": '${url}'`,
      defines: { All: 'true', Tested: 'exists [Observation: "Tests"]' },
      populations: { 'initial-population': 'All', denominator: 'All', numerator: 'Tested' },
    })
    const measure = { ...made, valueSets: [url], contentHash: `${made.closure.hash} ${expansion.sha256}` }
    const application = await applicationOver(store, [measure], { valueSets: pinValueSets([expansion]) })
    return application.evaluateRun({ period, engine }, silentProgress)
  }
  const first = await over(['2'], 'direct')
  const second = await over(['1', '2'], 'direct')
  const compared = await compareRuns(store.session, first, second)
  expect(told(compared)).toEqual(['numerator hill/a in terminology'])
  expect(compared.measures).toEqual([{ measure: 'Tested', differs: ['terminology'] }])
  const third = await over(['1', '2'], 'sql')
  const engines = await compareRuns(store.session, second, third)
  // By another engine nobody is otherwise: that it differs is said all the same.
  expect(engines.measures).toEqual([{ measure: 'Tested', differs: ['engine'] }])
  expect(told(engines)).toEqual([])
})

test('a run names what it used, and the same inputs give the same bytes', async () => {
  const bytes: string[] = []
  for (const order of [0, 1]) {
    const store = await newStore()
    const people = [patient('a'), visit('a'), patient('b'), observation('o', 'a')]
    await refresh(store, 'hill', ...(order === 0 ? people : people.toReversed()))
    const runId = await run(store)
    expect(await readRunBasis(store.session, runId)).toMatchObject([{ measureId: 'Visits', valueSets: [] }])
    const found = (await collect(resultLines(store.session, runId))).map(({ person: _key, ...line }) => line)
    bytes.push(JSON.stringify(found))
  }
  expect(bytes[1]).toBe(bytes[0])
})

test('a run that is not there is named', async () => {
  const store = await newStore()
  await expect(compareRuns(store.session, 1, 2)).rejects.toMatchObject({ diagnostics: [{ code: 'jobs/no-run' }] })
})
