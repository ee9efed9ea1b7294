import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CqlDate,
  CqlDateTime,
  Decimal,
  distinctValues,
  type Environment,
  equal,
  Interval,
  isList,
  less,
  operators,
  overloadFor,
  sortOrder,
  Uncertain,
  type Value,
} from '../../src/core/index.ts'

const env: Environment = {
  now: new CqlDateTime(Date.UTC(2026, 0, 1), 6, 0),
  expansion: () => undefined,
  message: () => undefined,
}

/** What the table's entry gives for values, its null rule included. */
function run(name: string, ...operands: readonly Value[]): Value {
  const overload = overloadFor(operators.get(name)?.overloads ?? [], operands)
  if (overload === undefined) throw new RangeError(`${name} takes these operands`)
  if (overload.nulls === 'strict' && operands.includes(null)) return null
  return overload.run(operands, { type: { kind: 'system', name: 'Any' }, operands: [] }, env)
}

const day = 86_400_000
const wall = fc.integer({ min: Date.UTC(1990, 0, 1) / day, max: Date.UTC(2050, 0, 1) / day }).map((days) => days * day)
const date = fc.tuple(wall, fc.constantFrom(0 as const, 1 as const, 2 as const)).map(([at, precision]) => {
  const moment = new Date(at)
  const month = precision === 0 ? 0 : moment.getUTCMonth()
  const first = precision === 2 ? moment.getUTCDate() : 1
  return new CqlDate(Date.UTC(moment.getUTCFullYear(), month, first), precision)
})

/** The days that an imprecise date may mean: its first and last. */
function daysOf(value: CqlDate): readonly [number, number] {
  const moment = new Date(value.wall)
  const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()]
  if (value.precision === 2) return [value.wall, value.wall]
  return [value.wall, (value.precision === 0 ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month + 1, 1)) - day]
}

test('an order of imprecise dates that is known holds for all days that they may mean, the same month being equal', () => {
  fc.assert(
    fc.property(date, date, (a, b) => {
      const answer = less(a, b, env)
      const [[aFirst, aLast], [bFirst, bLast]] = [daysOf(a), daysOf(b)]
      if (answer === true) expect(aLast).toBeLessThan(bFirst)
      const alike = a.precision === b.precision && a.wall === b.wall
      if (answer === false && !alike) expect(aFirst).toBeGreaterThanOrEqual(bLast)
      if (alike) expect(answer).toBe(false)
    }),
  )
})

test('equality that is true holds for one day alone, and is symmetric', () => {
  fc.assert(
    fc.property(date, date, (a, b) => {
      expect(equal(a, b, env)).toBe(equal(b, a, env))
      if (equal(a, b, env) === true) expect(daysOf(a)).toEqual(daysOf(b))
    }),
  )
})

test('the order of a sort is total: antisymmetric and transitive, nulls first', () => {
  const item = fc.option(date, { nil: null })
  fc.assert(
    fc.property(item, item, item, (a, b, c) => {
      expect(Math.sign(sortOrder(a, b, env))).toBe(0 - Math.sign(sortOrder(b, a, env)))
      if (sortOrder(a, b, env) <= 0 && sortOrder(b, c, env) <= 0) expect(sortOrder(a, c, env)).toBeLessThanOrEqual(0)
      expect(sortOrder(null, a, env)).toBeLessThanOrEqual(0)
    }),
  )
})

const span = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), fc.boolean(), fc.boolean())
  .map(([a, b, lowClosed, highClosed]) => {
    const low = Math.min(a, b) - (lowClosed ? 0 : 1)
    const high = Math.max(a, b) + (highClosed ? 0 : 1)
    return new Interval(low, high, lowClosed, highClosed, 'Integer')
  })

/** The points of an interval of small integers. */
function pointsOf(interval: Interval): readonly number[] {
  const [low, high] = [Number(interval.low), Number(interval.high)]
  const all = Array.from({ length: high - low + 1 }, (_, index) => low + index)
  return all.filter((at) => (interval.lowClosed || at > low) && (interval.highClosed || at < high))
}

const listed = (value: Value): readonly number[] | null => (value instanceof Interval ? pointsOf(value) : null)
const inOrder = (points: Iterable<number>): readonly number[] => [...new Set(points)].sort((a, b) => a - b)
/** An interval's points; null for points that are none, or have gaps. */
const expected = (points: readonly number[]) => (points.length > 0 && gapless(points) ? points : null)
const gapless = (points: readonly number[]) =>
  points.every((at, index) => index === 0 || at - (points[index - 1] ?? at) === 1)

