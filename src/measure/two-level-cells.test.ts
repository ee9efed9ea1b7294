import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSmall } from './small-cells.ts'
import { widthOf } from './table-ranges.ts'
import { type SharedCell, safeLevels } from './two-level-cells.ts'

/** Both tables of people who are of a practice and a provider. */
function levelsOf(shared: readonly SharedCell[]) {
  const sums = (of: 'group' | 'unit') =>
    Array.from({ length: Math.max(...shared.map((cell) => cell[of])) + 1 }, (_, at) => {
      const own = shared.filter((cell) => cell[of] === at)
      return {
        trials: own.reduce((sum, { trials }) => sum + trials, 0),
        events: own.reduce((sum, { events }) => sum + events, 0),
      }
    })
  return { groups: sums('group'), units: sums('unit'), shared }
}

const cellOf = (group: number, unit: number, trials: number, events: number): SharedCell => ({
  group,
  unit,
  trials,
  events,
})

test('the small provider of a practice whose others are told takes one of these with it', () => {
  const levels = levelsOf([
    cellOf(0, 0, 60, 30),
    cellOf(0, 1, 70, 30),
    cellOf(0, 2, 4, 2),
    cellOf(1, 3, 25, 12),
    cellOf(1, 4, 90, 40),
    cellOf(2, 5, 80, 40),
  ])
  const { groups, units } = safeLevels(levels)
  expect(groups.map(({ hideTrials }) => hideTrials)).toEqual([false, false, false])
  // By itself the table of providers would hide the third and the smallest, which is of another practice.
  expect(units.map(({ hideTrials }) => hideTrials)).toEqual([true, false, true, true, true, false])
})

test('a practice that is hidden for another one does not follow from its providers', () => {
  const levels = levelsOf([cellOf(0, 0, 40, 20), cellOf(1, 1, 6, 3), cellOf(1, 2, 2, 1), cellOf(2, 3, 90, 45)])
  const { groups, units } = safeLevels(levels)
  expect(groups.map(({ hideTrials }) => hideTrials)).toEqual([true, true, false])
  expect(units[0]?.hideTrials).toBe(true)
})

test('where providers work in several practices, what a practice leaves beside those that are only its own is not small', () => {
  const levels = levelsOf([
    cellOf(0, 0, 60, 30),
    cellOf(0, 1, 35, 15),
    cellOf(1, 1, 5, 2),
    cellOf(1, 2, 40, 20),
    cellOf(2, 3, 80, 40),
  ])
  const { groups, units } = safeLevels(levels)
  const isTold = groups[1]?.hideTrials === false && units[2]?.hideTrials === false
  expect(isTold).toBe(false)
})

/** Every whole number that each inner cell can be, found by trying all tables that fit what is told. */
function everyTable(levels: ReturnType<typeof levelsOf>, safety: ReturnType<typeof safeLevels>, most: number) {
  const { shared, groups, units } = levels
  const left = {
    group: groups.map(({ trials }) => trials),
    unit: units.map(({ trials }) => trials),
  }
  const hidden = {
    group: safety.groups.map(({ hideTrials }) => hideTrials),
    unit: safety.units.map(({ hideTrials }) => hideTrials),
  }
  const total = left.group.reduce((sum, one) => sum + one, 0)
  const seen = {
    cell: shared.map(() => new Set<number>()),
    group: groups.map(() => new Set<number>()),
    unit: units.map(() => new Set<number>()),
  }
  const filled: number[] = []
  const fits = () => {
    const sum = (of: 'group' | 'unit', at: number) =>
      shared.reduce((all, cell, index) => (cell[of] === at ? all + (filled[index] ?? 0) : all), 0)
    for (const of of ['group', 'unit'] as const)
      for (const [at, real] of left[of].entries()) {
        const value = sum(of, at)
        if (hidden[of][at] === true ? isSmall(real) && !isSmall(value) : value !== real) return false
      }
    return filled.reduce((all, one) => all + one, 0) === total
  }
  const fill = (index: number, rest: number): void => {
    if (index === shared.length) {
      if (!fits()) return
      for (const [at, value] of filled.entries()) seen.cell[at]?.add(value)
      for (const of of ['group', 'unit'] as const)
        for (const [at, set] of seen[of].entries())
          set.add(shared.reduce((all, cell, index) => (cell[of] === at ? all + (filled[index] ?? 0) : all), 0))
      return
    }
    for (let value = 0; value <= Math.min(rest, most); value += 1) {
      filled[index] = value
      fill(index + 1, rest - value)
    }
    filled.length = index
  }
  fill(0, total)
  return seen
}

const people = (most: number) =>
  fc
    .integer({ min: 0, max: most })
    .chain((trials) => fc.record({ trials: fc.constant(trials), events: fc.integer({ min: 0, max: trials }) }))

test('who tries every table that fits what is told finds no hidden and no small count to fewer than five numbers', () => {
  const pattern = fc.constantFrom<readonly (readonly [number, number])[]>(
    [
      [0, 0],
      [0, 1],
      [1, 2],
    ],
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
    ],
    [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  )
  const made = pattern.chain((places) =>
    fc.tuple(...places.map(([group, unit]) => people(22).map((counts) => ({ group, unit, ...counts })))),
  )
  fc.assert(
    fc.property(made, (shared) => {
      const levels = levelsOf(shared)
      const total = levels.groups.reduce((sum, { trials }) => sum + trials, 0)
      // Where the total must not be told the page tells none of it.
      if (total <= 20) return
      const safety = safeLevels(levels)
      const all = [...safety.groups, ...safety.units]
      if (all.every(({ hideTrials }) => hideTrials)) return
      const seen = everyTable(levels, safety, total)
      const narrow = [
        ...seen.cell.filter((_, at) => isSmall(shared[at]?.trials ?? 0)),
        ...seen.group.filter((_, at) => safety.groups[at]?.hideTrials === true),
        ...seen.unit.filter((_, at) => safety.units[at]?.hideTrials === true),
      ].filter((values) => values.size < 5)
      // Only where nothing more is there to hide but counts of nobody.
      const isShown = (cells: typeof levels.groups, flags: typeof safety.groups) =>
        cells.some(({ trials }, at) => trials > 0 && flags[at]?.hideTrials === false)
      if (isShown(levels.groups, safety.groups) || isShown(levels.units, safety.units)) expect(narrow).toEqual([])
    }),
    { numRuns: 150 },
  )
}, 60_000)

const told = (value: number) => ({ value, low: value, high: value })

test('the range of a count is as by trying all: what a circle of counts can move', () => {
  const width = widthOf(
    {
      rows: [told(10), told(20)],
      columns: [told(12), told(18)],
      cells: [
        { row: 0, column: 0, value: 4 },
        { row: 0, column: 1, value: 6 },
        { row: 1, column: 0, value: 8 },
        { row: 1, column: 1, value: 12 },
      ],
    },
    100,
  )
  // The first cell can be 0 to 10.
  expect(width({ of: 'cell', at: 0 })).toBe(11)
  expect(width({ of: 'row', at: 0 })).toBe(1)
})

test('a large house is decided at once', () => {
  const shared = Array.from({ length: 900 }, (_, at) =>
    cellOf(at % 40, at % 400, 3 + ((at * 7919) % 60), (at * 104_729) % 3),
  )
  const from = Date.now()
  const { units } = safeLevels(levelsOf(shared))
  expect(units.some(({ hideTrials }) => !hideTrials)).toBe(true)
  expect(Date.now() - from).toBeLessThan(5000)
})
