import { expect, test } from 'vitest'
import { type Config, defaultConfig, silentProgress } from '../../src/base/index.ts'
import {
  decideMaps,
  effectOfMaps,
  listZonedFacts,
  loadData,
  proposeLocalDays,
  proposeMap,
} from '../../src/jobs/index.ts'
import { readScorecardCounts } from '../../src/store/index.ts'
import { lines, newFolder, newStore, patient, write } from '../ingest/written-export.ts'
import { applicationOver, clock, period, visits } from './made-run.ts'

const config: Config = {
  ...defaultConfig,
  timeZone: period.timeZone,
  sources: [
    { name: 'coast', timeZone: 'America/Los_Angeles' },
    { name: 'city', timeZone: 'America/New_York' },
  ],
}
const visit = (id: string, of: string, start: string, end: string) => ({
  resourceType: 'Encounter',
  id,
  subject: { reference: `Patient/${of}` },
  period: { start, end },
})

/** Of four visits at the coast the first began on 31 December there and on 1 January in New York. */
async function loaded() {
  const store = await newStore()
  const coast = [
    visit('eve', 'a', '2026-01-01T06:30:00Z', '2026-01-01T08:15:00.500Z'),
    visit('new-year', 'b', '2026-01-01T08:30:00Z', '2026-01-01T09:00:00Z'),
    visit('mid-month', 'c', '2025-06-15T04:30:00-07:00', '2025-06-15T05:00:00-07:00'),
    visit('day', 'd', '2025-12-31', '2026-01-01'),
  ]
  const people = ['a', 'b', 'c', 'd'].map((id) => patient(id))
  for (const [source, resources] of [
    ['coast', [...people, ...coast]],
    ['city', [patient('x'), visit('eve', 'x', '2026-01-01T06:30:00Z', '2026-01-01T07:00:00Z')]],
  ] as const) {
    const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
    await loadData(store, { path, source, config, progress: silentProgress })
  }
  return store
}

test('facts whose day near a change of month depends on the zone are counted, listed, and switched with their effect shown', async () => {
  const store = await loaded()
  const measures = [await visits()]
  const application = await applicationOver(store, measures)
  const context = { store, measures, valueSets: application.valueSets, clock, user: 'ana' }
  const initial = async (engine: 'sql' | 'direct') => {
    const run = await application.evaluateRun({ period, engine }, silentProgress)
    return (await readScorecardCounts(store.session, run))[0]?.initialPopulation
  }
  expect(await initial('sql')).toBe(2)
  const found = await listZonedFacts(context, config)
  expect(found).toMatchObject({
    timeZone: 'America/New_York',
    sources: [{ source: 'coast', timeZone: 'America/Los_Angeles', facts: 1, persons: 1 }],
    facts: [
      {
        source: 'coast',
        type: 'Encounter',
        id: 'eve',
        path: 'period.start',
        written: '2026-01-01T06:30:00Z',
        day: '2026-01-01',
        localDay: '2025-12-31',
      },
    ],
  })
  const map = await proposeLocalDays(context, config, 'coast')
  expect(await effectOfMaps(context, [map])).toMatchObject({
    resources: 1,
    persons: 1,
    groups: [{ before: { 'initial-population': 2 }, after: { 'initial-population': 3 } }],
  })
  expect(await initial('sql')).toBe(2)
  await decideMaps(context, [map], 'approved')
  expect(await initial('sql')).toBe(3)
  expect(await initial('direct')).toBe(3)
  const derived = await store.session.all<{ raw: string }>('SELECT raw FROM mapped_line')
  // The whole visit moved, a quarter past midnight there; the line as received stays.
  expect(derived.map(({ raw }) => JSON.parse(raw) as object)).toMatchObject([
    {
      id: 'eve',
      period: { start: '2025-12-31T22:30:00-05:00', end: '2026-01-01T00:15:00.500-05:00' },
      meta: { extension: [{ valueString: 'days of America/Los_Angeles (map 1, approved by ana on 2026-01-02)' }] },
    },
  ])
  await decideMaps(context, [map], 'retired')
  expect(await initial('sql')).toBe(2)
}, 240_000)

test('days are proposed of a source with a zone of its own alone', async () => {
  const context = {
    store: await newStore(),
    measures: [],
    valueSets: (await applicationOver(await newStore(), [])).valueSets,
    clock,
    user: 'ana',
  }
  for (const source of ['city', 'gone'])
    expect(() => proposeLocalDays(context, config, source)).toThrow(expect.objectContaining({ kind: 'input' }) as Error)
  const day = { kind: 'day', source: 'coast', fromSystem: '', fromValue: 'UTC', toSystem: '', toCode: 'UTC' } as const
  await expect(proposeMap(context, day)).rejects.toMatchObject({ diagnostics: [{ code: 'jobs/invalid-map' }] })
})
