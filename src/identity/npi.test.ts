import { expect, test } from 'vitest'
import { isNpi } from './npi.ts'

test.each([
  ['1234567893', true],
  ['1234567890', false],
  ['1234567983', false],
  ['2000000002', true],
  ['9999999995', false],
  ['123456789', false],
  ['12345678930', false],
  ['', false],
])('%s is an NPI: %s', (text, expected) => {
  expect(isNpi(text)).toBe(expected)
})
