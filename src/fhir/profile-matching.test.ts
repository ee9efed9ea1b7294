import { expect, test } from 'vitest'
import { matchesProfile } from './profile-matching.ts'
import type { Resource } from './resource.ts'

const qiCore = (name: string) => `http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-${name}`
const usCore = (name: string) => `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`
const condition = (more: object = {}): Resource => ({ resourceType: 'Condition', ...more })
const tagged = (...profile: readonly string[]) => condition({ meta: { profile } })
const category = (code: string) => ({ category: [{ coding: [{ code }] }] })
const problem = qiCore('condition-problems-health-concerns')
const visit = qiCore('condition-encounter-diagnosis')

test('a resource that names profiles of the publisher is believed', () => {
  expect(matchesProfile(tagged(`${problem}|6.0.0`), problem)).toBe(true)
  expect(matchesProfile({ ...tagged(visit), ...category('problem-list-item') }, problem)).toBe(false)
})

test('of plain data the profile is inferred from what defines it', () => {
  expect(matchesProfile(condition(category('problem-list-item')), problem)).toBe(true)
  expect(matchesProfile(condition(category('problem-list-item')), visit)).toBe(false)
  expect(matchesProfile(condition(category('encounter-diagnosis')), visit)).toBe(true)
  expect(matchesProfile({ ...tagged(usCore('condition-encounter-diagnosis')), ...category('x') }, visit)).toBe(false)
})

test.each([
  ['servicerequest', { doNotPerform: true }, false],
  ['servicenotrequested', { doNotPerform: true }, true],
  ['procedure', { status: 'not-done' }, false],
  ['procedurenotdone', { status: 'not-done' }, true],
  ['simple-observation', { status: 'cancelled' }, false],
  ['observation-lab', { status: 'final', category: [{ coding: [{ code: 'laboratory' }] }] }, true],
  ['encounter', {}, true],
])('%s of %j: %s', (name, elements, expected) => {
  expect(matchesProfile({ resourceType: 'X', ...elements }, qiCore(name))).toBe(expected)
})

test('a request for a device is prohibited by its modifier extension alone: the type has no element for that', () => {
  const request: Resource = { resourceType: 'DeviceRequest', doNotPerform: true }
  const modifierExtension = [{ url: 'http://example.org/extension-DeviceRequest.doNotPerform', valueBoolean: true }]
  expect(matchesProfile(request, qiCore('devicenotrequested'))).toBe(false)
  expect(matchesProfile({ ...request, modifierExtension }, qiCore('devicenotrequested'))).toBe(true)
})

test('a blood pressure is known by its code, whatever it says of itself beside US Core', () => {
  const code = { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.1', code: '85354-9' }] }
  const plain: Resource = { resourceType: 'Observation', code }
  expect(matchesProfile(plain, usCore('blood-pressure'))).toBe(true)
  expect(matchesProfile({ ...plain, code: { coding: [{ code: '1' }] } }, usCore('blood-pressure'))).toBe(false)
})

test('base profiles are met by every resource of the type', () => {
  expect(matchesProfile(tagged(visit), 'http://hl7.org/fhir/StructureDefinition/Condition')).toBe(true)
})

test('the configuration may ask for declared profiles alone, or for none at all', () => {
  const plain = condition(category('problem-list-item'))
  expect(matchesProfile(plain, problem, 'declared')).toBe(false)
  expect(matchesProfile(tagged(problem), `${problem}|6.0.0`, 'declared')).toBe(true)
  expect(matchesProfile(tagged(visit), problem, 'declared')).toBe(false)
  expect(matchesProfile(tagged(visit), problem, 'ignored')).toBe(true)
  expect(matchesProfile(plain, 'http://hl7.org/fhir/StructureDefinition/Condition', 'declared')).toBe(true)
})