test('relations of intervals are those of the sets of their points', () => {
  fc.assert(
    fc.property(span, span, (a, b) => {
      const [left, right] = [pointsOf(a), pointsOf(b)]
      const common = left.filter((at) => right.includes(at))
      expect(run('Overlaps', a, b)).toBe(common.length > 0)
      expect(run('Includes', a, b)).toBe(common.length === right.length)
      expect(run('ProperIncludes', a, b)).toBe(common.length === right.length && left.length > right.length)
      expect(run('Before', a, b)).toBe(Math.max(...left) < Math.min(...right))
      expect(run('MeetsBefore', a, b)).toBe(Math.max(...left) + 1 === Math.min(...right))
      expect(run('Equal', a, b)).toBe(String(left) === String(right))
      expect(run('Starts', a, b)).toBe(left[0] === right[0] && left.length <= right.length)
      expect(run('In', 6, a)).toBe(left.includes(6))
    }),
  )
})

test('what intervals make is the set of points, or null where that is no interval', () => {
  fc.assert(
    fc.property(span, span, (a, b) => {
      const [left, right] = [pointsOf(a), pointsOf(b)]
      expect(listed(run('Intersect', a, b))).toEqual(expected(left.filter((at) => right.includes(at))))
      expect(listed(run('Union', a, b))).toEqual(expected(inOrder([...left, ...right])))
      expect(listed(run('Except', a, b))).toEqual(expected(left.filter((at) => !right.includes(at))))
    }),
  )
})

test('collapse keeps the points, and leaves no two intervals that overlap or meet', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
      const collapsed = run('Collapse', spans, null)
      const parts = isList(collapsed) ? collapsed.map((part) => listed(part) ?? []) : []
      expect(parts.flat()).toEqual(inOrder(spans.flatMap(pointsOf)))
      for (const [index, part] of parts.entries())
        if (index > 0) expect((part[0] ?? 0) - (parts[index - 1]?.at(-1) ?? 0)).toBeGreaterThan(1)
    }),
  )
})

test('distinct keeps one of each', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.oneof(date, fc.integer({ min: 0, max: 4 })), { nil: null })), (values) => {
      const kept = distinctValues(values, env)
      for (const value of values)
        expect(kept.some((one) => one === value || equal(one, value, env) === true)).toBe(true)
      const doubles = kept.filter((one, index) =>
        kept.slice(0, index).some((before) => equal(before, one, env) === true),
      )
      expect(doubles).toEqual([])
    }),
  )
})

const decimal = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map((units) => new Decimal(units, 8))
const unitsOf = (value: Value) => (value instanceof Decimal ? value.units : undefined)

const rounded = (dividend: bigint, divisor: bigint) => {
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor]
  const whole = a / b + ((a % b) * 2n >= b ? 1n : 0n)
  return dividend < 0n === divisor < 0n ? whole : -whole
}

test('decimals are exact, and rounded half away from zero', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(unitsOf(run('Add', a, b))).toBe(a.units + b.units)
      expect(unitsOf(run('Multiply', a, b))).toBe(rounded(a.units * b.units, 10n ** 8n))
      if (b.units === 0n) expect(run('Divide', a, b)).toBeNull()
      else expect(unitsOf(run('Divide', a, b))).toBe(rounded(a.units * 10n ** 8n, b.units))
    }),
  )
})

test('a duration is certain, or bounds the durations between all days that the dates may mean', () => {
  const span = { type: { kind: 'system', name: 'Integer' } as const, operands: [], precision: 2 as const }
  const between = operators.get('DurationBetween')?.overloads[0]
  fc.assert(
    fc.property(date, date, (a, b) => {
      const answer = between?.run([a, b], span, env) ?? null
      const [[aFirst, aLast], [bFirst, bLast]] = [daysOf(a), daysOf(b)]
      const [least, most] = [(bFirst - aLast) / day, (bLast - aFirst) / day]
      if (answer instanceof Uncertain) expect([answer.low, answer.high]).toEqual([least, most])
      else expect([answer, answer]).toEqual([least, most])
    }),
  )
})
