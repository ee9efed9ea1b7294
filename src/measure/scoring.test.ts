import { describe, expect, test } from 'vitest'
import type { PopulationCode } from '../content/index.ts'
import { type CriterionMembers, cutMembership } from './membership.ts'
import { aggregateObservations, observedMembers } from './observation.ts'
import { observedRatio } from './ratio.ts'
import { scoreGroup } from './score.ts'
import { wilsonInterval } from './wilson.ts'

const criteria = (given: Partial<Record<PopulationCode, string>>): CriterionMembers[] =>
  Object.entries(given).map(([code, members]) => ({ code: code as PopulationCode, members: new Set(members) }))

const cut = (scoring: Parameters<typeof cutMembership>[0], given: readonly CriterionMembers[]) =>
  Object.fromEntries(
    Object.entries(cutMembership(scoring, given)).map(([code, members]) => [code, [...members].sort().join('')]),
  )

describe('proportion', () => {
  test('each population lies within the one before it', () => {
    const given = criteria({
      'initial-population': 'abcdef',
      denominator: 'abcdex',
      'denominator-exclusion': 'ax',
      numerator: 'abfx',
      'numerator-exclusion': 'abc',
      'denominator-exception': 'abcf',
    })
    expect(cut('proportion', given)).toEqual({
      'initial-population': 'abcdef',
      denominator: 'abcde',
      'denominator-exclusion': 'a',
      numerator: 'b',
      'numerator-exclusion': 'b',
      'denominator-exception': 'c',
    })
  })

  test('an exclusion removes its episode, not the person', () => {
    const given = criteria({
      'initial-population': 'ab',
      denominator: 'ab',
      'denominator-exclusion': 'a',
      numerator: 'ab',
    })
    expect(cut('proportion', given)).toMatchObject({ denominator: 'ab', numerator: 'b' })
  })

  test('populations that the measure lacks are absent, not empty', () => {
    expect(cut('proportion', criteria({ 'initial-population': 'a', denominator: 'a', numerator: '' }))).toEqual({
      'initial-population': 'a',
      denominator: 'a',
      numerator: '',
    })
  })

  test('the score leaves out exclusions and exceptions, and numerator exclusions above', () => {
    const score = scoreGroup(
      { scoring: 'proportion' },
      {
        denominator: 100,
        'denominator-exclusion': 10,
        'denominator-exception': 10,
        numerator: 45,
        'numerator-exclusion': 5,
      },
    )
    expect(score).toMatchObject({ numerator: 40, denominator: 80, rate: 0.5 })
  })

  test('an empty denominator has no score', () => {
    expect(scoreGroup({ scoring: 'proportion' }, { denominator: 3, 'denominator-exclusion': 3, numerator: 0 })).toEqual(
      {
        numerator: 0,
        denominator: 0,
      },
    )
  })
})

describe('ratio', () => {
  test('the numerator does not depend on the denominator', () => {
    const given = criteria({
      'initial-population': 'ab',
      denominator: 'a',
      'denominator-exclusion': 'a',
      numerator: 'bx',
    })
    expect(cut('ratio', given)).toMatchObject({ denominator: 'a', 'denominator-exclusion': 'a', numerator: 'b' })
  })

  test('with two initial populations each side lies within its own', () => {
    const given: CriterionMembers[] = [
      { code: 'initial-population', id: 'encounters', members: new Set('ab') },
      { code: 'initial-population', id: 'events', members: new Set('xy') },
      { code: 'denominator', criteriaReference: 'encounters', members: new Set('abx') },
      { code: 'numerator', criteriaReference: 'events', members: new Set('ax') },
    ]
    expect(cut('ratio', given)).toEqual({ 'initial-population': 'abxy', denominator: 'ab', numerator: 'x' })
  })

  test('has a rate without an interval, for it is no share', () => {
    expect(scoreGroup({ scoring: 'ratio' }, { denominator: 4, numerator: 6 })).toEqual({
      numerator: 6,
      denominator: 4,
      rate: 1.5,
    })
  })

  test('of observations: aggregated sides; none where a side is empty', () => {
    const days = { method: 'sum', values: [10, null, 20] } as const
    expect(observedRatio({ method: 'count', values: [1, 1, 1] }, days)).toBe(0.1)
    expect(observedRatio({ method: 'count', values: [1] }, { method: 'sum', values: [null] })).toBeUndefined()
  })
})

describe('continuous variable', () => {
  test('observes the population without its exclusions', () => {
    const membership = cutMembership(
      'continuous-variable',
      criteria({ 'initial-population': 'abc', 'measure-population': 'abx', 'measure-population-exclusion': 'bc' }),
    )
    expect(observedMembers(membership, 'measure-population')).toEqual(['a'])
  })

  test('aggregates the raw values of everybody, nulls left out', () => {
    const values = [5, null, 1, 9, 2]
    expect(aggregateObservations('median', values)).toBe(3.5)
    expect(aggregateObservations('median', [3, 1, 2])).toBe(2)
    expect(aggregateObservations('average', values)).toBe(4.25)
    expect(aggregateObservations('minimum', values)).toBe(1)
    expect(aggregateObservations('maximum', values)).toBe(9)
    expect(aggregateObservations('count', values)).toBe(4)
    expect(aggregateObservations('sum', [null])).toBeUndefined()
  })
})

const observation = (
  id: string,
  population: 'numerator' | 'denominator' | 'measure-population',
  method: 'sum' | 'median',
) => ({ id, define: id, population, method }) as const

test('a group with observations has a score only with the observed values of everybody', () => {
  const ratio = {
    scoring: 'ratio',
    observations: [observation('below', 'denominator', 'sum'), observation('above', 'numerator', 'sum')],
  } as const
  const totals = { denominator: 4, numerator: 2 }
  expect(scoreGroup(ratio, totals)).toEqual({ numerator: 2, denominator: 4 })
  expect(scoreGroup(ratio, totals, { above: [1, 2], below: [10, 20] })).toMatchObject({ rate: 0.1 })
  const variable = {
    scoring: 'continuous-variable',
    observations: [observation('days', 'measure-population', 'median')],
  } as const
  expect(scoreGroup(variable, { 'measure-population': 3 })).toEqual({ numerator: 0, denominator: 3 })
  expect(scoreGroup(variable, { 'measure-population': 3 }, { days: [1, 9, 5] })).toMatchObject({ value: 5 })
})

test('a cohort has its initial population alone', () => {
  expect(cut('cohort', criteria({ 'initial-population': 'ab', denominator: 'a' }))).toEqual({
    'initial-population': 'ab',
  })
})

// Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med 1998;17:857-72, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('Wilson interval of %i out of %i', (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials)
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

test('nothing tried has no interval; all of few stays within 1', () => {
  expect(wilsonInterval(0, 0)).toBeUndefined()
  expect(wilsonInterval(3, 3)?.high).toBe(1)
})
