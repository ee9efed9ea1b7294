import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type CaregapError, fault, type Progress, projectRoot, silentProgress } from '../../src/base/index.ts'
import { streamPersonParts } from '../../src/identity/index.ts'
import type { PersonAnswers } from '../../src/jobs/evaluator.ts'
import { openPool } from '../../src/jobs/open-pool.ts'
import { evaluateInOrder } from '../../src/jobs/run-persons.ts'
import type { EvaluationPool } from '../../src/jobs/worker-pool.ts'
import {
  findOpenRuns,
  openRun,
  readPublishedRun,
  readRun,
  readRunErrors,
  readRunMeasures,
  readRunPersons,
  readScorecardCounts,
  resultLines,
  type Store,
  storeResults,
} from '../../src/store/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, clock, collect, cqlMeasure, patient, period, visits } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

/** Ann: seen and measured. Bob: seen. Cat: not seen. Dan: an error, for he has two conditions. */
async function fourPeople(): Promise<Store> {
  const resources = [
    ...['ann', 'bob', 'cat', 'dan'].map(patient),
    ...['ann', 'bob', 'dan'].map((id) => about(`${id}-visit`, 'Encounter', id)),
    ...['ann', 'dan'].map((id) => about(`${id}-test`, 'Observation', id)),
    ...['1', '2'].map((n) => about(`dan-condition-${n}`, 'Condition', 'dan')),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  return store
}

const storedRows = async (from: Store, runId: number) => ({
  results: await from.session.all(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY measure_id, group_id, pid',
    { runId },
  ),
  gaps: await from.session.all('SELECT * EXCLUDE (run_id) FROM gap WHERE run_id = $runId ORDER BY ALL', { runId }),
  errors: await from.session.all('SELECT * EXCLUDE (run_id) FROM person_error WHERE run_id = $runId ORDER BY ALL', {
    runId,
  }),
})

test('a run counts everybody, lists the person with an error, and is stamped', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const runId = await application.evaluateRun({ period }, silentProgress)
  const [counts] = await readScorecardCounts(opened.session, runId)
  expect(counts).toMatchObject({
    measureId: 'Visits',
    groupId: 'main',
    persons: 3,
    initialPopulation: 2,
    denominator: 2,
    denominatorExclusion: null,
    numerator: 1,
    errors: 1,
    unknownGaps: 1,
  })
  expect(await readRun(opened.session, runId)).toMatchObject({
    state: 'published',
    engine: 'sql',
    periodStart: '2025-01-01',
    periodEnd: '2025-12-31',
    timeZone: 'America/New_York',
    startedAt: '2026-01-02T03:04:05Z',
    persons: 4,
    personErrors: 1,
  })
  const [error] = await readRunErrors(opened.session, runId, 10)
  expect(error).toMatchObject({
    measureId: 'Visits',
    source: 'north',
    patientId: 'dan',
    pid: 4,
    code: 'core/not-a-singleton',
  })
  expect(JSON.parse(error?.place ?? '')).toMatchObject({ library: 'Visits', define: 'Measured', line: 8 })
})

test('letters and evidence are stored in the order of the defines', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const runId = await application.evaluateRun({ period }, silentProgress)
  const [measure] = await readRunMeasures(opened.session, runId)
  expect(measure?.defines).toEqual(['Visits', 'Seen', 'Measured'])
  const { results } = await storedRows(opened, runId)
  expect(results.map((row) => (row as { defines: string }).defines)).toEqual(['ltt', 'ltf', 'zff'])
  const evidence = results.map((row) => (row as { evidence: { define: number; rid: string }[] }).evidence)
  const [visit] = await opened.session.all<{ rid: string }>("SELECT rid FROM resource_current WHERE id = 'ann-visit'")
  expect(evidence).toMatchObject([[{ define: 0, rid: visit?.rid }], [{ define: 0 }], []])
})

test('a line per source patient and group; an error has no counts', async () => {
  const opened = await fourPeople()
  // One more patient of another source, who is Ann.
  await opened.session.run(
    "INSERT INTO source (source_id, name, time_zone, created_at) VALUES (9, 'south', 'UTC', now()::TIMESTAMP)",
  )
  await opened.session.run("INSERT INTO source_patient VALUES (9, 9, 'a1', 1)")
  const application = await applicationOver(opened, [await visits()])
  const runId = await application.evaluateRun({ period }, silentProgress)
  const lines = await collect(resultLines(opened.session, runId))
  expect(lines.map(({ source, patientId, person }) => `${source}/${patientId} ${person}`)).toEqual([
    'north/ann 1',
    'north/bob 2',
    'north/cat 3',
    'north/dan 4',
    'south/a1 1',
  ])
  const ann = { 'initial-population': 1, denominator: 1, numerator: 1 }
  expect([lines[0]?.populations, lines[4]?.populations]).toEqual([ann, ann])
  expect(lines[3]).toMatchObject({ group: 'main', populations: {}, error: { code: 'core/not-a-singleton' } })
})

