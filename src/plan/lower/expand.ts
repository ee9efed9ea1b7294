import { type CoreType, Decimal, isAny } from '../../core/index.ts'
import {
  both,
  call,
  choose,
  constant,
  field,
  guard,
  integer,
  isNotNull,
  isNull,
  not,
  pack,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import type { Scope } from '../algebra/scope.ts'
import {
  booleanTypeOf,
  decimalTypeOf,
  integerTypeOf,
  isTemporal,
  listOf,
  longTypeOf,
  momentTypeOf,
  systemName,
  textTypeOf,
} from '../algebra/types.ts'
import { settle } from '../formula/convert.ts'
import { closedInterval, endOf, pointTypeOf, startOf } from '../formula/interval.ts'
import { placesOf } from '../formula/places.ts'
import { inUnit, temporalOf } from '../formula/point.ts'
import { asRows, exprAt, mapped, type Opened, open } from './list.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered, scalar } from './lowered.ts'
import { distinct } from './united-list.ts'

/** Steps that an expansion may have; see core's Expand. */
const mostSteps = 100_000

/** How an interval is walked: how many steps fit, and where each (counted from 1) begins and ends. */
interface Walk {
  readonly count: Expr
  low(position: Expr): Expr
  high(position: Expr): Expr
}

/** A walk over single rows: `carry` brings what it was made of to the rows of its steps. */
type Steps = (start: Expr, end: Expr, per: Expr, carry: (expr: Expr) => Expr, site: ListSite) => Walk

/** Whole numbers go by a whole number of at least 1. */
const wholeSteps: Steps = (start, end, per, carry) => {
  const { type } = start
  const step = call('wholePart', longTypeOf, orOne(field(per, 'value', decimalTypeOf)))
  const at = (position: Expr, less: number) =>
    call('stepNumber', type, carry(start), carry(step), position, integer(less))
  return {
    count: call('stepsOfNumbers', integerTypeOf, start, end, step),
    low: (position) => at(position, 0),
    high: (position) => at(call('addInteger', integerTypeOf, position, integer(1)), 1),
  }
}

const orOne = (value: Expr): Expr => choose(decimalTypeOf, [[isNotNull(value), value]], oneDecimal)
const oneDecimal = constant(new Decimal(100_000_000n, 1), decimalTypeOf)

/** Decimals are cut to the precision of the step; per a whole number, a step ends with its last whole number. */
const decimalSteps: Steps = (start, end, per, carry) => {
  const given = field(per, 'value', decimalTypeOf)
  const [step, places] = [orOne(given), choose(integerTypeOf, [[isNotNull(given), placesOf(given)]], integer(1))]
  const grain = call('grainOfStep', decimalTypeOf, step, places)
  const reach = call('reachOfStep', decimalTypeOf, step)
  const [first, last] = [start, end].map((bound) => call('cutToGrain', decimalTypeOf, bound, grain)) as [Expr, Expr]
  const at = (position: Expr) => call('stepDecimal', decimalTypeOf, carry(first), carry(step), position)
  return {
    count: call('stepsOfDecimals', integerTypeOf, first, last, step, reach),
    low: at,
    high: (position) => {
      const next = at(call('addInteger', integerTypeOf, position, integer(1)))
      return call('subtractDecimal', decimalTypeOf, next, carry(reach))
    },
  }
}

const unitOf = (quantity: Expr) => field(quantity, 'unit', textTypeOf)
const precision = (point: Expr) => field(point, 'precision', integerTypeOf)

/** Quantities in the unit of the step; without one, by one of the interval's own unit. */
const quantitySteps: Steps = (start, end, per, carry, site) => {
  const unit = choose(textTypeOf, [[isNull(per), unitOf(start)]], unitOf(per))
  const walk = decimalSteps(inUnit(start, unit), inUnit(end, unit), per, carry, site)
  const made = (value: Expr) => pack(start.type, { value, unit: carry(unit) })
  return { ...walk, low: (position) => made(walk.low(position)), high: (position) => made(walk.high(position)) }
}

/** Dates and times at the precision of the step: whole units of time from the start, as its own clock has them. */
const temporalSteps: Steps = (start, end, per, carry, site) => {
  const finest = call('least', integerTypeOf, precision(start), precision(end))
  const own = call('unitOfPrecision', textTypeOf, finest)
  const unit = choose(textTypeOf, [[isNull(per), own]], unitOf(per))
  const months = call('monthsOfUnit', integerTypeOf, unit)
  const milliseconds = call('millisecondsOfUnit', longTypeOf, unit)
  const at = call('fieldOfUnit', integerTypeOf, unit)
  const count = call('wholePart', longTypeOf, orOne(field(per, 'value', decimalTypeOf)))
  const cut = (point: Expr) => {
    const moment = call('floorTo', momentTypeOf, field(point, 'lo', momentTypeOf), at)
    return temporalOf(point.type, moment, point, at)
  }
  const [first, last] = [cut(start), cut(end)]
  const clocked = (moment: Expr, point: Expr) =>
    systemName(point.type) === 'DateTime'
      ? call('clock', momentTypeOf, moment, field(point, 'offset_min', integerTypeOf), at, integer(site.with.offset))
      : moment
  const [from, beyond] = [
    clocked(field(first, 'lo', momentTypeOf), first),
    clocked(call('nextMoment', momentTypeOf, field(last, 'hi', momentTypeOf)), last),
  ]
  const steps = call('stepsOfMoments', integerTypeOf, from, beyond, months, milliseconds, count)
  const fits = test('lessOrEqual', at, finest)
  // Hours of clocks that are half an hour apart overlap: only closures compare those field by field.
  const apart = systemName(start.type) === 'DateTime' ? test('hoursOverlap', first, last, at) : undefined
  const checked = choose(
    integerTypeOf,
    [[fits, apart === undefined ? steps : guard(steps, apart, irregularBy('hours of clocks that overlap'))]],
    integer(0),
  )
  const moment = (position: Expr) =>
    call(
      'stepMoment',
      momentTypeOf,
      carry(field(first, 'lo', momentTypeOf)),
      carry(months),
      carry(milliseconds),
      carry(count),
      position,
    )
  const made = (point: Expr) => temporalOf(start.type, point, carry(first), carry(at))
  return {
    count: guard(checked, test('isNoTimeUnit', unit), 'not-a-duration'),
    low: (position) => made(moment(position)),
    high: (position) => {
      const next = moment(call('addInteger', integerTypeOf, position, integer(1)))
      return made(call('floorTo', momentTypeOf, call('momentBefore', momentTypeOf, next), carry(at)))
    },
  }
}

/** Of points that are all null there are no steps. */
const noSteps: Steps = (start, end, _per, carry) => ({
  count: integer(0),
  low: () => carry(start),
  high: () => carry(end),
})

function stepsOver(type: CoreType, site: ListSite): Steps {
  if (isAny(type)) return noSteps
  if (isTemporal(type)) return temporalSteps
  const found = { Integer: wholeSteps, Long: wholeSteps, Decimal: decimalSteps, Quantity: quantitySteps }[
    systemName(type) as 'Integer' | 'Long' | 'Decimal' | 'Quantity'
  ]
  return found ?? site.refuse('An expansion of intervals whose points have no order')
}

/** Steps of the intervals of a scope, as rows of an inner one: their bounds, and the position of each. */
interface Expanded {
  /** How many there are: never null, and a fault where they cannot be counted. */
  readonly count: Expr
  readonly opened: Opened
  readonly low: Expr
  readonly high: Expr
}

function expanded(interval: Expr, per: Expr, at: Scope, site: ListSite): Expanded {
  const [start, end] = [settle(startOf(interval)), settle(endOf(interval))]
  const point = pointTypeOf(interval.type)
  const certain = point.kind === 'uncertain' ? point.of : point
  let inner: Scope = at
  const carry = (expr: Expr) => inner.carry(expr, at)
  const walk = stepsOver(certain, site)(start, end, per, carry, site)
  const none = integer(0)
  // Of a null interval nobody asks the bounds, so that their faults are none of its.
  const absent = [isNull(interval), isNull(start), isNull(end)].map((one) => [one, none] as const)
  const count = choose(integerTypeOf, absent, walk.count)
  const tooMany = test('less', integer(mostSteps), count)
  const checked = at.bind(guard(count, tooMany, 'too-many-steps'), 'steps')
  const positions = call('positionsUpTo', listOf(integerTypeOf), checked, integer(mostSteps))
  const rows = open(asRows(scalar(at, positions)), at)
  inner = rows.scope
  return { count: checked, opened: rows, low: walk.low(rows.item), high: walk.high(rows.item) }
}

/** https://cql.hl7.org/09-b-cqlreference.html#expand, of one interval: the points at which the steps begin. */
export function expandInterval(site: ListSite, operand: Lowered, per: Lowered): Lowered {
  const interval = site.at.bind(exprAt(operand, site.at), 'interval')
  const { count, opened, low } = expanded(interval, exprAt(per, site.at), site.at, site)
  return mapped(opened, site.at, low, both(isNotNull(interval), isNotNull(count)))
}

/** Of a list of intervals: the steps of all of them, without doubles. */
export function expandList(site: ListSite, operand: Lowered, per: Lowered): Lowered {
  const list = asRows(operand)
  const step = exprAt(per, site.at)
  const outer = open(list, site.at)
  const { count, opened, low, high } = expanded(outer.item, outer.scope.carry(step, site.at), outer.scope, site)
  const item = closedInterval(outer.item.type, low, high)
  const steps = { ...opened, item, order: [...outer.order, ...opened.order] }
  const once = distinct(steps, site.at, site.with.offset)
  // No rows come of an interval whose steps cannot be counted: its fault stands beside them.
  const { lost } = site.at.aggregate(outer.scope, { lost: { name: 'anyNull', type: booleanTypeOf, value: count } })
  const counted = not(test('isTrue', lost ?? truth(null)))
  const present = list.present === undefined ? counted : both(site.at.carry(list.present, list.scope), counted)
  return mapped(once, site.at, once.item, present)
}
