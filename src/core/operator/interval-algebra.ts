import { endOf, highest, lowest, settle, startOf } from '../value/bounds.ts'
import { both, compareValues, less, lessOrEqual } from '../value/compare.ts'
import { decimalOfInteger } from '../value/decimal.ts'
import type { Environment } from '../value/environment.ts'
import { predecessor, successor } from '../value/point.ts'
import { sortOrder } from '../value/sort-order.ts'
import { Interval, kindOf, type Quantity, type Value } from '../value/value.ts'
import { arithmetic } from './apply.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'

/** A closed interval; null where it would hold no point. */
function closed(low: Value, high: Value, like: Interval, env: Environment): Interval | null {
  return less(high, low, env) === true ? null : new Interval(low, high, true, true, like.pointType)
}

/** The later of two points; where that is open, every value it may have. */
function later(left: Value, right: Value, env: Environment): Value {
  return extreme(left, right, env, 1)
}

function earlier(left: Value, right: Value, env: Environment): Value {
  return extreme(left, right, env, -1)
}

function extreme(left: Value, right: Value, env: Environment, wanted: 1 | -1): Value {
  const order = lessOrEqual(left, right, env)
  if (order !== null) return order === (wanted === 1) ? right : left
  if (kindOf(left) !== 'uncertain' && kindOf(right) !== 'uncertain') return null
  const pick = (a: Value, b: Value) => ((compareValues(a, b, env) ?? 0) * wanted >= 0 ? a : b)
  return settle(pick(lowest(left), lowest(right)), pick(highest(left), highest(right)), env)
}

/** The points in both; null where there are none, or where it cannot be known whether there are. */
function intersect(left: Interval, right: Interval, _: CallSite, env: Environment): Interval | null {
  const [a, b, c, d] = [startOf(left), endOf(left), startOf(right), endOf(right)]
  const overlap = both(lessOrEqual(a, d, env), lessOrEqual(c, b, env))
  if (overlap === false) return null
  const [low, high] = [later(a, c, env), earlier(b, d, env)]
  return low === null || high === null ? null : closed(low, high, left, env)
}

/** The points in either; null where the two neither overlap nor meet, for then they are no interval. */
function union(left: Interval, right: Interval, _: CallSite, env: Environment): Interval | null {
  const [a, b, c, d] = [startOf(left), endOf(left), startOf(right), endOf(right)]
  if (joins(a, b, c, d, env) !== true) return null
  const [low, high] = [earlier(a, c, env), later(b, d, env)]
  return low === null || high === null ? null : closed(low, high, left, env)
}

/** Do two spans overlap or meet? */
function joins(a: Value, b: Value, c: Value, d: Value, env: Environment): boolean | null {
  const reaches = (end: Value, start: Value) => {
    const apart = less(end, start, env)
    return apart === true ? lessOrEqual(start, successor(end), env) : apart === null ? null : true
  }
  return both(reaches(b, c), reaches(d, a))
}

/** The points of the left that are not in the right; null where those are no single interval. */
function except(left: Interval, right: Interval, _: CallSite, env: Environment): Interval | null {
  const [a, b, c, d] = [startOf(left), endOf(left), startOf(right), endOf(right)]
  if (less(b, c, env) === true || less(d, a, env) === true) return left
  const [startsBefore, endsAfter] = [less(a, c, env), less(d, b, env)]
  if (startsBefore === true && endsAfter === false) return closed(a, predecessor(c), left, env)
  if (startsBefore === false && endsAfter === true) return closed(successor(d), b, left, env)
  return null
}

/** Overlapping and adjoining intervals (within `per` of each other, where it is given) become one, in order. */
function collapse(list: readonly Value[], per: Quantity | null, env: Environment): Value[] {
  const spans = list
    .filter((item): item is Interval => item !== null)
    .map((item) => ({ item, low: startOf(item), high: endOf(item) }))
    .toSorted((a, b) => sortOrder(lowest(a.low), lowest(b.low), env))
  const merged: { item: Interval; low: Value; high: Value }[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last !== undefined && within(last.high, span.low, per, env))
      last.high = later(last.high, span.high, env) ?? last.high
    else merged.push({ ...span })
  }
  return merged.map(({ item, low, high }) => new Interval(low, high, true, true, item.pointType))
}

function within(end: Value, start: Value, per: Quantity | null, env: Environment): boolean {
  if (less(end, start, env) !== true) return true
  const reach = per === null || isPoint(per) ? successor(end) : arithmetic('Add', end, perFor(lowest(end), per), env)
  return lessOrEqual(start, reach, env) === true
}

const isPoint = (per: Quantity) => per.unit === '1' && per.value.units === 0n

/** The step in the type of the points: a number for numbers, the quantity itself otherwise. */
function perFor(point: Value, per: Quantity): Value {
  const kind = kindOf(point)
  if (kind === 'integer') return Number(per.value.units / decimalOfInteger(1).units)
  if (kind === 'long') return per.value.units / decimalOfInteger(1).units
  return kind === 'decimal' ? per.value : per
}

const subtractable = ['Integer', 'Long', 'Decimal', 'Quantity']

/** Operators that make intervals. https://cql.hl7.org/09-b-cqlreference.html#interval-operators-3 */
export const intervalAlgebraOperators: readonly Operator[] = [
  strict('interval', 'Intersect', [overload('(Interval<T>, Interval<T>): Interval<T>', intersect)]),
  strict('interval', 'Union', [overload('(Interval<T>, Interval<T>): Interval<T>', union)]),
  strict('interval', 'Except', [overload('(Interval<T>, Interval<T>): Interval<T>', except)]),
  ownNulls('interval', 'Collapse', [
    overload(
      '(List<Interval<T>>, Quantity): List<Interval<T>>',
      (list: readonly Value[] | null, per: Quantity | null, _: CallSite, env: Environment) =>
        list === null ? null : collapse(list, per, env),
    ),
  ]),
  strict(
    'interval',
    'Width',
    subtractable.map((type) =>
      overload(`(Interval<${type}>): ${type}`, (interval: Interval, _: CallSite, env: Environment) =>
        arithmetic('Subtract', endOf(interval), startOf(interval), env),
      ),
    ),
  ),
  strict(
    'interval',
    'Size',
    subtractable.map((type) =>
      overload(`(Interval<${type}>): ${type}`, (interval: Interval, _: CallSite, env: Environment) =>
        arithmetic('Subtract', successor(endOf(interval)), startOf(interval), env),
      ),
    ),
  ),
]
