import { sample } from 'fast-check'
import { expect, test } from 'vitest'
import { typedFields } from '../../src/fhir/index.ts'
import { deriveTyped, holdElements, readTypedFacts, type TypedFacts } from '../../src/store/index.ts'
import { person, resourcesOf, shared } from '../compiler/random-people/people.ts'
import { uniform } from '../compiler/random-people/uniform.ts'
import { lines, load, newFolder, newStore, write } from './written-export.ts'

type Facts = ReadonlyMap<string, TypedFacts>

/** What is told, without an order that means nothing, and without what lies within something that nothing fills. */
const comparable = (facts: Facts) =>
  [...facts].map(([type, { unfilled, concepts, values, units, profiles, ...more }]) => ({
    type,
    ...more,
    unfilled: [...unfilled].filter((path) => !isWithin(unfilled, path)).sort(),
    concepts: sorted([...concepts].map(([column, of]) => [column, [...of].sort((a, b) => a - b)])),
    values: sorted([...values].map(([column, of]) => [column, of])),
    units: sorted([...units].map(([column, of]) => [column, [...of].sort()])),
    profiles: profiles?.map((named) => JSON.stringify(named)).sort(),
  }))

const sorted = (entries: readonly (readonly [string, unknown])[]) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1))

function isWithin(unfilled: ReadonlySet<string>, path: string): boolean {
  const parts = path.split('.')
  return parts.some((_, index) => index > 0 && unfilled.has(parts.slice(0, index).join('.')))
}

const all = sample(person, { numRuns: 72, seed: 11 }).map((one, index) => resourcesOf(one, `p${index}`))
const types = [...new Set([...all.flat(), ...shared].map(({ resourceType }) => resourceType))]
const asked = types.map((type) => ({ type, elements: (typedFields(type) ?? []).map(({ name }) => name) }))

test.each([
  ['as they come', undefined],
  ['all alike at first, to the second', 'to the second'],
  ['all alike at first, as days', 'as days'],
] as const)('facts that are kept and added to are those of all rows: %s', async (_, how) => {
  const store = await newStore()
  const { session } = store
  const send = async (resources: readonly object[]) => {
    await load(store, write(newFolder(), { 'all.ndjson': lines(...resources) }), { source: 'ehr' })
    await deriveTyped(session)
  }
  const first = [...all.slice(0, 60).flat(), ...shared]
  await send(how === undefined ? first : first.map((resource) => uniform(resource, how)))
  await holdElements(session, asked)
  const before = comparable(await readTypedFacts(session))
  expect(comparable(await readTypedFacts(session))).toEqual(before)
  for (let from = 60; from < all.length; from += 4) {
    await send(all.slice(from, from + 4).flat())
    const kept = comparable(await readTypedFacts(session))
    const added = await session.first<{ n: number }>('SELECT sum(changed)::INTEGER AS n FROM typed_facts')
    expect(added?.n).toBeGreaterThan(0)
    await session.run('CREATE OR REPLACE TEMP TABLE kept AS FROM typed_facts')
    await session.run('DELETE FROM typed_facts')
    expect(kept).toEqual(comparable(await readTypedFacts(session)))
    await session.run('INSERT OR REPLACE INTO typed_facts FROM temp.kept')
  }
  // A table that is built anew begins anew.
  await deriveTyped(session, { rebuild: true })
  expect(await session.all('FROM typed_facts')).toEqual([])
})