test('results of persons who are joined by now stay what the run found', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const runId = await application.evaluateRun({ period }, silentProgress)
  const pids = await readRunPersons(opened.session, runId)
  expect(pids).toHaveLength(4)
  const before = await collect(resultLines(opened.session, runId))
  const [first, second] = pids
  await opened.session.run('UPDATE source_patient SET pid = $first WHERE spid = $second', {
    first: first ?? 0,
    second: second ?? 0,
  })
  expect(await readRunPersons(opened.session, runId)).toEqual(pids)
  expect(await collect(resultLines(opened.session, runId))).toEqual(before)
})

test('an episode basis counts episodes', async () => {
  const opened = await fourPeople()
  const measure = await cqlMeasure({
    id: 'Episodes',
    basis: 'Condition',
    defines: { All: '[Condition]', None: 'null as List<FHIR.Condition>' },
    populations: { 'initial-population': 'All', denominator: 'All', numerator: 'None' },
  })
  const application = await applicationOver(opened, [measure])
  const runId = await application.evaluateRun({ period }, silentProgress)
  const lines = await collect(resultLines(opened.session, runId))
  expect(lines.map((line) => line.populations['denominator'])).toEqual([0, 0, 0, 2])
  expect(lines.map((line) => line.populations['numerator'])).toEqual([0, 0, 0, 0])
})

test('a criterion that its basis cannot count is an error, never a zero', async () => {
  const opened = await fourPeople()
  const measure = await cqlMeasure({
    id: 'WrongBasis',
    defines: { All: '[Encounter]' },
    populations: { 'initial-population': 'All' },
  })
  const application = await applicationOver(opened, [measure])
  const runId = await application.evaluateRun({ period }, silentProgress)
  expect(await readScorecardCounts(opened.session, runId)).toEqual([])
  const errors = await readRunErrors(opened.session, runId, 10)
  expect(errors.map((error) => error.code)).toEqual(Array(4).fill('measure/wrong-basis'))
})

test('a measure that is refused fails in the run, and the others are evaluated', async () => {
  const opened = await fourPeople()
  const broken = await cqlMeasure({
    id: 'Broken',
    defines: { All: 'true' },
    populations: { 'initial-population': 'Missing' },
  })
  const refused = [
    { id: 'Untranslated', diagnostics: [{ code: 'elm/translation', message: 'No.', severity: 'error' as const }] },
  ]
  const application = await applicationOver(opened, [await visits(), broken], { refused })
  const runId = await application.evaluateRun({ period }, silentProgress)
  const measures = await readRunMeasures(opened.session, runId)
  expect(new Map(measures.map(({ measureId, state }) => [measureId, state]))).toEqual(
    new Map([
      ['Broken', 'failed'],
      ['Untranslated', 'failed'],
      ['Visits', 'done'],
    ]),
  )
  expect(measures.find(({ measureId }) => measureId === 'Broken')?.diagnostics).toContain('core/missing-define')
  expect(await readScorecardCounts(opened.session, runId)).toHaveLength(1)
})

test('the same inputs give the same rows', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const first = await application.evaluateRun({ period }, silentProgress)
  const second = await application.evaluateRun({ period }, silentProgress)
  expect(second).not.toBe(first)
  expect(await storedRows(opened, second)).toEqual(await storedRows(opened, first))
  const snapshots = await opened.session.all('SELECT DISTINCT data_snapshot FROM run')
  expect(snapshots).toHaveLength(1)
  await opened.session.run("DELETE FROM resource_current WHERE id = 'ann-test'")
  await application.evaluateRun({ period }, silentProgress)
  expect(await opened.session.all('SELECT DISTINCT data_snapshot FROM run')).toHaveLength(2)
})

test('where nothing has changed, a run can be had again without evaluating anybody', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const first = await application.evaluateRun({ period }, silentProgress)
  const again = { period, reuse: true }
  expect(await application.evaluateRun(again, silentProgress)).toBe(first)
  const other = { period: { ...period, end: '2025-06-30' }, reuse: true }
  expect(await application.evaluateRun(other, silentProgress)).toBe(first + 1)
  await opened.session.run("DELETE FROM resource_current WHERE id = 'ann-test'")
  expect(await application.evaluateRun(again, silentProgress)).toBe(first + 2)
  const changed = await applicationOver(opened, [{ ...(await visits()), contentHash: 'of another logic' }])
  expect(await changed.evaluateRun(again, silentProgress)).toBe(first + 3)
})

