import { expect, test } from 'vitest'
import { holdElements, readTypedFacts } from '../../src/store/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

/** What is told of Observations of two people, with what each adds to one of them. */
async function factsOf(first: object, second: object, ...elements: readonly string[]) {
  const store = await newStore()
  const resources = [patient('1'), patient('2'), observation('a', '1', first), observation('b', '2', second)]
  await load(store, write(newFolder(), { 'all.ndjson': lines(...resources) }), { source: 'ehr' })
  await holdElements(store.session, [{ type: 'Observation', elements }])
  const facts = (await readTypedFacts(store.session)).get('Observation')
  store.close()
  return facts
}

const part = (more: object) => ({ code: { text: 'part' }, ...more })

test('what no item of a list has is told', async () => {
  const facts = await factsOf(
    { component: [part({ valueQuantity: { value: 1, unit: 'mg' } }), part({ interpretation: [{ text: 'high' }] })] },
    { component: [part({ valueString: 'x', referenceRange: [{ text: 'usual' }] })] },
    'component',
  )
  const unfilled = [...(facts?.unfilled ?? [])]
  expect(unfilled).toContain('component.valueRange')
  const filled = ['code', 'valueQuantity', 'valueString', 'interpretation', 'referenceRange.text']
  expect(unfilled.filter((path) => filled.includes(path.replace('component.', '')))).toEqual([])
})

test('what no item of a list within a list has is told', async () => {
  const inner = { url: 'inner', valueString: 'x' }
  const facts = await factsOf({ extension: [{ url: 'outer', extension: [inner] }] }, {}, 'extension')
  expect(facts?.unfilled.has('extension.extension.valueString')).toBe(false)
  expect(facts?.unfilled.has('extension.extension.valueBoolean')).toBe(true)
})

test('of an element that columns do not represent for some, facts are told that hold for all others', async () => {
  const facts = await factsOf({ valueQuantity: { value: 1 } }, { valueQuantity: { value: 1e-9, unit: 'mg' } }, 'value')
  expect(facts?.whole.has('value')).toBe(false)
  expect(facts?.partial).toEqual(new Set(['value']))
  expect(facts?.unfilled.has('valueString')).toBe(true)
  expect(facts?.unfilled.has('valueQuantity')).toBe(false)
})
