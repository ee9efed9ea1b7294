import { expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, patient } from '../run/made-run.ts'
import { compareBatch } from './random-people/compare.ts'

// Resources keep their columns through tuples, unions and functions that may fail: nobody is left to closures for it.

const span = 'FHIRHelpers.ToInterval(E.period)'
const stays = `([Encounter] E return Tuple { encounter: E, span: ${span} })`
const problems = `([Encounter] E return singleton from ([Condition] C where Last(Split(C.encounter.reference.value, '/')) = E.id.value))`
const none = `([Encounter] E where E.status.value = 'planned' return Tuple { encounter: E, place: 1 })`
const concept = 'FHIRHelpers.ToConcept(P.code)'

const logic = [
  `exists (${stays} T where T.encounter.status.value = 'finished')`,
  `exists ((${stays} T return T.encounter) X where X.status.value = 'finished')`,
  `Count(((${stays} T return T.encounter) union (${stays} T where T.span is not null return T.encounter)) X where X.status.value = 'finished')`,
  `First(${stays}).encounter.status.value = 'finished'`,
  `Last(${stays} T sort by start of span).encounter.status.value = 'finished'`,
  `(${stays})[0].encounter.status.value = 'finished'`,
  `First(${none}) is null and First(${none}).encounter is null`,
  `First(${none}).place is null`,
  `(singleton from ${none}).encounter.status is null`,
  `exists ([Condition] C where First(${stays}).encounter.status.value = 'finished')`,
  `exists (${problems} P where ${concept} is not null)`,
  `exists (${problems} P where ${concept} in "Some")`,
  `(${problems} P where ${concept} is not null return ${concept}) in "Some"`,
]

const stay = (id: string, subject: string, period: object) =>
  ({ ...about(id, 'Encounter', subject), status: 'finished', class: { code: 'IMP' }, period }) as Resource
const problem = (id: string, subject: string, encounter: string, code: string): Resource => ({
  ...about(id, 'Condition', subject),
  encounter: { reference: `Encounter/${encounter}` },
  code: { coding: [{ system: 'http://example.org/a', code }] },
})

test('people are all evaluated by SQL, to the same', async () => {
  const resources: Resource[] = [
    ...['ann', 'bob', 'cat'].map(patient),
    stay('first', 'ann', { start: '2026-02-01T10:00:00Z', end: '2026-02-03T10:00:00Z' }),
    stay('second', 'bob', { start: '2026-03-01T10:00:00Z', end: '2026-03-02T10:00:00Z' }),
    // An interval of it fails, so that plans for these data have to see to such.
    stay('turned', 'cat', { start: '2026-03-02T10:00:00Z', end: '2026-03-01T10:00:00Z' }),
    problem('known', 'ann', 'first', '1'),
    problem('other', 'bob', 'second', '9'),
  ]
  const store = await openStoreWith([{ source: 'north', resources }])
  const outcome = await compareBatch(
    store,
    'Columns',
    logic.map((text) => ({ text, valued: false })),
  )
  store.close()
  expect(outcome).toMatchObject({ untranslated: [], refused: [], differences: [], byClosures: 0 })
  expect(outcome.compared).toBe(logic.length)
})
