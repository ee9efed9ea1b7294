import { endOf, startOf } from '../value/bounds.ts'
import { lessOrEqual } from '../value/compare.ts'
import { Decimal, decimalOfInteger, decimalOfUnits, unitsPerOne } from '../value/decimal.ts'
import { distinctValues } from '../value/distinct.ts'
import { addDuration, timeUnit } from '../value/duration.ts'
import type { Environment } from '../value/environment.ts'
import { greatestInteger, greatestLong } from '../value/point.ts'
import { runFault } from '../value/run-fault.ts'
import { floorWall, type Precision, type Temporal, temporalFields, withWall } from '../value/temporal.ts'
import { convertUnit } from '../value/unit.ts'
import { Interval, kindOf, Quantity, type Value } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls } from './operator.ts'

/** Steps that an expansion may have: beyond, it is taken for a mistake and stops with a fault. */
const mostSteps = 100_000

/** How an interval is walked. Null past the range of the type, or past midnight. */
interface Walk {
  readonly start: Value
  readonly end: Value
  /** Where the step after this one begins. */
  next(low: Value): Value
  /** The last point of a step. */
  last(low: Value): Value
}

/** Undefined where there are no steps: the points are less precise than `per`, or it does not move them. */
function walkOf(interval: Interval, per: Quantity | null): Walk | undefined {
  const [start, end] = [startOf(interval), endOf(interval)]
  if (start === null || end === null) return undefined
  const [first, last] = [kindOf(start), kindOf(end)]
  if (first === 'uncertain' || last === 'uncertain')
    throw runFault('uncertain-operand', 'An interval whose bounds are not known cannot be expanded.')
  const walk = walks[first]
  if (walk === undefined) throw runFault('no-neighbour', `An interval of ${first} cannot be expanded.`)
  return walk(start as never, end as never, per)
}

type MakeWalk = (start: never, end: never, per: Quantity | null) => Walk | undefined

const walks: Readonly<Record<string, MakeWalk>> = {
  integer: (start: number, end: number, per) =>
    wholeWalk(BigInt(start), BigInt(end), per, (value) => (value > greatestInteger ? null : Number(value))),
  long: (start: bigint, end: bigint, per) =>
    wholeWalk(start, end, per, (value) => (value > greatestLong ? null : value)),
  decimal: (start: Decimal, end: Decimal, per) => decimalWalk(start, end, per?.value ?? decimalOfInteger(1)),
  quantity: quantityWalk,
  date: temporalWalk,
  datetime: temporalWalk,
  time: temporalWalk,
}

function wholeWalk(start: bigint, end: bigint, per: Quantity | null, made: (value: bigint) => Value) {
  const step = per === null ? 1n : per.value.units / unitsPerOne
  const movedBy = (low: Value, by: bigint) => (low === null ? null : made(BigInt(low as number | bigint) + by))
  const walk: Walk = {
    start: made(start),
    end: made(end),
    next: (low) => movedBy(low, step),
    last: (low) => movedBy(low, step - 1n),
  }
  return step < 1n ? undefined : walk
}

const moved = (low: Value, by: bigint) => decimalOfUnits((low as Decimal).units + by)

/** Bounds are cut to the precision of the step: per 1, 12.49999999 is 12, and a step ends with the last whole number. */
function decimalWalk(start: Decimal, end: Decimal, step: Decimal): Walk | undefined {
  const whole = step.units % unitsPerOne === 0n
  const grain = whole ? unitsPerOne : 10n ** BigInt(8 - step.places)
  const places = Math.max(1, step.places)
  const cut = ({ units }: Decimal) => new Decimal(units - (units % grain), places)
  const walk: Walk = {
    start: cut(start),
    end: cut(end),
    next: (low) => moved(low, step.units),
    last: (low) => moved(low, step.units - (whole ? unitsPerOne : 1n)),
  }
  return step.units <= 0n ? undefined : walk
}

/** In the unit of the step; without one, by one of the interval's own unit. */
function quantityWalk(start: Quantity, end: Quantity, per: Quantity | null): Walk | undefined {
  const { value, unit } = per ?? new Quantity(decimalOfInteger(1), start.unit)
  const [low, high] = [start, end].map((bound) => convertUnit(bound.value, bound.unit, unit))
  const walk = low && high ? decimalWalk(low, high, value) : undefined
  if (walk === undefined) return undefined
  const made = (magnitude: Value) => (magnitude === null ? null : new Quantity(magnitude as Decimal, unit))
  return {
    start: made(walk.start),
    end: made(walk.end),
    next: (point) => made(walk.next((point as Quantity).value)),
    last: (point) => made(walk.last((point as Quantity).value)),
  }
}

/** Points at the precision of `per`, each step whole units of it. */
function temporalWalk(start: Temporal, end: Temporal, per: Quantity | null): Walk | undefined {
  const finest = Math.min(start.precision, end.precision) as Precision
  const { value, unit: name } = per ?? new Quantity(decimalOfInteger(1), temporalFields[finest])
  const unit = timeUnit(name)
  if (unit === undefined) throw runFault('not-a-duration', `Dates and times are not expanded per "${name}".`)
  const count = Number(value.units / unitsPerOne)
  if (unit.field > finest || count < 1) return undefined
  const { field } = unit
  // A step ends one field before the next begins: 2 weeks are 14 days, of which the last is the 13th after the first.
  const fields = unit.ms !== undefined && field === 2 ? (count * unit.ms) / 86_400_000 : count
  const cut = (bound: Temporal) => withWall(bound, floorWall(bound.wall, field), field)
  return {
    start: cut(start),
    end: cut(end),
    next: (low) => onward(low as Temporal, fields, field),
    last: (low) => onward(low as Temporal, fields - 1, field),
  }
}

/** A point some fields on; null beyond the range, and where a Time would wrap. */
function onward(low: Temporal, by: number, field: Precision): Value {
  const moved = addDuration(low, new Quantity(decimalOfInteger(by), temporalFields[field]), 1)
  return low.kind === 'time' && moved !== null && (moved.wall < low.wall || by * fieldMs[field] >= dayMs) ? null : moved
}

const dayMs = 86_400_000
const fieldMs = [0, 0, dayMs, 3_600_000, 60_000, 1000, 1] as const

/** The steps that fit: each ends where the next begins, and none passes the end. */
function stepsOf(
  interval: Interval,
  per: Quantity | null,
  env: Environment,
): readonly { readonly low: Value; readonly high: Value }[] {
  const walk = walkOf(interval, per)
  const steps: { low: Value; high: Value }[] = []
  if (walk === undefined) return steps
  for (let low = walk.start; low !== null; low = walk.next(low)) {
    const high = walk.last(low)
    if (lessOrEqual(high, walk.end, env) !== true) break
    steps.push({ low, high })
    if (steps.length > mostSteps)
      throw runFault('too-many-steps', `An interval expands to more than ${mostSteps} steps.`)
  }
  return steps
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
