import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialLimit, funnelOfProportions, placeInFunnel } from './funnel-limits.ts'

/** The binomial distribution, summed from its definition. */
function cumulative(count: number, trials: number, rate: number): number {
  let sum = 0
  for (let k = 0; k <= count; k += 1) {
    let logMass = k * Math.log(rate) + (trials - k) * Math.log(1 - rate)
    for (let i = 1; i <= k; i += 1) logMass += Math.log(trials - k + i) - Math.log(i)
    sum += Math.exp(logMass)
  }
  return sum
}

test('a limit lies between the counts on both sides of its tail', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 400 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.constantFrom(0.001, 0.025, 0.975, 0.999),
      (trials, rate, tail) => {
        const limit = binomialLimit(trials, rate, tail) * trials
        const above = Math.ceil(limit - 1e-9)
        expect(cumulative(above, trials, rate)).toBeGreaterThanOrEqual(tail - 1e-9)
        if (above > 0) expect(cumulative(above - 1, trials, rate)).toBeLessThan(tail + 1e-9)
      },
    ),
    { numRuns: 100 },
  )
})

test('units that differ by chance alone widen nothing; units that differ more widen the funnel', () => {
  const even = Array.from({ length: 20 }, (_, index) => ({ events: 50 + (index % 3), trials: 100 }))
  expect(funnelOfProportions(even)?.overdispersion).toBe(1)
  const uneven = Array.from({ length: 20 }, (_, index) => ({ events: index % 2 === 0 ? 30 : 70, trials: 100 }))
  const funnel = funnelOfProportions(uneven)
  // Each z is 4 in size: (0.7 - 0.5) / sqrt(0.25 / 100).
  expect(funnel?.overdispersion).toBeCloseTo(16, 10)
  expect(funnel?.limitsAt(100).high95).toBeCloseTo(0.5 + 4 * (binomialLimit(100, 0.5, 0.975) - 0.5), 10)
})

test('only what lies outside is flagged, and a small unit never is', () => {
  const units = [
    { events: 95, trials: 100 },
    ...Array.from({ length: 30 }, () => ({ events: 60, trials: 100 })),
    { events: 0, trials: 19 },
  ]
  const funnel = funnelOfProportions(units)
  expect(funnel && units.map((unit) => placeInFunnel(funnel, unit))).toEqual([
    'above-998',
    ...Array.from({ length: 30 }, () => 'within'),
    'too-small',
  ])
  expect(funnelOfProportions([{ events: 0, trials: 0 }])).toBeUndefined()
})
