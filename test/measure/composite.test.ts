import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CompositeKind } from '../../src/content/index.ts'
import { type CompositeRule, IndividualComposite, weightedComposite } from '../../src/measure/composite.ts'
import type { PopulationTotals } from '../../src/measure/index.ts'

// The published example of the QM IG 5.0.0 (5.4): ten people, A to J, by ten measures. T fulfilled, F not, - not eligible.
const table = [
  'TTTTFTTFTT',
  'TTT-FT-TFT',
  'TTT-TT-FTT',
  'FTT-TT-T-T',
  'FTT-T--F-F',
  'TTF-T--T-F',
  '---TT-TF-T',
  'FTTTTFTT-T',
  'FTFFFFTTTT',
  'TTTTFTTTTT',
]
const cell: Readonly<Record<string, PopulationTotals>> = {
  T: { 'initial-population': 1, denominator: 1, numerator: 1 },
  F: { 'initial-population': 1, denominator: 1, numerator: 0 },
  '-': { 'initial-population': 0, denominator: 0, numerator: 0 },
}
const lettersIn = (row: string, letter: string) => row.split(letter).length - 1
const people = Array.from({ length: 10 }, (_, person) => table.map((row) => cell[row[person] ?? '-'] ?? {}))

const ruleOf = (kind: CompositeKind, directions: readonly ('increase' | 'decrease')[]): CompositeRule => ({
  kind,
  improvementNotation: 'increase',
  components: directions.map((improvementNotation) => ({ improvementNotation, weight: 1 })),
})
const up = (count: number) => Array.from({ length: count }, () => 'increase' as const)

function scoreOf(rule: CompositeRule, persons: readonly (readonly PopulationTotals[])[]) {
  const composite = new IndividualComposite(rule)
  for (const person of persons) composite.add(person)
  return composite.result()
}

describe('the published example', () => {
  test('opportunity: 59 of 79', () => {
    const { score, populations } = scoreOf(ruleOf('opportunity', up(10)), people)
    expect(populations).toMatchObject({ denominator: 79, numerator: 59 })
    expect(score).toBe(59 / 79)
    expect(`${((score ?? 0) * 100).toFixed(1)}%`).toBe('74.7%')
  })

  test('linear: the average of the patients, 76.5%', () => {
    const { score } = scoreOf(ruleOf('linear', up(10)), people)
    expect(`${((score ?? 0) * 100).toFixed(1)}%`).toBe('76.5%')
    const own = people.map((person) => scoreOf(ruleOf('linear', up(10)), [person]).score ?? 0)
    const published = ['55.6', '100.0', '77.8', '80.0', '60.0', '71.4', '100.0', '60.0', '80.0', '80.0']
    expect(own.map((one) => (one * 100).toFixed(1))).toEqual(published)
  })

  test('all or nothing: B and G alone are fulfilled wherever they are eligible', () => {
    const { score, populations } = scoreOf(ruleOf('all-or-nothing', up(10)), people)
    expect(populations).toMatchObject({ denominator: 10, numerator: 2 })
    expect(score).toBe(0.2)
  })

  test('weighted: the average of the measures, which weights shift', () => {
    const rates = table.map((row) => lettersIn(row, 'T') / (lettersIn(row, 'T') + lettersIn(row, 'F')))
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / 10
    expect(weightedComposite(ruleOf('weighted', up(10)), rates)).toBeCloseTo(mean, 12)
    const components = up(10).map((improvementNotation, index) => ({
      improvementNotation,
      weight: index === 0 ? 1 : 0,
    }))
    expect(weightedComposite({ ...ruleOf('weighted', []), components }, rates)).toBe(0.8)
  })
})

/** Somebody who is eligible, and in the numerator or not. */
const at = (holds: boolean): PopulationTotals => ({
  'initial-population': 1,
  denominator: 1,
  numerator: holds ? 1 : 0,
})

describe('directions', () => {
  test('weighted, as published: 0.8, 0.8 and (less is better) 0.2 make 0.8', () => {
    const rule = ruleOf('weighted', ['increase', 'increase', 'decrease'])
    expect(weightedComposite(rule, [0.8, 0.8, 0.2])).toBeCloseTo(0.8, 12)
  })

  test('opportunity, as published: 80, 80 and (less is better) 20 of 100 each make 0.8', () => {
    const persons = Array.from({ length: 100 }, (_, index) => [at(index < 80), at(index < 80), at(index < 20)])
    const { score, populations } = scoreOf(ruleOf('opportunity', ['increase', 'increase', 'decrease']), persons)
    expect(populations).toMatchObject({ denominator: 300, numerator: 240 })
    expect(score).toBe(0.8)
  })

  test('turned around twice a component is what it was', () => {
    const result = fc.constantFrom('T', 'F', '-').map((name) => cell[name] ?? {})
    fc.assert(
      fc.property(fc.array(fc.tuple(result, result), { minLength: 1, maxLength: 20 }), (persons) => {
        for (const kind of ['opportunity', 'all-or-nothing', 'linear'] as const) {
          const turned = persons.map((person) =>
            person.map((one) => ({ ...one, numerator: (one.denominator ?? 0) - (one.numerator ?? 0) })),
          )
          expect(scoreOf(ruleOf(kind, ['decrease', 'decrease']), turned)).toEqual(scoreOf(ruleOf(kind, up(2)), persons))
        }
      }),
    )
  })
})

describe('exclusions, exceptions and episodes', () => {
  const met: PopulationTotals = { 'initial-population': 1, denominator: 1, numerator: 1 }
  const excluded: PopulationTotals = { 'initial-population': 1, denominator: 1, 'denominator-exclusion': 1 }
  const excepted: PopulationTotals = {
    'initial-population': 1,
    denominator: 1,
    numerator: 0,
    'denominator-exception': 1,
  }

  test('who is excluded from a component: from all of an all-or-nothing composite, from that opportunity alone else', () => {
    const persons = [[met, excluded]]
    expect(scoreOf(ruleOf('all-or-nothing', up(2)), persons)).toEqual({
      populations: expect.objectContaining({ denominator: 1, 'denominator-exclusion': 1, numerator: 0 }),
    })
    expect(scoreOf(ruleOf('opportunity', up(2)), persons).score).toBe(1)
    expect(scoreOf(ruleOf('linear', up(2)), persons).score).toBe(1)
  })

  test('an exception takes a component away where it is not fulfilled', () => {
    expect(scoreOf(ruleOf('all-or-nothing', up(2)), [[met, excepted]]).score).toBe(1)
    expect(scoreOf(ruleOf('opportunity', up(2)), [[met, excepted]]).score).toBe(1)
    expect(scoreOf(ruleOf('linear', up(2)), [[excepted, excepted]])).not.toHaveProperty('score')
  })

  test('a component that counts episodes counts people: one episode that fulfils is enough', () => {
    const episodes: PopulationTotals = { 'initial-population': 5, denominator: 4, numerator: 2 }
    const { populations, score } = scoreOf(ruleOf('opportunity', up(2)), [[met, episodes]])
    expect(populations).toMatchObject({ denominator: 2, numerator: 2 })
    expect(score).toBe(1)
  })

  test('nobody has no score, and neither has a weighted composite of which a component has none', () => {
    expect(scoreOf(ruleOf('opportunity', up(2)), [])).toEqual({ populations: {} })
    expect(weightedComposite(ruleOf('weighted', up(2)), [0.5, undefined])).toBeUndefined()
  })
})
