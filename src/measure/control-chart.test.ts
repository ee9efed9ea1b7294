import { expect, test } from 'vitest'
import { pChart } from './control-chart.ts'

const of100 = (...events: readonly number[]) => events.map((count) => ({ events: count, trials: 100 }))
const rulesOf = (...events: readonly number[]) => pChart(of100(...events))?.points.map(({ rules }) => rules.join())

test('limits follow the size of each sample, and stay within 0 and 1', () => {
  const chart = pChart([...of100(50, 50, 50, 50, 50), { events: 2, trials: 4 }])
  expect(chart?.centre).toBe(0.5)
  expect(chart?.points[0]?.low).toBeCloseTo(0.35, 10)
  expect(chart?.points[0]?.high).toBeCloseTo(0.65, 10)
  expect(chart?.points[5]).toMatchObject({ rate: 0.5, low: 0, high: 1, rules: [] })
})

test('no chart of few samples, nor of all or nothing', () => {
  expect(pChart(of100(50, 50, 50, 50, 50))).toBeUndefined()
  expect(pChart(of100(0, 0, 0, 0, 0, 0))).toBeUndefined()
  expect(pChart(of100(100, 100, 100, 100, 100, 100))).toBeUndefined()
})

test('chance is told nothing of', () => {
  expect(rulesOf(50, 54, 47, 52, 49, 51, 46, 53)).toEqual(['', '', '', '', '', '', '', ''])
})

test('a point outside the limits', () => {
  expect(rulesOf(50, 51, 49, 50, 51, 49, 50, 70)).toEqual(['', '', '', '', '', '', '', 'outside'])
})

test('eight in a row on one side, of which one on the centre neither ends nor counts', () => {
  const high = [52, 53, 52, 54, 52, 53, 52, 54]
  const low = [47, 48, 46, 48, 47, 48, 46, 48]
  expect(rulesOf(...high, ...low)).toEqual(Array.from({ length: 16 }, () => 'shift'))
  // The centre of these is 50 exactly.
  expect(rulesOf(52, 53, 52, 54, 50, 52, 53, 52, 54, 47, 48, 46, 48, 47, 48, 46, 48)).toEqual(
    Array.from({ length: 17 }, (_, index) => (index === 4 ? '' : 'shift')),
  )
  expect(rulesOf(...high.slice(1), ...low.slice(1))?.join('')).toBe('')
})

test('six in a row that rise or fall, a repeated rate left out', () => {
  expect(rulesOf(46, 48, 49, 50, 50, 52, 53)).toEqual(['trend', 'trend', 'trend', 'trend', '', 'trend', 'trend'])
  expect(rulesOf(53, 52, 51, 50, 48, 47)?.every((rules) => rules === 'trend')).toBe(true)
  expect(rulesOf(46, 48, 49, 50, 52, 50)?.join('')).toBe('')
})

test('two of three in the same outer third, and not one on each side', () => {
  expect(rulesOf(46, 45, 62, 46, 62, 46, 45, 46)).toEqual(['', '', 'outer-third', '', 'outer-third', '', '', ''])
  expect(rulesOf(50, 50, 62, 38, 50, 50)?.join('')).toBe('')
})
