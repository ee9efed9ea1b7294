import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { verifyEngines } from '../../src/jobs/index.ts'
import { prepareSetMeasures } from '../../src/jobs/set-measures.ts'
import type { Engine } from '../../src/measure/index.ts'
import { readRunEngines, readRunMeasures, type Store } from '../../src/store/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, cqlMeasure, patient, period, visits } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

/** Ann: seen, measured. Bob: seen. Cat: not seen. Dan: an error. Eve: a birth date with an extension, so irregular. */
async function fivePeople(): Promise<Store> {
  const eve = {
    ...patient('eve'),
    _birthDate: { extension: [{ url: 'http://example.org/how-known', valueString: 'x' }] },
  }
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat', 'dan'].map(patient),
    eve,
    ...['ann', 'bob', 'dan', 'eve'].map((id) => about(`${id}-visit`, 'Encounter', id)),
    ...['ann', 'dan'].map((id) => about(`${id}-test`, 'Observation', id)),
    ...['1', '2'].map((n) => about(`dan-condition-${n}`, 'Condition', 'dan')),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  return store
}

/** Of age in the period, by the birth date; episodes are counted, cut by a value and observed. */
async function episodes(): Promise<InstalledMeasure> {
  const made = await cqlMeasure({
    id: 'Episodes',
    basis: 'Encounter',
    defines: {
      Visits: `[Encounter] E where E.period.start.value during day of "Measurement Period"`,
      Adults: `"Visits" V where Patient.birthDate.value before @2000-01-01`,
      Sex: `Patient.gender.value`,
    },
    populations: { 'initial-population': 'Visits', denominator: 'Visits', numerator: 'Adults' },
  })
  const [group] = made.groups
  if (group === undefined) throw new RangeError('a made measure has a group')
  return { ...made, groups: [{ ...group, stratifiers: [{ id: 'sex', criteria: [{ name: 'sex', define: 'Sex' }] }] }] }
}

