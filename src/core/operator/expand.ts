import { endOf, startOf } from '../value/bounds.ts'
import { less, lessOrEqual } from '../value/compare.ts'
import { Decimal, decimalOfInteger } from '../value/decimal.ts'
import { distinctValues } from '../value/distinct.ts'
import type { Environment } from '../value/environment.ts'
import { predecessor } from '../value/point.ts'
import { runFault } from '../value/run-fault.ts'
import {
  finestPrecision,
  floorWall,
  type Precision,
  type Temporal,
  temporalFields,
  withWall,
} from '../value/temporal.ts'
import { calendarUnit } from '../value/unit.ts'
import { Interval, kindOf, Quantity, type Value } from '../value/value.ts'
import { arithmetic } from './apply.ts'
import { perFor } from './interval-algebra.ts'
import { type CallSite, type Operator, overload, ownNulls } from './operator.ts'

/** Steps that an expansion may have: beyond, it is taken for a mistake and stops with a fault. */
const mostSteps = 100_000

/** How an interval is walked: from where to where, by what, and what a step covers. */
interface Walk {
  readonly start: Value
  readonly end: Value
  readonly per: Value
}

function isTemporal(value: Value): value is Temporal {
  return ['date', 'datetime', 'time'].includes(kindOf(value))
}

/** Points at the precision of `per`; undefined where the points are less precise than it, for then there are none. */
function walkOf(interval: Interval, per: Quantity | null): Walk | undefined {
  const [start, end] = [startOf(interval), endOf(interval)]
  if (isTemporal(start) && isTemporal(end)) return temporalWalk(start, end, per)
  const step = per ?? new Quantity(decimalOfInteger(1), '1')
  return { start: cutTo(start, step), end: cutTo(end, step), per: perFor(start, step) }
}

function temporalWalk(start: Temporal, end: Temporal, per: Quantity | null): Walk | undefined {
  const finest = Math.min(start.precision, end.precision) as Precision
  const unit = per === null ? temporalFields[finest] : (calendarUnit(per.unit) ?? per.unit)
  const field = unit === 'week' ? 2 : temporalFields.indexOf(unit as (typeof temporalFields)[number])
  if (field === -1) throw runFault('not-a-duration', `Dates and times are not expanded per "${unit}".`)
  if (field > finest) return undefined
  const precision = Math.min(field, finestPrecision(start.kind)) as Precision
  const cut = (value: Temporal) => withWall(value, floorWall(value.wall, precision), precision)
  return { start: cut(start), end: cut(end), per: per ?? new Quantity(decimalOfInteger(1), unit) }
}

/** A decimal bound at the precision of the step: per 1, 12.49999999 is 12. */
function cutTo(value: Value, per: Quantity): Value {
  if (value instanceof Quantity) return new Quantity(cutTo(value.value, per) as Decimal, value.unit)
  if (!(value instanceof Decimal)) return value
  const step = 10n ** BigInt(8 - (per.value.units % 100_000_000n === 0n ? 0 : per.value.places))
  return new Decimal(value.units - (value.units % step), Math.max(1, per.value.places))
}

/** The starts of the steps that fit: each step ends where the next begins, and none passes the end. */
function startsOf(walk: Walk, env: Environment): { readonly low: Value; readonly high: Value }[] {
  const steps: { low: Value; high: Value }[] = []
  let low = walk.start
  while (lessOrEqual(low, walk.end, env) === true) {
    const next = advance(low, walk.per, env)
    const high = next === null ? null : lastOf(next, walk)
    if (next === null || less(low, next, env) !== true || lessOrEqual(high, walk.end, env) !== true) break
    steps.push({ low, high })
    if (steps.length > mostSteps)
      throw runFault('too-many-steps', `An interval expands to more than ${mostSteps} steps.`)
    low = next
  }
  return steps
}

/** A Time wraps at midnight, where the walk ends. */
function advance(low: Value, per: Value, env: Environment): Value {
  const next = arithmetic('Add', low, per, env)
  return kindOf(low) === 'time' && less(low, next, env) !== true ? null : next
}

/** The last point of a step, at the precision of the walk. */
function lastOf(next: Value, walk: Walk): Value {
  if (next instanceof Decimal && walk.per instanceof Decimal && walk.per.units % 100_000_000n === 0n)
    return new Decimal(next.units - 100_000_000n, 1)
  return predecessor(next)
}

const stepsOf = (interval: Interval, per: Quantity | null, env: Environment) => {
  // Measures expand `Interval[1, days]` for stays of less than a day: that is no day, not an error.
  if (interval.invalid) return []
  const walk = walkOf(interval, per)
  return walk === undefined ? [] : startsOf(walk, env)
}

function expandList(list: readonly Value[] | null, per: Quantity | null, _: CallSite, env: Environment): Value {
  if (list === null) return null
  const intervals = list.filter((item): item is Interval => item !== null)
  const expanded = intervals.flatMap((interval) =>
    stepsOf(interval, per, env).map(({ low, high }) => new Interval(low, high, true, true, interval.pointType)),
  )
  return distinctValues(expanded, env)
}

function expandInterval(interval: Interval | null, per: Quantity | null, _: CallSite, env: Environment): Value {
  return interval === null ? null : stepsOf(interval, per, env).map(({ low }) => low)
}

/** https://cql.hl7.org/09-b-cqlreference.html#expand */
export const expandOperators: readonly Operator[] = [
  ownNulls('interval', 'Expand', [
    overload('(List<Interval<T>>, Quantity): List<Interval<T>>', expandList),
    overload('(Interval<T>, Quantity): List<T>', expandInterval),
  ]),
]
