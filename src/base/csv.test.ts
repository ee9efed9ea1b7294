import { expect, test } from 'vitest'
import { csvField } from './csv.ts'

test.each([
  ['plain', 'plain'],
  ['two, parts', '"two, parts"'],
  ['say "so"', '"say ""so"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@import', "'@import"],
  ['-5', "'-5"],
  [-5, '-5'],
  [null, ''],
  [false, 'false'],
])('%j as a field is %s', (value, field) => {
  expect(csvField(value)).toBe(field)
})
