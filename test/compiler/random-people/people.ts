import { type Arbitrary, array, constantFrom, integer, oneof, option, record, tuple } from 'fast-check'
import type { Resource } from '../../../src/fhir/index.ts'

/** Half of all elements are there, half are not. */
const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> => option(value, { nil: undefined, freq: 3 })
const rarely = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> => option(value, { nil: undefined, freq: 1 })
const some = <T>(value: Arbitrary<T>, maxLength = 2): Arbitrary<T[] | undefined> => maybe(array(value, { maxLength }))

/** Days about the measurement period, of every precision, on several clocks. */
const day = tuple(integer({ min: 2024, max: 2027 }), integer({ min: 1, max: 12 }), integer({ min: 1, max: 28 })).map(
  ([year, month, date]) => `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`,
)
const clock = constantFrom(
  'T00:00:00Z',
  'T23:30:00-05:00',
  'T10:30:00.000+02:00',
  'T23:59:59.999Z',
  'T08:15:00-04:00',
  'T00:30:00+05:30',
)
const partial = constantFrom('2026', '2025', '2026-03', '2025-12', '2026-01', '2024-02-29', '2026-12-31', '2026-01-01')
export const dateTime: Arbitrary<string> = oneof(
  { weight: 5, arbitrary: tuple(day, clock).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: day },
  { weight: 2, arbitrary: partial },
)
const instant = tuple(day, clock).map((parts) => parts.join(''))

/** One that ends before it starts, or misses an end, is as good as another. */
const period = record({ start: maybe(dateTime), end: maybe(dateTime) })

/** Codes that the value sets of `logic.ts` hold, some that none does, and odd ones. */
export const systems = { a: 'http://example.org/a', b: 'http://example.org/b' } as const
const coding = oneof(
  {
    weight: 6,
    arbitrary: record({ system: constantFrom(systems.a, systems.b), code: constantFrom('1', '2', '3', '4', '5') }),
  },
  { weight: 1, arbitrary: record({ code: constantFrom('1', '2') }) },
  { weight: 1, arbitrary: record({ system: constantFrom(systems.a), display: constantFrom('no code') }) },
)
const concept = oneof(
  { weight: 6, arbitrary: record({ coding: array(coding, { minLength: 1, maxLength: 2 }) }) },
  { weight: 1, arbitrary: record({ text: constantFrom('a text') }) },
)

const quantity = oneof(
  {
    weight: 5,
    arbitrary: record({
      value: constantFrom(4, 5.5, 9, 9.1, 100, 140, 0.05, 7.25),
      unit: constantFrom('percent', 'mm'),
      system: constantFrom('http://unitsofmeasure.org'),
      code: constantFrom('%', 'mm[Hg]', 'mg', 'g'),
    }),
  },
  { weight: 1, arbitrary: record({ value: constantFrom(3, 12.5), unit: constantFrom('mg', 'furlong') }) },
  { weight: 1, arbitrary: record({ value: constantFrom(3) }) },
  { weight: 1, arbitrary: record({ unit: constantFrom('mg') }) },
)

const age = record({
  value: constantFrom(40, 66),
  code: constantFrom('a'),
  system: constantFrom('http://unitsofmeasure.org'),
})
const range = record({ low: quantity, high: quantity })

/** At most one of several ways to fill a choice element. */
function choice(name: string, ways: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<object> {
  const filled = Object.entries(ways).map(([kind, value]) => value.map((one) => ({ [`${name}${kind}`]: one })))
  return oneof({ weight: 4, arbitrary: oneof(...filled) }, { weight: 1, arbitrary: constantFrom({}) })
}

const extension = array(
  record({ url: constantFrom('http://example.org/x', 'http://example.org/y'), valueString: constantFrom('p', 'q') }),
  { minLength: 1, maxLength: 2 },
)
/** What categories of QI-Core's and US Core's profiles look like: plain resources are told by them. */
const category = oneof(
  { weight: 2, arbitrary: concept },
  {
    weight: 3,
    arbitrary: constantFrom('problem-list-item', 'encounter-diagnosis', 'laboratory', 'survey').map((code) => ({
      coding: [{ system: systems.a, code }],
    })),
  },
)
const qiCore = 'http://hl7.org/fhir/us/qicore/StructureDefinition'
const meta = record({
  profile: array(
    constantFrom(
      `${qiCore}/qicore-procedure`,
      `${qiCore}/qicore-condition-problems-health-concerns`,
      'http://example.org/StructureDefinition/one',
      'http://example.org/StructureDefinition/two',
    ),
    {
      minLength: 1,
      maxLength: 1,
    },
  ),
})
/** What QI-Core prohibits by where the model has no element for it. */
const prohibition = record({
  url: constantFrom('http://example.org/x.doNotPerform', 'http://example.org/x'),
  valueBoolean: constantFrom(true, false),
})

const annotations = { meta: rarely(meta), extension: rarely(extension) }
const toEncounter = record({ reference: constantFrom('Encounter/0', 'Encounter/1', 'Encounter/nowhere') })

type Made = Arbitrary<Readonly<Record<string, unknown>>>

/** The elements of one resource, with a choice element beside the plain ones. */
const made = (elements: Readonly<Record<string, Arbitrary<unknown>>>, ...choices: readonly Arbitrary<object>[]): Made =>
  tuple(record(elements), ...choices).map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, unknown>>)

