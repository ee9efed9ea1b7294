import { expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, patient } from '../run/made-run.ts'
import { compareBatch } from './random-people/compare.ts'

// A value that may be a resource or something else is no value of a column: SQL refuses the define, and closures evaluate it.

const mixed = `(if exists [Encounter] then First([Encounter]) else if exists [Condition] then First([Condition]) else 5)`
const resource = `(if exists [Encounter] then First([Encounter]) else First([Condition]))`
const both = 'Choice<FHIR.Encounter, FHIR.Condition>'

const ofBoth = [
  mixed,
  `${mixed} as ${both}`,
  `(${mixed} as ${both}) is FHIR.Encounter`,
  `((${mixed} as ${both}) as FHIR.Encounter).id.value`,
  `${mixed} as Choice<FHIR.Encounter, System.Integer>`,
  `(([Encounter] union [Condition]) X return (if X is FHIR.Encounter then X else 5)) Y return Y as ${both}`,
]
const ofResources = [
  resource,
  `${resource} as ${both}`,
  `${resource} is FHIR.Encounter`,
  `([Encounter] union [Condition]) X where X is FHIR.Condition`,
]

test('casts and tests of it are refused by SQL; those of resources alone are the same as by closures', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat'].map(patient),
    about('visit', 'Encounter', 'ann'),
    about('problem', 'Condition', 'bob'),
  ]
  const store = await openStoreWith([{ source: 'north', resources }])
  const outcome = await compareBatch(
    store,
    'Mixed',
    [...ofBoth, ...ofResources].map((text) => ({ text, valued: false })),
  )
  store.close()
  expect(outcome).toMatchObject({ untranslated: [], differences: [], compared: ofResources.length })
  expect(outcome.refused).toHaveLength(ofBoth.length)
  expect(new Set(outcome.refused.map((one) => one.includes('may be a resource or something else')))).toEqual(
    new Set([true]),
  )
})

const order = (id: string, medication: object) =>
  ({ ...about(id, 'MedicationRequest', 'ann'), intent: 'order', ...medication }) as Resource

test('an element that only one alternative of a choice has is the same by SQL as by closures', async () => {
  const resources: Resource[] = [
    patient('ann'),
    order('by-code', { medicationCodeableConcept: { coding: [{ system: 'http://example.org/a', code: '1' }] } }),
    order('by-reference', { medicationReference: { reference: 'Medication/m1' } }),
    { resourceType: 'Medication', id: 'm1' },
  ]
  const store = await openStoreWith([{ source: 'north', resources }])
  const medication = `(case
    when M.medication is FHIR.CodeableConcept then FHIRHelpers.ToConcept(M.medication as FHIR.CodeableConcept)
    else M.medication as FHIR.Reference end)`.replaceAll('\n', ' ')
  const outcome = await compareBatch(
    store,
    'Elements',
    [
      `Count([MedicationRequest] M where ${medication}.reference is null)`,
      `Count([MedicationRequest] M where ${medication}.reference.value is not null)`,
      `Count([MedicationRequest] M where ${medication}.codes is null)`,
    ].map((text) => ({ text, valued: true })),
  )
  store.close()
  expect(outcome).toMatchObject({ untranslated: [], refused: [], differences: [], compared: 3, byClosures: 0 })
})
