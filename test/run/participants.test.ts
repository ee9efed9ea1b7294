import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Config, silentProgress } from '../../src/base/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { deriveData } from '../../src/jobs/load-data.ts'
import { type Engine, engines } from '../../src/measure/index.ts'
import { changedPersons, dataSnapshot, readPidRange, type Store } from '../../src/store/index.ts'
import { byMemberId, sure } from '../ingest/same-person.ts'
import { lines, newFolder, newStore, patient, write } from '../ingest/written-export.ts'
import { about, applicationOver, period, visits } from './made-run.ts'

const sources = ['hill', 'dale'] as const
type Source = (typeof sources)[number]

/** The configuration in which these sources are outside organisations. */
const configWith = (outside: readonly Source[]): Config => ({
  ...byMemberId,
  sources: sources.map((name) => ({ name, timeZone: 'UTC', participant: !outside.includes(name) })),
})

async function refresh(store: Store, config: Config, source: Source, ...resources: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress: silentProgress })
}

async function run(store: Store, config: Config, engine: Engine, full = false): Promise<number> {
  const application = await applicationOver(store, [await visits()], { config })
  return application.evaluateRun({ period, engine, full }, silentProgress)
}

/** Whom a run counts, with their numerators, by the patients they are. */
async function counted({ session }: Store, runId: number): Promise<string[]> {
  const rows = await session.all<{ told: string }>(
    `SELECT (SELECT string_agg(s.name || '/' || p.patient_id, ' ' ORDER BY s.name, p.patient_id) FROM source_patient p
         JOIN source s USING (source_id) WHERE coalesce(p.pid, p.spid) = r.pid) || ': ' || initial_population AS told
     FROM person_result r WHERE run_id = $runId ORDER BY 1`,
    { runId },
  )
  return rows.map(({ told }) => told)
}

/** A hill and a dale that know one person together and one each alone; the visits of the shared person are dale's. */
async function openTwo(config: Config): Promise<Store> {
  const store = await newStore()
  await refresh(store, config, 'hill', patient('both', sure('1')), patient('mine'))
  const seen = ['both', 'theirs'].map((id) => about(`${id}-visit`, 'Encounter', id))
  await refresh(store, config, 'dale', patient('both', sure('1')), patient('theirs'), ...seen)
  return store
}

test.each(engines)(
  'by %s, whom only an outside organisation knows does not count; what it knows of others does',
  async (engine) => {
    const inside = configWith([])
    const outside = configWith(['dale'])
    const store = await openTwo(outside)
    const all = ['dale/both hill/both: 1', 'dale/theirs: 1', 'hill/mine: 0']
    const ours = ['dale/both hill/both: 1', 'hill/mine: 0']
    expect(await counted(store, await run(store, outside, engine))).toEqual(ours)
    expect(await counted(store, await run(store, inside, engine))).toEqual(all)
    // Not loaded anew: the configuration alone is another.
    expect(await counted(store, await run(store, outside, engine))).toEqual(ours)
    expect(await store.session.first('SELECT persons FROM run ORDER BY run_id DESC LIMIT 1')).toEqual({ persons: 2 })
  },
)

test('who comes to count is evaluated anew, who does not count any more is dropped, nobody else is touched', async () => {
  const store = await openTwo(configWith([]))
  const before = await dataSnapshot(store.session)
  await deriveData(store, { config: configWith(['dale']), progress: silentProgress })
  const after = await dataSnapshot(store.session)
  const theirs = 4
  expect(after).not.toBe(before)
  expect(await changedPersons(store.session, before)).toEqual({ changed: [], attributed: [], gone: [theirs] })
  expect((await readPidRange(store.session))?.persons).toBe(2)
  // A change of what only the outside organisation knows touches nobody who counts.
  await refresh(store, configWith(['dale']), 'dale', about('new-visit', 'Encounter', 'theirs'))
  expect(await changedPersons(store.session, after)).toEqual({ changed: [], attributed: [], gone: [] })
  await refresh(store, configWith(['dale']), 'dale', about('other-visit', 'Encounter', 'both'))
  expect(await changedPersons(store.session, after)).toEqual({ changed: [1], attributed: [], gone: [] })
  const last = await dataSnapshot(store.session)
  await deriveData(store, { config: configWith([]), progress: silentProgress })
  expect(await changedPersons(store.session, last)).toEqual({ changed: [theirs], attributed: [], gone: [] })
})

test('a person of whom sources that take part know nothing current any more does not count', async () => {
  const config = configWith(['dale'])
  const store = await openTwo(config)
  const before = await dataSnapshot(store.session)
  const entry = [{ request: { method: 'DELETE', url: 'Patient/both' } }]
  const bundle = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })
  const path = `${write(newFolder(), { 'bundle.json': bundle })}/bundle.json`
  await loadData(store, { path, source: 'hill', config, progress: silentProgress })
  expect(await changedPersons(store.session, before)).toEqual({ changed: [], attributed: [], gone: [1] })
  expect(await counted(store, await run(store, config, 'sql'))).toEqual(['hill/mine: 0'])
})

const ids = ['a', 'b', 'c']
const step = fc.record({
  source: fc.constantFrom(...sources),
  id: fc.constantFrom(...ids),
  what: fc.constantFrom('visit', 'join', 'part', 'outside', 'outside', 'inside'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What a source sends anew in a step; nothing where the configuration changes. */
function sent({ source, id, what }: Step): readonly object[] {
  if (what === 'visit') return [about(`${id}-visit`, 'Encounter', id)]
  if (what === 'join' || what === 'part') return [patient(id, sure(what === 'join' ? 'same' : `${source}-${id}`))]
  return []
}

test('whichever source takes part when, a run that takes over an earlier one equals a run over everybody', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 4 }),
      fc.constantFrom<Engine>('direct', 'sql'),
      async (steps, engine) => {
        const store = await newStore()
        for (const source of sources) await refresh(store, configWith([]), source, ...ids.map((id) => patient(id)))
        let outside: readonly Source[] = []
        await run(store, configWith(outside), engine)
        for (const one of steps) {
          outside = outside.filter((name) => name !== one.source || one.what !== 'inside')
          if (one.what === 'outside') outside = [...outside, one.source]
          const config = configWith(outside)
          const resources = sent(one)
          if (resources.length > 0) await refresh(store, config, one.source, ...resources)
          if (new Set(outside).size === sources.length) continue
          const carried = await run(store, config, engine)
          const full = await run(store, config, engine, true)
          expect(await counted(store, carried)).toEqual(await counted(store, full))
          const known = (await counted(store, full)).flatMap((told) => told.split(':')[0] ?? [])
          expect(
            known.filter((told) => told.split(' ').every((one) => outside.some((name) => one.startsWith(name)))),
          ).toEqual([])
        }
      },
    ),
    { numRuns: 5 },
  )
}, 120_000)
