import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSmall } from '../measure/index.ts'
import type { ScorecardCounts } from '../store/index.ts'
import { hiddenCounts } from './safe-counts.ts'

const part = fc.oneof(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 15, max: 500 }))

/** Counts of a measure that higher is better in: open gaps and their kin are those who do not meet it. */
const measure = fc
  .record({ outside: part, excluded: part, excepted: part, met: part, open: part, ordered: part, prospective: part })
  .map(({ outside, excluded, excepted, met, open, ordered, prospective }): ScorecardCounts => {
    const denominator = excluded + excepted + met + open + ordered + prospective
    return {
      measureId: 'm',
      groupId: 'g',
      persons: denominator + outside,
      initialPopulation: denominator + outside,
      denominator,
      denominatorExclusion: excluded,
      denominatorException: excepted,
      numerator: met,
      numeratorExclusion: null,
      measurePopulation: null,
      openGaps: open,
      prospectiveGaps: prospective,
      orderedGaps: ordered,
      awaitingGaps: 0,
      closedGaps: met,
      excludedGaps: excluded + excepted,
      unknownGaps: 0,
      errors: 0,
    }
  })

/** A difference of what is shown; undefined where a part of it is hidden. */
const less = (from: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined =>
  from === undefined || parts.includes(undefined)
    ? undefined
    : parts.reduce<number>((rest, one) => rest - (one ?? 0), from)

test('nothing from 1 to 10 is shown, and no sum or difference of what is shown tells one', () => {
  fc.assert(
    fc.property(measure, (counts) => {
      const hidden = hiddenCounts(counts)
      const shown = (name: Parameters<typeof hidden.has>[0], value: number) => (hidden.has(name) ? undefined : value)
      const initial = shown('initialPopulation', counts.initialPopulation ?? 0)
      const denominator = shown('denominator', counts.denominator ?? 0)
      const exclusion = shown('denominatorExclusion', counts.denominatorExclusion ?? 0)
      const exception = shown('denominatorException', counts.denominatorException ?? 0)
      const numerator = shown('numerator', counts.numerator ?? 0)
      const open = shown('openGaps', counts.openGaps)
      const ordered = shown('orderedGaps', counts.orderedGaps)
      const prospective = shown('prospectiveGaps', counts.prospectiveGaps)
      const unmet = less(denominator, exclusion, exception, numerator)
      const told = [
        initial,
        denominator,
        less(initial, denominator),
        exclusion,
        exception,
        numerator,
        unmet,
        open,
        ordered,
        prospective,
        less(unmet, open, ordered),
        less(unmet, open, prospective),
        less(unmet, ordered, prospective),
        less(denominator, exclusion, exception),
      ]
      for (const value of told) if (value !== undefined) expect(isSmall(value)).toBe(false)
    }),
    { numRuns: 3000 },
  )
})
