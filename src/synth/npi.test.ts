import { expect, test } from 'vitest'
import { npiOf } from './npi.ts'

test('the check digit is the published one', () => {
  // The example of the CMS document on the NPI check digit.
  expect(npiOf('123456789')).toBe('1234567893')
})
