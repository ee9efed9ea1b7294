import { expect, test } from 'vitest'
import { formatDay, formatDuration, formatInstant, formatPercent } from './format.ts'
import { sentenceBesideChip } from './gap-sentence.ts'

test.each([
  ['2026', '2026'],
  ['2026-03', 'Mar 2026'],
  ['2026-03-04', 'Mar 4, 2026'],
  ['2026-03-04T23:30:00-05:00', 'Mar 4, 2026'],
  ['last spring', 'last spring'],
])('the date %s is said as %s', (date, words) => {
  expect(formatDay(date)).toBe(words)
})

test('an instant names its zone only where it is UTC', () => {
  expect(formatInstant('2026-03-04T05:06:07Z')).toBe('Mar 4, 2026, 05:06 UTC')
  expect(formatInstant('2026-03-04')).toBe('Mar 4, 2026')
})

test('durations and shares', () => {
  expect(formatDuration('2026-01-01T00:00:00Z', '2026-01-01T00:01:12Z')).toBe('72 s')
  expect(formatDuration('2026-01-01T00:00:00Z', '2026-01-01T02:30:00Z')).toBe('2.5 h')
  expect(formatPercent(0.0567)).toBe('5.7%')
})

test('a sentence beside its chip says neither status nor action again', () => {
  const sentence = 'Open: no HbA1c or GMI result in 2026. Next: order an HbA1c.'
  expect(sentenceBesideChip(sentence, 'Order an HbA1c')).toBe('No HbA1c or GMI result in 2026.')
  expect(sentenceBesideChip('In hospice in 2026.', null)).toBe('In hospice in 2026.')
  expect(sentenceBesideChip('Closed: x. Next: y.', null)).toBe('X. Next: y.')
})
