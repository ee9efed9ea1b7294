import { expect, test } from 'vitest'
import { compareRates } from './rate-difference.ts'

// Newcombe 1998, table II, contrasts (a), (c) and (g), method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 10, 0.6075, 1],
])('%i of %i against %i of %i differ by %f to %f', (a, m, b, n, low, high) => {
  const interval = compareRates({ events: a, trials: m }, { events: b, trials: n })?.differenceInterval
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

test('a ratio has an interval only where both count events; nobody counted is no comparison', () => {
  const twice = compareRates({ events: 40, trials: 100 }, { events: 20, trials: 100 })
  expect(twice?.ratio?.value).toBeCloseTo(2, 10)
  expect((twice?.ratio?.interval.low ?? 0) * (twice?.ratio?.interval.high ?? 0)).toBeCloseTo(4, 10)
  expect(compareRates({ events: 0, trials: 10 }, { events: 5, trials: 10 })?.ratio).toBeUndefined()
  expect(compareRates({ events: 0, trials: 0 }, { events: 5, trials: 10 })).toBeUndefined()
})
