import { expect, test } from 'vitest'
import { mergePatients, type PatientVersion } from '../../src/identity/merged-patient.ts'

const version = (source: string, lastUpdated: string | undefined, elements: object): PatientVersion => ({
  source,
  id: '1',
  resource: {
    resourceType: 'Patient',
    id: `${source}.1`,
    ...(lastUpdated === undefined ? {} : { meta: { lastUpdated } }),
    ...elements,
  },
})

const old = (elements: object) => version('hill', '2024-01-01T23:00:00-05:00', elements)
const recent = (elements: object) => version('lake', '2024-01-02T05:00:00Z', elements)

const race = (code: string) => ({ url: 'race', valueCode: code })

test('the newest version wins, and the others fill what it lacks', () => {
  const merged = mergePatients(
    [old({ gender: 'male', telecom: [{ value: '1' }] }), recent({ gender: 'female', name: [{ family: 'Roe' }] })],
    'x',
  )
  expect(merged).toMatchObject({ id: 'x', gender: 'female', name: [{ family: 'Roe' }], telecom: [{ value: '1' }] })
})

test('without a time the sources decide, by name', () => {
  const merged = mergePatients(
    [version('lake', undefined, { gender: 'male' }), version('hill', undefined, { gender: 'female' })],
    'x',
  )
  expect(merged['gender']).toBe('female')
})

test('identifiers of all, each once; extensions by url', () => {
  const merged = mergePatients(
    [
      old({
        identifier: [
          { system: 'a', value: '1' },
          { system: 'b', value: '1' },
        ],
        extension: [race('x'), { url: 'sex' }],
      }),
      recent({ identifier: [{ system: 'a', value: '1', use: 'usual' }], extension: [race('y'), race('z')] }),
    ],
    'x',
  )
  expect(merged['identifier']).toEqual([
    { system: 'a', value: '1', use: 'usual' },
    { system: 'b', value: '1' },
  ])
  expect(merged['extension']).toEqual([race('y'), race('z'), { url: 'sex' }])
})

test.each([
  [{ deceasedBoolean: false }, { deceasedDateTime: '2023-05-01' }, { deceasedDateTime: '2023-05-01' }],
  [{ deceasedBoolean: false }, { deceasedBoolean: true }, { deceasedBoolean: true }],
  [{ deceasedBoolean: true }, { deceasedDateTime: '2023-05-01' }, { deceasedDateTime: '2023-05-01' }],
  [{}, { deceasedBoolean: false }, { deceasedBoolean: false }],
  [{}, {}, {}],
])('deceased where any version says so: %o and %o', (newer, older, expected) => {
  const { deceasedBoolean, deceasedDateTime } = mergePatients([old(older), recent(newer)], 'x')
  expect({ deceasedBoolean, deceasedDateTime }).toEqual({
    deceasedBoolean: undefined,
    deceasedDateTime: undefined,
    ...expected,
  })
})

test('a choice is taken from one version only', () => {
  const merged = mergePatients([old({ multipleBirthInteger: 2 }), recent({ multipleBirthBoolean: true })], 'x')
  expect(Object.keys(merged).filter((key) => key.startsWith('multipleBirth'))).toEqual(['multipleBirthBoolean'])
})
