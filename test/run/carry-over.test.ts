import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixedClock, silentProgress } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import type { Engine } from '../../src/measure/index.ts'
import { carryResults, discardRun, openRun, type Store } from '../../src/store/index.ts'
import { makeExpansion } from '../../src/terminology/expansion.ts'
import { type Expansion, pinValueSets } from '../../src/terminology/index.ts'
import { byMemberId as config, sure } from '../ingest/same-person.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'
import { about, applicationOver, clock, cqlMeasure, period, visits } from './made-run.ts'

const engines = fc.constantFrom<Engine>('direct', 'sql')

async function refresh(store: Store, source: string, resources: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress: silentProgress })
}

const rowsOf = async ({ session }: Store, runId: number) => {
  const of = (table: string) =>
    session.all(`SELECT * EXCLUDE (run_id) FROM ${table} WHERE run_id = $runId ORDER BY ALL`, { runId })
  const run = await session.first('SELECT persons, person_errors FROM run WHERE run_id = $runId', { runId })
  return { results: await of('person_result'), errors: await of('person_error'), gaps: await of('gap'), run }
}

const settingOf = ({ session }: Store, runId: number) =>
  session.first<{ carried: number | null; evaluated: number | null }>(
    'SELECT carried_from AS carried, evaluated FROM run_setting WHERE run_id = $runId',
    { runId },
  )

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const step = fc.record({
  source: fc.constantFrom('hill', 'dale'),
  id: fc.constantFrom(...ids),
  what: fc.constantFrom('visit', 'observation', 'error', 'join', 'part', 'move'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What a source sends anew in a step. */
function sent({ id, what }: Step): readonly object[] {
  if (what === 'visit') return [about(`${id}-visit`, 'Encounter', id)]
  if (what === 'observation') return [observation(`${id}-test`, id)]
  if (what === 'move') return [observation('moving', id)]
  if (what === 'error') return ['1', '2'].map((n) => about(`${id}-condition-${n}`, 'Condition', id))
  return [patient(id, sure(what === 'join' ? 'same' : `${id}-own`))]
}

test('after any refresh a run that takes over an earlier one equals a run over everybody', async () => {
  const measure = await visits()
  let taken = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), engines, async (steps, engine) => {
      const store = await newStore()
      for (const source of ['hill', 'dale']) {
        const people = ids.map((id) => patient(id))
        await refresh(store, source, [
          ...people,
          about('a-visit', 'Encounter', 'a'),
          about('e-visit', 'Encounter', 'e'),
        ])
      }
      const application = await applicationOver(store, [measure])
      const runs = [await application.evaluateRun({ period, engine }, silentProgress)]
      const told = [await rowsOf(store, runs[0] ?? 0)]
      for (const [index, one] of steps.entries()) {
        await refresh(store, one.source, sent(one))
        const carried = await application.evaluateRun({ period, engine }, silentProgress)
        if ((await settingOf(store, carried))?.carried !== null) taken += 1
        // Half of them stand for a report alone: the next run takes over the one before, whose rows stand for several runs.
        const unlisted = index % 2 === 0
        const full = await application.evaluateRun({ period, engine, full: true, unlisted }, silentProgress)
        expect(await rowsOf(store, carried)).toEqual(await rowsOf(store, full))
        expect((await settingOf(store, full))?.carried).toBeNull()
        for (const run of [carried, full]) {
          runs.push(run)
          told.push(await rowsOf(store, run))
        }
      }
      for (const [index, run] of runs.entries()) expect(await rowsOf(store, run)).toEqual(told[index])
    }),
    { numRuns: 6, seed: 7 },
  )
  expect(taken).toBeGreaterThan(2)
})

const url = 'http://example.org/ValueSet/tests'
const setOf = (...codes: readonly string[]): Expansion =>
  makeExpansion(
    { url },
    codes.map((code) => ({ system: 'http://loinc.org', code })),
  )

async function overSet(expansion: Expansion, text: string): Promise<InstalledMeasure> {
  const made = await cqlMeasure({
    id: 'Tested',
    terms: `valueset "Tests": '${url}'`,
    defines: { All: 'true', Tested: text },
    populations: { 'initial-population': 'All', denominator: 'All', numerator: 'Tested' },
  })
  return { ...made, valueSets: [url], contentHash: `${made.closure.hash} ${expansion.sha256}` }
}

const code = (value: string) => ({ code: { coding: [{ system: 'http://loinc.org', code: value }] } })

