import { expect, test } from 'vitest'
import { clampMs, retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-01-01T12:00:00Z')

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['Thu, 01 Jan 2026 12:02:00 GMT', 120_000],
  [String(now + 60_000), 60_000],
  [String((now + 60_000) / 1000), 60_000],
  ['-3', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['Thu, 01 Jan 2026 11:59:00 GMT', undefined],
])('Retry-After %o is %o ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})

test('a date counts from the server’s own clock, where that is known', () => {
  const headers = ['Thu, 01 Jan 2026 13:01:00 GMT', 'Thu, 01 Jan 2026 13:00:00 GMT'] as const
  expect(retryAfterMs(headers[0], now, headers[1])).toBe(60_000)
})

test('a wait stays within its bounds', () => {
  expect([0, 50, 1e15].map((ms) => clampMs(ms, 10, 100))).toEqual([10, 50, 100])
})