/** Persons are counted, each with a day of their own, a stratum by value, and visits that are held twice. */
async function due(): Promise<InstalledMeasure> {
  const made = await cqlMeasure({
    id: 'Due',
    defines: {
      Twice: `[Encounter] E return all E`,
      Held: `flatten { "Twice", "Twice" }`,
      Pairs: `"Twice" V return all Tuple { tests: [Observation], visit: V, n: 1 }`,
      Nulls: `{ null as String, null as String }`,
      Seen: `exists "Held" and exists "Pairs" and "Nulls" is not null`,
      Measured: `exists [Observation]`,
      Due: `if Count("Twice") = 1 then (date from singleton from ("Twice" V return V.period.start.value)) + 5 years else null`,
      Sex: `Patient.gender.value`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Measured' },
  })
  const [group] = made.groups
  if (group === undefined) throw new RangeError('a made measure has a group')
  const stratifiers = [{ id: 'sex', criteria: [{ name: 'sex', define: 'Sex' }] }]
  return { ...made, dueDate: 'Due', groups: [{ ...group, stratifiers }] }
}

const rowsOf = async (from: Store, runId: number) => ({
  results: await from.session.all(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY measure_id, group_id, pid',
    { runId },
  ),
  gaps: await from.session.all(
    'SELECT * EXCLUDE (run_id) FROM gap WHERE run_id = $runId AND status <> $status ORDER BY ALL',
    {
      runId,
      status: 'unknown',
    },
  ),
  errors: await from.session.all('SELECT measure_id, pid FROM person_error WHERE run_id = $runId ORDER BY ALL', {
    runId,
  }),
})

test('a run by SQL stores what closures store, in chunks of any size, and counts whom closures evaluated', async () => {
  const opened = await fivePeople()
  const measures = [await visits(), await episodes(), await due()]
  const run = async (engine: Engine, chunkPersons: number) => {
    const application = await applicationOver(opened, measures, { chunkPersons })
    return application.evaluateRun({ period, engine }, silentProgress)
  }
  const direct = await rowsOf(opened, await run('direct', 1))
  const whole = await run('sql', 100)
  expect(await rowsOf(opened, whole)).toEqual(direct)
  expect(await rowsOf(opened, await run('sql', 2))).toEqual(direct)
  expect(direct.results).toHaveLength(14)
  expect(direct.gaps).toContainEqual(expect.objectContaining({ measure_id: 'Due', due_date: '2030-03-01' }))
  expect(direct.errors).toHaveLength(1)
  const [odd, failed] = ['Patient.birthDate in a form that no column shows', 'a fault of the logic']
  expect(await readRunEngines(opened.session, whole)).toEqual([
    { measureId: 'Due', engine: 'sql', closures: 0, reasons: [] },
    { measureId: 'Episodes', engine: 'sql', closures: 1, reasons: [{ reason: odd, persons: 1 }] },
    { measureId: 'Visits', engine: 'sql', closures: 1, reasons: [{ reason: failed, persons: 1 }] },
  ])
})

test('a measure that SQL cannot say is evaluated by closures, and the run says so', async () => {
  const opened = await fivePeople()
  const made = await episodes()
  const [group] = made.groups
  if (group === undefined) throw new RangeError('a made measure has a group')
  const whole = { id: 'whole', criteria: [{ name: 'whole', define: 'Patient' }] }
  const measure = { ...made, id: 'Unsayable', groups: [{ ...group, stratifiers: [whole] }] }
  const application = await applicationOver(opened, [measure])
  const runId = await application.evaluateRun({ period, engine: 'sql' }, silentProgress)
  expect(await readRunEngines(opened.session, runId)).toEqual([
    {
      measureId: 'Unsayable',
      engine: 'direct',
      closures: 5,
      reasons: [{ reason: 'logic that SQL cannot say', persons: 5 }],
    },
  ])
  const [row] = await readRunMeasures(opened.session, runId)
  expect(row?.state).toBe('done')
  expect(row?.diagnostics).toContain('jobs/not-by-sql')
})

test('engines that are compared say how many evaluations SQL made', async () => {
  const opened = await fivePeople()
  const request = {
    measures: [await visits(), await episodes()],
    valueSets: pinValueSets([]),
    period,
    people: 5,
    seed: 1,
  }
  const found = await verifyEngines(opened, request, silentProgress)
  expect(found).toMatchObject({ people: 5, compared: 10, comparedBySql: 9, differences: [] })
})

/** The measure with each of its defines as a stratum, so that its value is stored. */
const withStrata = (made: InstalledMeasure, defines: Readonly<Record<string, string>>): InstalledMeasure => {
  const stratifiers = Object.keys(defines).map((define) => ({ id: define, criteria: [{ name: define, define }] }))
  return { ...made, groups: made.groups.map((group) => ({ ...group, stratifiers })) }
}

/** What closures store of a measure; SQL alone stores the same. */
async function sameByBoth(opened: Store, ...measures: readonly InstalledMeasure[]) {
  const application = await applicationOver(opened, measures)
  const direct = await rowsOf(opened, await application.evaluateRun({ period, engine: 'direct' }, silentProgress))
  const sql = await application.evaluateRun({ period, engine: 'sql' }, silentProgress)
  expect(await rowsOf(opened, sql)).toEqual(direct)
  const engines = measures.map(({ id }) => ({ measureId: id, engine: 'sql', closures: 0, reasons: [] }))
  expect(await readRunEngines(opened.session, sql)).toEqual(engines)
  return direct
}

const withStatus = (type: string, id: string, status: string): Resource => ({
  ...about(`${id}-${type}`, type, id),
  status,
})

test('resources of several types in one list keep their elements and types, by SQL as by closures', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat', 'dan'].map(patient),
    withStatus('Encounter', 'ann', 'finished'),
    withStatus('Encounter', 'bob', 'planned'),
    withStatus('Encounter', 'cat', 'final'),
    withStatus('Encounter', 'dan', 'finished'),
    withStatus('Observation', 'ann', 'final'),
    withStatus('Observation', 'bob', 'final'),
    withStatus('Observation', 'dan', 'registered'),
    ...['bob', 'dan'].map((id) => about(`${id}-condition`, 'Condition', id)),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  const all = '([Encounter] union ([Observation] union [Condition]))'
  const defines = {
    Visited: 'exists [Encounter]',
    Final: `exists (${all} R where R.status.value = 'final')`,
    Stateless: `exists (${all} R where R.status is null)`,
    Tests: `exists (${all} R where R is FHIR.Observation and R.status.value = 'final')`,
    Cast: `exists (${all} R where (R as FHIR.Encounter).status.value = 'planned')`,
    Pairs: `exists (from ${all} R, [Encounter] E return Tuple { other: R, visit: E })`,
    Paired: `Count(from ${all} R, [Encounter] E return Tuple { other: R, visit: E }) > 2`,
    Ended: `exists (${all} R where R.period.end.value after @2025-01-01)`,
  }
  const made = await cqlMeasure({
    id: 'Mixed',
    defines,
    populations: { 'initial-population': 'Visited', denominator: 'Visited' },
  })
  const direct = await sameByBoth(store, withStrata(made, defines))
  expect(direct.results).toHaveLength(4)
})