test('a run that breaks is not seen, and the last good one stays', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const good = await application.evaluateRun({ period }, silentProgress)
  const breaking: Progress = {
    stage: (name) => ({
      advance: () => {
        if (name === 'evaluate') throw fault('system', 'test/power-cut', 'The power went.')
      },
      done: () => undefined,
    }),
  }
  await expect(application.evaluateRun({ period }, breaking)).rejects.toThrow('The power went.')
  expect((await readPublishedRun(opened.session))?.runId).toBe(good)
  expect(await readRun(opened.session, good + 1)).toMatchObject({ state: 'failed', persons: null })
  expect(await storedRows(opened, good + 1)).toEqual({ results: [], gaps: [], errors: [] })
})

test('a run that a killed process left open is not seen, and is ended at the next start', async () => {
  const opened = await fourPeople()
  const stamp = {
    engine: 'interpreter',
    engineVersion: '0',
    periodStart: '2025-01-01',
    periodEnd: '2025-12-31',
    timeZone: 'UTC',
    dataSnapshot: 'x',
  }
  const runId = await openRun(opened.session, stamp, [], clock.now())
  const error = { measureId: 'm', pid: 1, code: 'x', message: 'x', place: null }
  await storeResults(opened.session, runId, { results: [], errors: [error], gaps: [] })
  expect(await readPublishedRun(opened.session)).toBeUndefined()
  expect(await findOpenRuns(opened.session)).toEqual([runId])
  await applicationOver(opened, [])
  expect(await readRun(opened.session, runId)).toMatchObject({ state: 'failed' })
  expect((await storedRows(opened, runId)).errors).toEqual([])
})

test.each([
  [{ period: { ...period, end: '2024-12-31' } }, 'jobs/invalid-period'],
  [{ period: { ...period, start: '2025-02-30' } }, 'jobs/invalid-period'],
  [{ period: { ...period, timeZone: 'Mars/Olympus' } }, 'jobs/invalid-period'],
  [{ period, measures: ['Nothing'] }, 'jobs/unknown-measure'],
])('a request that makes no sense is refused before a run is opened: %j', async (request, code) => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const thrown = await application.evaluateRun(request, silentProgress).catch((error: unknown) => error as CaregapError)
  expect(thrown).toMatchObject({ kind: 'usage', diagnostics: [{ code }] })
  expect(await opened.session.all('SELECT * FROM run')).toEqual([])
})

test('one person, now: the evaluation and its gap', async () => {
  const opened = await fourPeople()
  const application = await applicationOver(opened, [await visits()])
  const record = { pid: 0, patient: patient('x'), entries: [] }
  const { evaluation, gaps } = await application.evaluatePerson(record, 'Visits', period)
  expect(evaluation.groups[0]?.populations).toEqual({ 'initial-population': 0, denominator: 0, numerator: 0 })
  expect(gaps.map((gap) => gap.status)).toEqual(['not-applicable'])
  await expect(application.evaluatePerson(record, 'Nothing', period)).rejects.toThrow('no measure Nothing')
})

// `npm test` builds first; a bare vitest run may have nothing built.
const built = existsSync(join(projectRoot, 'dist', 'jobs', 'evaluate-worker.js'))

test.skipIf(!built)('threads give what one thread gives', async () => {
  const people = Array.from({ length: 150 }, (_, index) => `p${String(index).padStart(3, '0')}`)
  const resources = [
    ...people.map(patient),
    ...people.filter((_, index) => index % 2 === 0).map((id) => about(`${id}-visit`, 'Encounter', id)),
    ...people.filter((_, index) => index % 3 === 0).map((id) => about(`${id}-test`, 'Observation', id)),
    ...people
      .filter((_, index) => index % 50 === 0)
      .flatMap((id) => ['1', '2'].map((n) => about(`${id}-c${n}`, 'Condition', id))),
  ]
  store = await openStoreWith([{ source: 'north', resources }])
  const measures = [await visits()]
  const alone = await applicationOver(store, measures, { workers: 0 })
  const threaded = await applicationOver(store, measures, { workers: 2 })
  const engine = 'interpreter'
  const first = await alone.evaluateRun({ period, engine }, silentProgress)
  const second = await threaded.evaluateRun({ period, engine }, silentProgress)
  const rows = await storedRows(store, first)
  expect(rows.errors).toHaveLength(3)
  expect(await storedRows(store, second)).toEqual(rows)
  // Closures start threads for many persons only.
  const setting = { measures, valueSets: pinValueSets([]), period, engine: 'direct', today: '2026-06-30' } as const
  const [here, there] = [openPool({ ...setting, workers: 0 }, 20_000), openPool({ ...setting, workers: 2 }, 20_000)]
  expect(there.slots).toBe(4)
  const answers = await answersOf(store, here)
  expect(answers).toHaveLength(150)
  expect(await answersOf(store, there)).toEqual(answers)
})

async function answersOf({ session }: Store, pool: EvaluationPool): Promise<readonly PersonAnswers[]> {
  const answers: PersonAnswers[] = []
  for await (const some of evaluateInOrder(streamPersonParts(session, { fromPid: 1, toPid: 999 }), pool))
    answers.push(...some)
  await pool.close()
  return answers
}
