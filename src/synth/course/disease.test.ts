import { expect, test } from 'vitest'
import { ageOfOnset, hypertensionByAge, shareAt } from './disease.ts'

test('the share rises with age, and nobody has the disease before the curve begins', () => {
  expect(shareAt(hypertensionByAge, 10)).toBe(0)
  expect(shareAt(hypertensionByAge, 70)).toBeGreaterThan(shareAt(hypertensionByAge, 50))
})

test('a liability falls ill at the first age whose share exceeds it, or never', () => {
  const age = ageOfOnset(hypertensionByAge, 0.3) ?? 0
  expect(shareAt(hypertensionByAge, age)).toBeGreaterThan(0.3)
  expect(shareAt(hypertensionByAge, age - 1)).toBeLessThanOrEqual(0.3)
  expect(ageOfOnset(hypertensionByAge, 0.99)).toBeUndefined()
})