const measured = (id: string, ...values: readonly (number | undefined)[]): Resource => ({
  ...about(`${id}-parts`, 'Observation', id),
  status: 'final',
  code: { text: 'pressure' },
  component: values.map((value, index) => ({
    code: { coding: [{ system: 'http://example.org', code: index === 0 ? 'high' : 'low' }] },
    ...(value === undefined
      ? {}
      : { valueQuantity: { value, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } }),
  })),
})

test('of lists of structures only what is read is carried, and all where a whole one counts', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat', 'dan'].map(patient),
    ...['ann', 'bob', 'cat', 'dan'].map((id) => about(`${id}-visit`, 'Encounter', id)),
    measured('ann', 130, 80),
    measured('bob', 150, undefined),
    measured('cat', 150, 150),
    about('dan-parts', 'Observation', 'dan'),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  const parts = {
    Visited: 'exists [Encounter]',
    High: `exists ([Observation] O where exists (O.component C where (C.value as FHIR.Quantity).value.value > 140))`,
  }
  const whole = {
    ...parts,
    Second: `exists ([Observation] O where (O.component[1].value as FHIR.Quantity).value.value > 100)`,
    Alike: `exists ([Observation] O where Count(distinct O.component) = 1)`,
  }
  for (const [id, defines] of Object.entries({ Parts: parts, Whole: whole })) {
    const populations = { 'initial-population': 'Visited', denominator: 'Visited', numerator: 'High' }
    const measure = withStrata(await cqlMeasure({ id, defines, populations }), defines)
    const direct = await sameByBoth(store, measure)
    expect(direct.results.map((row) => (row as { numerator: number }).numerator)).toEqual([0, 1, 1, 0])
    const { ready } = await prepareSetMeasures(store.session, [measure], pinValueSets([]), period)
    const texts = ready.map(({ evaluator }) => evaluator.program.script.query)
    expect(texts.map((text) => /list_transform\("?component/.test(text))).toEqual([id === 'Parts'])
  }
})

test('what measures have in common is evaluated once, and each comes to the same', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat', 'dan'].map(patient),
    ...['ann', 'bob'].map((id) => withStatus('Encounter', id, 'finished')),
    withStatus('Encounter', 'cat', 'planned'),
    ...['ann', 'cat', 'dan'].map((id) => withStatus('Observation', id, 'final')),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  const visited = { Visited: `exists ([Encounter] E where E.status.value = 'finished')` }
  const both = await Promise.all(
    [`exists ([Observation] O where O.status.value = 'final')`, `not "Visited"`].map((text, index) =>
      cqlMeasure({
        id: `Common${index + 1}`,
        defines: { ...visited, Seen: text },
        populations: { 'initial-population': 'Visited', denominator: 'Visited', numerator: 'Seen' },
      }),
    ),
  )
  const { ready, shared } = await prepareSetMeasures(store.session, both, pinValueSets([]), period)
  expect(shared.length).toBeGreaterThan(0)
  for (const { evaluator } of ready) {
    expect(evaluator.program.shared.size).toBeGreaterThan(0)
    expect(evaluator.program.script.query).not.toContain('set_typed_encounter')
  }
  const { results } = await sameByBoth(store, ...both)
  const numerators = results.map((row) => (row as { numerator: number }).numerator)
  expect(numerators.reduce((sum, one) => sum + one, 0)).toBe(1)
})