const statusOf = (...known: readonly string[]) => maybe(constantFrom(...known, 'entered-in-error'))

const resources: Readonly<Record<string, Made>> = {
  Encounter: made({
    ...annotations,
    status: statusOf('finished', 'planned'),
    class: maybe(coding),
    type: some(concept),
    period: maybe(period),
  }),
  Condition: made(
    {
      ...annotations,
      clinicalStatus: maybe(concept),
      category: some(category),
      code: maybe(concept),
      recordedDate: maybe(dateTime),
      encounter: rarely(toEncounter),
    },
    choice('onset', { DateTime: dateTime, Period: period, Age: age, String: constantFrom('long ago'), Range: range }),
    choice('abatement', { DateTime: dateTime, Period: period, String: constantFrom('gone') }),
  ),
  Observation: made(
    {
      ...annotations,
      status: statusOf('final', 'amended', 'preliminary'),
      category: some(category),
      code: maybe(concept),
      issued: rarely(instant),
      encounter: rarely(toEncounter),
      component: some(made({ code: concept }, choice('value', { Quantity: quantity, CodeableConcept: concept }))),
    },
    choice('effective', { DateTime: dateTime, Period: period, Instant: instant }),
    choice('value', {
      Quantity: quantity,
      CodeableConcept: concept,
      String: constantFrom('positive', ''),
      Boolean: constantFrom(true, false),
      Integer: constantFrom(0, 7),
      DateTime: dateTime,
    }),
  ),
  MedicationRequest: made(
    {
      ...annotations,
      status: statusOf('active', 'completed'),
      intent: statusOf('order', 'plan'),
      doNotPerform: rarely(constantFrom(true, false)),
      modifierExtension: rarely(some(prohibition)),
      authoredOn: maybe(dateTime),
      dispenseRequest: rarely(record({ validityPeriod: maybe(period) })),
    },
    choice('medication', {
      CodeableConcept: concept,
      Reference: record({ reference: constantFrom('Medication/shared', 'Medication/nowhere') }),
    }),
  ),
  Procedure: made(
    {
      ...annotations,
      status: statusOf('completed', 'in-progress', 'not-done'),
      code: maybe(concept),
      encounter: rarely(toEncounter),
    },
    choice('performed', { DateTime: dateTime, Period: period, String: constantFrom('once'), Age: age }),
  ),
}

const patient = made(
  {
    ...annotations,
    gender: maybe(constantFrom('female', 'male', 'other')),
    birthDate: oneof(
      { weight: 4, arbitrary: constantFrom('1960-02-29', '1960-01-01', '1959-12-31', '2008-02-29', '2024-06-15') },
      { weight: 2, arbitrary: constantFrom('1960', '1960-01', '2008-03') },
      { weight: 1, arbitrary: constantFrom(undefined) },
    ),
  },
  choice('deceased', { Boolean: constantFrom(true, false), DateTime: dateTime }),
)

/** A person's resources, still without ids. */
export interface RandomPerson {
  readonly patient: Readonly<Record<string, unknown>>
  readonly about: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
}

export const person: Arbitrary<RandomPerson> = record({
  patient,
  about: record(
    Object.fromEntries(
      Object.entries(resources).map(([type, resource]) => [type, array(resource, { maxLength: 3, size: 'max' })]),
    ),
  ),
})

/** Gives a person's resources their ids and references: `Encounter/0` becomes the person's own first encounter. */
export function resourcesOf({ patient: own, about }: RandomPerson, id: string): readonly Resource[] {
  const subject = { reference: `Patient/${id}` }
  const rest = Object.entries(about).flatMap(([type, list]) =>
    list.map((elements, index) => ({ resourceType: type, id: `${id}-${type}-${index}`, subject, ...elements })),
  )
  const text = JSON.stringify([{ resourceType: 'Patient', id, ...own }, ...rest])
  return JSON.parse(text.replaceAll(/Encounter\/(\d)/g, `Encounter/${id}-Encounter-$1`)) as Resource[]
}

/** What belongs to no person, and is named by several. */
export const shared: readonly Resource[] = [
  { resourceType: 'Medication', id: 'shared', code: { coding: [{ system: systems.a, code: '1' }] } },
]