test('after a new version of a value set only those are evaluated who hold a code that went in or out', async () => {
  const store = await newStore()
  const facts = ids.map((id, index) => observation(`${id}-test`, id, code(`code-${index % 3}`)))
  await refresh(store, 'hill', [...ids.map((id) => patient(id)), ...facts])
  const run = async (expansion: Expansion, text: string, more: object = {}) => {
    const measures = [await overSet(expansion, text)]
    const application = await applicationOver(store, measures, { valueSets: pinValueSets([expansion]), ...more })
    return application.evaluateRun({ period, engine: 'sql' }, silentProgress)
  }
  const text = 'exists [Observation: "Tests"]'
  await run(setOf('code-0', 'code-1'), text)
  const second = await run(setOf('code-0', 'code-1', 'code-2'), text)
  expect(await settingOf(store, second)).toEqual({ carried: 1, evaluated: 2 })
  const rows = await rowsOf(store, second)
  expect(rows.results.map((row) => (row as { numerator: number }).numerator)).toEqual([1, 1, 1, 1, 1, 1])
  // Nothing changed at all: everybody is taken over. At an earlier time, nobody is.
  expect(await settingOf(store, await run(setOf('code-0', 'code-1', 'code-2'), text))).toEqual({
    carried: 2,
    evaluated: 0,
  })
  const before = { clock: fixedClock(new Date(clock.now().getTime() - 86_400_000).toISOString()) }
  expect((await settingOf(store, await run(setOf('code-0'), text, before)))?.carried).toBeNull()
})

test('where a day alone changes a gap, its person is evaluated anew: what is due by then, and orders that grew old', async () => {
  const store = await newStore()
  await refresh(store, 'hill', [...ids.map((id) => patient(id)), about('a-visit', 'Encounter', 'a')])
  const on = async (day: string) => {
    const application = await applicationOver(store, [await visits()], { clock: fixedClock(`${day}T12:00:00Z`) })
    return application.evaluateRun({ period, engine: 'direct' }, silentProgress)
  }
  const first = await on('2025-05-01')
  const gap = (status: string, due: string) =>
    store.session.run('UPDATE gap_row SET status = $status, due_date = $due WHERE run_id = $first AND pid = 1', {
      status,
      due,
      first,
    })
  const evaluated = async (day: string) => (await settingOf(store, await on(day)))?.evaluated
  await gap('prospective', '2025-07')
  expect(await evaluated('2025-06-30')).toBe(0)
  await store.session.run('UPDATE run SET state = $state WHERE run_id > $first', { state: 'failed', first })
  expect(await evaluated('2025-07-01')).toBe(1)
  await store.session.run('UPDATE run SET state = $state WHERE run_id > $first', { state: 'failed', first })
  await gap('ordered', '2025-12-31')
  expect(await evaluated('2025-05-01')).toBe(0)
  await store.session.run('UPDATE run SET state = $state WHERE run_id > $first', { state: 'failed', first })
  expect(await evaluated('2025-05-02')).toBe(1)
})

test('rows that stand are not copied, and a run that comes to nothing leaves those of the one before as they were', async () => {
  const store = await newStore()
  const { session } = store
  await refresh(store, 'hill', [...ids.map((id) => patient(id)), about('a-visit', 'Encounter', 'a')])
  const application = await applicationOver(store, [await visits()])
  const base = await application.evaluateRun({ period, engine: 'direct' }, silentProgress)
  const before = await rowsOf(store, base)
  const stored = async () => (await session.first<{ n: number }>('SELECT count(*)::INTEGER AS n FROM result_row'))?.n
  const stamp = {
    engine: 'direct',
    engineVersion: '',
    periodStart: period.start,
    periodEnd: period.end,
    timeZone: period.timeZone,
    dataSnapshot: '',
  }
  const [changed] = await session.all<{ pid: number }>('SELECT pid FROM population ORDER BY pid')
  const but = [changed?.pid ?? 0]
  for (const copied of [false, true, false]) {
    const rows = (await stored()) ?? 0
    const runId = await openRun(session, stamp, [], clock.now())
    expect(await carryResults(session, base, runId, { but, copied })).toEqual({ persons: 5, personErrors: 0 })
    expect(await stored()).toBe(copied ? rows + 5 : rows)
    const carried = before.results.filter((row) => !but.includes((row as { pid: number }).pid))
    expect((await rowsOf(store, runId)).results).toEqual(carried)
    expect(await rowsOf(store, base)).toEqual(before)
    await discardRun(session, runId, clock.now())
    expect((await rowsOf(store, runId)).results).toEqual([])
    expect(await rowsOf(store, base)).toEqual(before)
  }
})
