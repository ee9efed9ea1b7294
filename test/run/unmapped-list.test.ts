import { expect, test } from 'vitest'
import { defaultConfig as config, silentProgress as progress } from '../../src/base/index.ts'
import { listUnmapped, loadData, readUnmapped } from '../../src/jobs/index.ts'
import type { Store } from '../../src/store/index.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'
import { local, testedMeasure, valueSets } from './local-codes.ts'
import { clock } from './made-run.ts'

const localFact = (id: string, person: string) =>
  observation(id, person, { code: { coding: [local] }, valueQuantity: { value: 9, unit: '%' } })

async function load(store: Store, source: string, facts: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(patient('a'), ...facts) })
  await loadData(store, { path, source, config, progress })
}

const counts = (rows: readonly { readonly source: string; readonly value: string; readonly count: number }[]) =>
  rows.map(({ source, value, count }) => `${source} ${value} ${count}`)

test('the list that is kept is that of the newest data, and says so where it is not', async () => {
  const store = await newStore()
  const context = { store, measures: [await testedMeasure()], valueSets, clock }
  await load(store, 'hill', [localFact('1', 'a'), localFact('2', 'a')])
  expect(counts(await listUnmapped(context))).toEqual(['hill A1C 2'])

  await load(store, 'lake', [localFact('3', 'a')])
  const both = ['hill A1C 2', 'lake A1C 1']
  // What a page shows meanwhile is of the data before; once it is made, it is the same list.
  const first = await readUnmapped(context)
  expect(counts(first.unmapped)).toEqual(first.state === 'earlier' ? ['hill A1C 2'] : both)
  expect(counts(await listUnmapped(context))).toEqual(both)
  expect(await readUnmapped(context)).toMatchObject({ state: 'current', unmapped: [{ count: 2 }, { count: 1 }] })

  // Other measures read something else: nothing of them, everything is unmapped.
  expect(counts(await listUnmapped({ ...context, measures: [] }))).toEqual(both)
  expect((await readUnmapped({ ...context, measures: [] })).state).toBe('current')
})

test('only types of which something was published are read again', async () => {
  const store = await newStore()
  const context = { store, measures: [await testedMeasure()], valueSets, clock }
  const condition = { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/a' }, code: { text: 'Gout' } }
  await load(store, 'hill', [localFact('1', 'a'), condition])
  await listUnmapped(context)
  // A mark that a new count would take away.
  await store.session.run(`UPDATE element_value SET count = 70 WHERE type = 'Condition'`)
  await load(store, 'lake', [localFact('2', 'a')])
  expect(counts(await listUnmapped(context)).sort()).toEqual(['hill A1C 1', 'hill gout 70', 'lake A1C 1'])
  await load(store, 'lake', [{ ...condition, id: 'd' }])
  expect(counts(await listUnmapped(context))).toContain('hill gout 1')
})
