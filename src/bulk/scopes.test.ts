import { expect, test } from 'vitest'
import { missingTypes, scopesFor, scopeVersion } from './scopes.ts'

test.each([
  [['Patient'], 'system/Patient.read', []],
  [['Patient'], 'system/*.read', []],
  [['Patient'], 'system/*.*', []],
  [['Patient'], 'openid system/Patient.rs', []],
  [['Patient'], 'system/Patient.cruds', []],
  [['Patient'], 'system/Patient.r', ['Patient']],
  [['Patient'], 'system/Patient.write', ['Patient']],
  [['Patient'], 'patient/Patient.read', ['Patient']],
  [['Observation'], 'system/Observation.rs?category=laboratory', ['Observation']],
  [['Patient', 'Condition'], 'system/Patient.read', ['Condition']],
  [undefined, 'system/Patient.read system/Condition.read', ['*']],
  [undefined, 'system/*.rs', []],
  [['Patient'], '', ['Patient']],
])('of %o the grant %o does not cover %o', (types, granted, missing) => {
  expect(missingTypes(types, granted)).toEqual(missing)
})

test('v1 is preferred where both are offered or nothing is said', () => {
  expect(scopeVersion({ capabilities: [], scopes: [] })).toBe('v1')
  expect(scopeVersion({ capabilities: [], scopes: ['system/*.rs'] })).toBe('v2')
  expect(scopeVersion({ capabilities: ['permission-v2'], scopes: ['system/Patient.read'] })).toBe('v1')
  expect(scopesFor(undefined, 'v2')).toEqual(['system/*.rs'])
})
