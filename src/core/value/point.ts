import { Decimal, decimalOfUnits, largestDecimal, leastDecimal } from './decimal.ts'
import { runFault } from './run-fault.ts'
import {
  ceilWall,
  floorWall,
  greatestDate,
  greatestDateTime,
  greatestTime,
  leastDate,
  leastDateTime,
  leastTime,
  type Temporal,
  wallInRange,
  withWall,
} from './temporal.ts'
import { kindOf, type PointType, Quantity, Uncertain, type Value, type ValueKind } from './value.ts'

export const greatestInteger = 2_147_483_647
export const leastInteger = -2_147_483_648
export const greatestLong: bigint = 9_223_372_036_854_775_807n
export const leastLong: bigint = -9_223_372_036_854_775_808n

const ranges: Readonly<Partial<Record<PointType, readonly [Value, Value]>>> = {
  Integer: [leastInteger, greatestInteger],
  Long: [leastLong, greatestLong],
  Decimal: [leastDecimal, largestDecimal],
  Date: [leastDate, greatestDate],
  DateTime: [leastDateTime, greatestDateTime],
  Time: [leastTime, greatestTime],
  Quantity: [new Quantity(leastDecimal, '1'), new Quantity(largestDecimal, '1')],
}

/** The least value of a point type; null where the type is not known. */
export function leastOf(type: PointType): Value {
  return ranges[type]?.[0] ?? null
}

/** The greatest value of a point type; null where the type is not known. */
export function greatestOf(type: PointType): Value {
  return ranges[type]?.[1] ?? null
}

/** The next value of the type, one unit of its precision on. Null for null; a fault past the greatest value. */
export function successor(value: Value): Value {
  return neighbour(value, 1)
}

/** The value before, one unit of its precision back. Null for null; a fault before the least value. */
export function predecessor(value: Value): Value {
  return neighbour(value, -1)
}

function neighbour(value: Value, step: 1 | -1): Value {
  if (value === null) return null
  const move = steps[kindOf(value)]
  if (move === undefined) throw runFault('no-neighbour', `A ${kindOf(value)} has no successor or predecessor.`)
  return move(value as never, step)
}

type Step = (value: never, step: 1 | -1) => Value

const steps: Readonly<Partial<Record<ValueKind, Step>>> = {
  integer: (value: number, step) => inRange(value + step, leastInteger, greatestInteger),
  long: (value: bigint, step) => inRange(value + BigInt(step), leastLong, greatestLong),
  decimal: stepDecimal,
  quantity: (value: Quantity, step) => new Quantity(stepDecimal(value.value, step), value.unit),
  date: stepTemporal,
  datetime: stepTemporal,
  time: stepTemporal,
  uncertain: (value: Uncertain, step) => new Uncertain(neighbour(value.low, step), neighbour(value.high, step)),
}

function inRange<T extends number | bigint>(value: T, low: T, high: T): T {
  if (value < low || value > high) throw beyond()
  return value
}

function beyond() {
  return runFault('beyond-range', 'The successor or predecessor lies beyond the range of the type.')
}

function stepDecimal(value: Decimal, step: 1 | -1): Decimal {
  const next = decimalOfUnits(value.units + BigInt(step))
  if (next === null) throw beyond()
  return next
}

function stepTemporal(value: Temporal, step: 1 | -1): Temporal {
  const wall = step === 1 ? ceilWall(value.wall, value.precision) + 1 : floorWall(value.wall - 1, value.precision)
  if (!wallInRange(value.kind, wall)) throw beyond()
  return withWall(value, wall)
}
