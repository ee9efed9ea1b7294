import { expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, patient } from '../run/made-run.ts'
import { compareBatch } from './random-people/compare.ts'

// Plans are made for what all have whom columns represent: whoever else has more is never taken for one of them.

const measured = (id: string, subject: string, more: object) =>
  ({ ...about(id, 'Observation', subject), status: 'final', code: { text: id }, ...more }) as Resource

const ofValues = [
  `exists ([Observation] O where O.value is FHIR.Range)`,
  `exists ([Observation] O where (O.value as FHIR.Range) is not null)`,
  `exists ([Observation] O where (O.value as FHIR.Range).low is not null)`,
  `exists ([Observation] O where (O.value as FHIR.Quantity).unit.value = 'mg')`,
  `Count([Observation] O where O.value is null)`,
]
const ofOthers = [
  `exists ([Observation] O where O.status.value = 'final')`,
  `exists ([Observation] O where exists (O.component C where C.value is FHIR.Range))`,
  `Count([Observation] O return First(O.component C where C.value is FHIR.Quantity))`,
]

test('whom columns do not represent is left to closures where the logic names the element, and only there', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat'].map(patient),
    measured('plain', 'ann', { valueQuantity: { value: 5 } }),
    measured('parts', 'ann', { component: [{ code: { text: 'part' }, valueQuantity: { value: 1 } }] }),
    measured('long', 'bob', { valueQuantity: { value: 1e-9, unit: 'mg' } }),
    measured('range', 'cat', { valueRange: { low: { value: 1e-9 } } }),
  ]
  const store = await openStoreWith([{ source: 'north', resources }])
  const compared = (name: string, texts: readonly string[]) =>
    compareBatch(
      store,
      name,
      texts.map((text) => ({ text, valued: false })),
    )
  for (const [index, text] of ofValues.entries())
    expect(await compared(`Value${index}`, [text])).toMatchObject({ refused: [], differences: [], byClosures: 2 })
  for (const [index, text] of ofOthers.entries())
    expect(await compared(`Other${index}`, [text])).toMatchObject({
      refused: [],
      differences: [],
      byClosures: 0,
    })
  store.close()
})
