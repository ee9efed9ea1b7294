import { expect, test } from 'vitest'
import { parseLocalReference, parseQualified, qualifiedCopy } from './qualify.ts'

const qualifier = {
  source: 's',
  base: 'https://ehr.example/',
  rewrite: (type: string, id: string) => `${type}/s.${id}`,
}
const qualified = (reference: string) => parseQualified(`{"a":[{"reference" : ${reference}}]}`, qualifier)

test.each([
  ['"Patient/1"', 'Patient/s.1'],
  [String.raw`"Patient\/1"`, 'Patient/s.1'],
  [String.raw`"Patient\u002f1"`, 'Patient/s.1'],
  ['"https://ehr.example/Patient/1/_history/4"', 'Patient/s.1'],
  ['"https://other.example/Patient/1"', 'https://other.example/Patient/1'],
  ['"Practitioner?identifier=x|1"', 'Practitioner?identifier=x|1'],
  ['"#a"', '#a'],
  [String.raw`"Say \"reference\":\"Patient/1\" "`, 'Say "reference":"Patient/1" '],
])('the reference %s reads %s', (json, expected) => {
  expect(qualified(json)).toEqual({ a: [{ reference: expected }] })
})

test('what looks like a reference inside a text stays', () => {
  const resource = {
    text: '{"reference":"Patient/1"}',
    note: ['"reference"', ': "Patient/1"'],
    reference: { reference: 'Patient/1' },
  }
  expect(parseQualified(JSON.stringify(resource), qualifier)).toEqual({
    ...resource,
    reference: { reference: 'Patient/s.1' },
  })
})

test('only the id of the resource itself is qualified', () => {
  expect(parseQualified('{"id":"1","contained":[{"id":"2"}]}', qualifier)).toEqual({
    id: 's.1',
    contained: [{ id: '2' }],
  })
})

test.each(['', 'Patient', 'patient/1', 'Patient/', 'Patient/1/2', 'urn:uuid:1'])('%s is no local reference', (text) => {
  expect(parseLocalReference(text)).toBeUndefined()
})

test('a parsed resource is qualified as its text is, and stays as it was', () => {
  const text = JSON.stringify({
    resourceType: 'Observation',
    id: '1',
    subject: { reference: 'Patient/1', display: 'reference' },
    performer: [{ reference: 'https://ehr.example/Practitioner/2/_history/3' }, { reference: '#a' }, null, 'x'],
    contained: [{ id: 'a', basedOn: [[{ reference: 'ServiceRequest/9' }]] }],
    extension: [{ url: 'u', valueReference: { reference: { reference: 'Device/5' } } }, { reference: 7 }],
    note: { text: '"reference":"Patient/1"' },
  })
  const resource = JSON.parse(text) as Record<string, unknown>
  expect(qualifiedCopy(resource, qualifier)).toEqual(parseQualified(text, qualifier))
  expect(JSON.stringify(resource)).toBe(text)
})

test('a key that is named like the prototype stays a key', () => {
  const resource = JSON.parse('{"id":"1","__proto__":{"reference":"Patient/1"}}') as Record<string, unknown>
  expect(JSON.stringify(qualifiedCopy(resource, qualifier))).toBe(
    '{"id":"s.1","__proto__":{"reference":"Patient/s.1"}}',
  )
})
