import { compareDecimals } from './decimal.ts'
import type { Environment } from './environment.ts'
import { runFault } from './run-fault.ts'
import { floorWall, type Precision, type Temporal, wallAt } from './temporal.ts'
import { convertUnit } from './unit.ts'
import { kindOf, type Logical, type Quantity, Uncertain, type Value } from './value.ts'

/** -1, 0 or 1 as the first is less than, equal to or greater than the second; null where it cannot be known. */
export type Order = -1 | 0 | 1 | null

/**
 * Orders two values of one type. Temporal values go field by field to `precision`, or to the finest field that
 * either has; a field that only one has makes the answer null. Null gives null; unordered types raise a fault.
 */
export function compareValues(left: Value, right: Value, env: Environment, precision?: Precision): Order {
  if (left === null || right === null) return null
  const [kind, other] = [kindOf(left), kindOf(right)]
  if (isTemporal(kind) && kind === other) return compareTemporals(left as Temporal, right as Temporal, env, precision)
  const compare = comparators[kind]
  if (kind !== other || compare === undefined)
    throw runFault('not-comparable', `A ${kind} cannot be compared with a ${other}.`)
  return compare(left as never, right as never, env, precision)
}

/** What most comparisons are about. */
const isTemporal = (kind: string): boolean => kind === 'datetime' || kind === 'date' || kind === 'time'

type Comparator = (left: never, right: never, env: Environment, precision?: Precision) => Order

const natural = <T extends number | bigint | string>(left: T, right: T): Order =>
  left < right ? -1 : left > right ? 1 : 0

const comparators: Readonly<Partial<Record<ReturnType<typeof kindOf>, Comparator>>> = {
  integer: natural<number>,
  long: natural<bigint>,
  string: natural<string>,
  decimal: compareDecimals,
  quantity: compareQuantities,
}

/** Orders two dates, times or DateTimes field by field; see `compareValues`. */
export function compareTemporals(left: Temporal, right: Temporal, env: Environment, precision?: Precision): Order {
  const finest = Math.min(left.precision, right.precision) as Precision
  // Hours and finer are compared at the evaluation's offset; at day or coarser the specification takes DateTimes as they are written.
  const isFine = left.kind === 'datetime' && right.kind === 'datetime' && Math.min(precision ?? 6, finest) >= 3
  const a = isFine ? wallAt(left, env.now.offset) : left.wall
  const b = isFine ? wallAt(right, env.now.offset) : right.wall
  // Seconds and milliseconds are one decimal for comparison: 08:00:00 is 08:00:00.000.
  if (precision === undefined && finest >= 5) return natural(a, b)
  const asked = precision ?? (Math.max(left.precision, right.precision) as Precision)
  const common = Math.min(asked, finest) as Precision
  const order = natural(floorWall(a, common), floorWall(b, common))
  return order !== 0 || common === asked ? order : null
}

function compareQuantities(left: Quantity, right: Quantity): Order {
  const converted = convertUnit(right.value, right.unit, left.unit)
  return converted === null ? null : compareDecimals(left.value, converted)
}

/** Three-valued `left < right`; an uncertain side answers only where all its values agree. */
export function less(left: Value, right: Value, env: Environment, precision?: Precision): Logical {
  if (left === null || right === null) return null
  if (!(left instanceof Uncertain) && !(right instanceof Uncertain)) {
    const order = compareValues(left, right, env, precision)
    return order === null ? null : order < 0
  }
  const x = left instanceof Uncertain ? left : { low: left, high: left }
  const y = right instanceof Uncertain ? right : { low: right, high: right }
  const surely = compareValues(x.high, y.low, env, precision)
  if (surely === -1) return true
  const never = compareValues(x.low, y.high, env, precision)
  return never === null || never === -1 ? null : false
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
  if (!(left instanceof Uncertain) && !(right instanceof Uncertain)) {
    const order = compareValues(left, right, env, precision)
    return order === null ? null : order === 0
  }
  return both(lessOrEqual(left, right, env, precision), lessOrEqual(right, left, env, precision))
}
