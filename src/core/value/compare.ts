import { compareDecimals } from './decimal.ts'
import type { Environment } from './environment.ts'
import { runFault } from './run-fault.ts'
import { atOffset, floorWall, type Precision, type Temporal } from './temporal.ts'
import { convertUnit } from './unit.ts'
import { kindOf, type Logical, type Quantity, type Uncertain, type Value } from './value.ts'

/** -1, 0 or 1 as the first is less than, equal to or greater than the second; null where it cannot be known. */
export type Order = -1 | 0 | 1 | null

/**
 * Orders two values of one type. Temporal values go field by field to `precision`, or to the finest field that
 * either has; a field that only one has makes the answer null. Null gives null; unordered types raise a fault.
 */
export function compareValues(left: Value, right: Value, env: Environment, precision?: Precision): Order {
  if (left === null || right === null) return null
  const compare = comparators[kindOf(left)]
  if (kindOf(left) !== kindOf(right) || compare === undefined)
    throw runFault('not-comparable', `A ${kindOf(left)} cannot be compared with a ${kindOf(right)}.`)
  return compare(left as never, right as never, env, precision)
}

type Comparator = (left: never, right: never, env: Environment, precision?: Precision) => Order

const natural = <T extends number | bigint | string>(left: T, right: T): Order =>
  left < right ? -1 : left > right ? 1 : 0

const comparators: Readonly<Partial<Record<ReturnType<typeof kindOf>, Comparator>>> = {
  integer: natural<number>,
  long: natural<bigint>,
  string: natural<string>,
  decimal: compareDecimals,
  date: compareTemporals,
  datetime: compareTemporals,
  time: compareTemporals,
  quantity: compareQuantities,
}

/** Orders two dates, times or DateTimes field by field; see `compareValues`. */
export function compareTemporals(left: Temporal, right: Temporal, env: Environment, precision?: Precision): Order {
  const [a, b] = normalise(left, right, env, precision)
  // Seconds and milliseconds are one decimal for comparison: 08:00:00 is 08:00:00.000.
  if (precision === undefined && a.precision >= 5 && b.precision >= 5) return natural(a.wall, b.wall)
  const asked = precision ?? (Math.max(a.precision, b.precision) as Precision)
  const common = Math.min(asked, a.precision, b.precision) as Precision
  const order = natural(floorWall(a.wall, common), floorWall(b.wall, common))
  return order !== 0 || common === asked ? order : null
}

/**
 * Both DateTimes at the evaluation's offset, where hours or finer are compared; at day or coarser the
 * specification takes them as they are written.
 */
function normalise(
  left: Temporal,
  right: Temporal,
  env: Environment,
  precision?: Precision,
): readonly [Temporal, Temporal] {
  const coarse = Math.min(precision ?? 6, left.precision, right.precision) < 3
  if (coarse || left.kind !== 'datetime' || right.kind !== 'datetime') return [left, right]
  return [atOffset(left, env.now.offset), atOffset(right, env.now.offset)]
}

function compareQuantities(left: Quantity, right: Quantity): Order {
  const converted = convertUnit(right.value, right.unit, left.unit)
  return converted === null ? null : compareDecimals(left.value, converted)
}

/** Three-valued `left < right`; an uncertain side answers only where all its values agree. */
export function less(left: Value, right: Value, env: Environment, precision?: Precision): Logical {
  if (left === null || right === null) return null
  const [a, b] = [bounds(left), bounds(right)]
  if (a === undefined && b === undefined) {
    const order = compareValues(left, right, env, precision)
    return order === null ? null : order < 0
  }
  const [x, y] = [a ?? { low: left, high: left }, b ?? { low: right, high: right }]
  const surely = compareValues(x.high, y.low, env, precision)
  if (surely === -1) return true
  const never = compareValues(x.low, y.high, env, precision)
  return never === null || never === -1 ? null : false
}

function bounds(value: Value): Uncertain | undefined {
  return kindOf(value) === 'uncertain' ? (value as Uncertain) : undefined
}

/** Three-valued negation. */
export const not = (value: Logical): Logical => (value === null ? null : !value)
/** Three-valued conjunction of values that are at hand. */
export const both = (left: Logical, right: Logical): Logical =>
  left === false || right === false ? false : left === null || right === null ? null : true
/** Three-valued disjunction of values that are at hand. */
export const either = (left: Logical, right: Logical): Logical =>
  left === true || right === true ? true : left === null || right === null ? null : false

/** Three-valued `left <= right`. */
export function lessOrEqual(left: Value, right: Value, env: Environment, precision?: Precision): Logical {
  return not(less(right, left, env, precision))
}

/** Three-valued equality of two points at a precision. */
export function samePoint(left: Value, right: Value, env: Environment, precision?: Precision): Logical {
  if (left === null || right === null) return null
  if (bounds(left) === undefined && bounds(right) === undefined) {
    const order = compareValues(left, right, env, precision)
    return order === null ? null : order === 0
  }
  return both(lessOrEqual(left, right, env, precision), lessOrEqual(right, left, env, precision))
}
