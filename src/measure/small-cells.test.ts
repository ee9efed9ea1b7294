import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSmall, safeCells, safeSeries } from './small-cells.ts'

const cell = fc
  .integer({ min: 0, max: 60 })
  .chain((trials) => fc.record({ trials: fc.constant(trials), events: fc.integer({ min: 0, max: trials }) }))

test('no small count is shown: neither a size, nor events, nor those without', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 8 }), (cells) => {
      for (const [index, { hideEvents, hideTrials }] of safeCells(cells).entries()) {
        const { events = 0, trials = 0 } = cells[index] ?? {}
        if (!hideTrials) expect(isSmall(trials)).toBe(false)
        if (!hideEvents) expect(isSmall(events) || isSmall(trials - events)).toBe(false)
        if (hideTrials) expect(hideEvents).toBe(true)
      }
    }),
  )
})

/** Every set of whole numbers that a reader could fill in for the hidden sizes, given their sum. */
function* fillings(count: number, sum: number): Generator<number[]> {
  if (count === 0) {
    if (sum === 0) yield []
    return
  }
  for (let first = 0; first <= sum; first += 1) {
    for (const rest of fillings(count - 1, sum - first)) yield [first, ...rest]
  }
}

test('a reader who tries every possibility cannot tell a hidden size from the sum to fewer than five numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 4 }), (sizes) => {
      const cells = sizes.map((trials) => ({ trials, events: 0 }))
      const hidden = safeCells(cells).map(({ hideTrials }) => hideTrials)
      const secret = sizes.filter((_, index) => hidden[index])
      // Where all that could be hidden is hidden and it does not suffice, the page hides the sum as well.
      if (secret.length === 0 || secret.length === sizes.filter((size) => size > 0).length) return
      const seen = secret.map(() => new Set<number>())
      const sum = secret.reduce((total, size) => total + size, 0)
      for (const filling of fillings(secret.length, sum)) {
        const fits = filling.every((value, index) => !isSmall(secret[index] ?? 0) || isSmall(value))
        if (fits) for (const [index, value] of filling.entries()) seen[index]?.add(value)
      }
      for (const values of seen) expect(values.size).toBeGreaterThanOrEqual(5)
    }),
    { numRuns: 60 },
  )
})

test('what is hidden is no small count together either: neither the people, nor who has the event, nor who has it not', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 8 }), (cells) => {
      const safety = safeCells(cells)
      const sum = (count: (index: number) => number) => cells.reduce((total, _, index) => total + count(index), 0)
      const trials = (index: number) => (safety[index]?.hideTrials === true ? (cells[index]?.trials ?? 0) : 0)
      const events = (index: number) => (safety[index]?.hideEvents === true ? (cells[index]?.events ?? 0) : 0)
      const rest = (index: number) =>
        safety[index]?.hideEvents === true ? (cells[index]?.trials ?? 0) - (cells[index]?.events ?? 0) : 0
      // Where all that could be hidden is hidden and it does not suffice, the page hides the sum as well.
      const isAll = (hides: 'hideTrials' | 'hideEvents', count: (one: (typeof cells)[number]) => number) =>
        safety.every((one, index) => one[hides] || count(cells[index] ?? { trials: 0, events: 0 }) === 0)
      if (!isAll('hideTrials', (one) => one.trials)) expect(isSmall(sum(trials))).toBe(false)
      if (!isAll('hideEvents', (one) => one.events))
        expect([isSmall(sum(events)), isSmall(sum(rest))]).toEqual([false, false])
    }),
  )
})

test('one small stratum takes a second with it', () => {
  const safety = safeCells([
    { events: 30, trials: 60 },
    { events: 4, trials: 9 },
    { events: 20, trials: 50 },
  ])
  expect(safety.map(({ hideTrials }) => hideTrials)).toEqual([false, true, true])
})

test('of a series no count is told that is small or near to one that was told', () => {
  expect(safeSeries([214, 211, 214, 225, 230, 4, 0, 241])).toEqual([214, null, 214, 225, null, null, 0, 241])
  expect(safeSeries([])).toEqual([])
})

test('what a cell says must be hidden is hidden, with what would tell it', () => {
  const cells = [
    { events: 100, trials: 200, hideEvents: true },
    { events: 60, trials: 150 },
    { events: 40, trials: 90 },
  ]
  expect(safeCells(cells).map(({ hideEvents }) => hideEvents)).toEqual([true, false, true])
  expect(safeCells(cells).some(({ hideTrials }) => hideTrials)).toBe(false)
})
