import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSmall } from '../measure/index.ts'
import type { StratumRow, ToldStratum } from '../store/index.ts'
import { toldOf } from './release-strata.ts'

const row = (id: string, numerator: number, atRisk: number): StratumRow => ({ id, label: id, atRisk, numerator })

test('a stratum that moved by few since it was told is hidden, and another with it', () => {
  const first = toldOf([row('a', 100, 200), row('b', 60, 150), row('c', 40, 90)], [], false)
  expect(first.every(({ numerator, atRisk }) => numerator !== null && atRisk !== null)).toBe(true)
  const second = toldOf([row('a', 103, 200), row('b', 90, 150), row('c', 40, 90)], first, false)
  expect(second.map(({ numerator }) => numerator)).toEqual([null, 90, null])
  expect(second.map(({ atRisk }) => atRisk)).toEqual([200, 150, 90])
  // What was hidden then was not told: what matters is what was.
  const third = toldOf([row('a', 111, 200), row('b', 90, 150), row('c', 60, 90)], [...first, ...second], false)
  expect(third.map(({ numerator }) => numerator)).toEqual([111, 90, 60])
})

test('nothing is told of strata whose sum is hidden', () => {
  expect(toldOf([row('a', 100, 200)], [], true)).toEqual([{ id: 'a', label: 'a', atRisk: null, numerator: null }])
})

test('whatever is released after whatever: no two releases tell a difference of one to ten people', () => {
  const stratum = fc
    .integer({ min: 0, max: 120 })
    .chain((atRisk) => fc.record({ atRisk: fc.constant(atRisk), numerator: fc.integer({ min: 0, max: atRisk }) }))
  const release = fc.array(stratum, { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(release, { minLength: 1, maxLength: 5 }), (releases) => {
      const told: ToldStratum[] = []
      for (const counts of releases) {
        const rows = counts.map(({ atRisk, numerator }, index) => row(`s${index}`, numerator, atRisk))
        told.push(...toldOf(rows, told, false))
      }
      for (const one of told)
        for (const other of told.filter(({ id }) => id === one.id)) {
          if (one.numerator === null || other.numerator === null) continue
          expect(isSmall(Math.abs(one.numerator - other.numerator))).toBe(false)
          if (one.atRisk === null || other.atRisk === null) continue
          expect(isSmall(Math.abs(one.atRisk - other.atRisk))).toBe(false)
          expect(isSmall(Math.abs(one.atRisk - one.numerator - (other.atRisk - other.numerator)))).toBe(false)
        }
    }),
  )
})
