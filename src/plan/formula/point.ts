import { type CoreType, CqlDateTime, Decimal, greatestOf, leastOf, type PointType } from '../../core/index.ts'
import {
  call,
  choose,
  constant,
  field,
  guard,
  integer,
  isNotNull,
  not,
  nothing,
  nothingOf,
  pack,
  test,
  truth,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { factsOf } from '../algebra/facts.ts'
import { irregularBy } from '../algebra/irregular.ts'
import {
  decimalTypeOf,
  integerTypeOf,
  isTemporal,
  momentTypeOf,
  systemName,
  textTypeOf,
  uncertainOf,
} from '../algebra/types.ts'

import { unitNames } from './unit-name.ts'

/** What formulas know of the evaluation: the offset (minutes) to which times are normalised. */
export interface Setting {
  readonly offset: number
}

/** 0 year to 6 millisecond, as core counts them; in structures 1 is added. */
export type Precision = 0 | 1 | 2 | 3 | 4 | 5 | 6

export const isUncertain = (value: Expr): boolean => value.type.kind === 'uncertain'
const certain = (type: CoreType): CoreType => (type.kind === 'uncertain' ? type.of : type)

/** The least value that a point may have. */
export function lowest(value: Expr): Expr {
  return isUncertain(value) ? field(value, 'low', certain(value.type)) : value
}

/** The greatest value that a point may have. */
export function highest(value: Expr): Expr {
  return isUncertain(value) ? field(value, 'high', certain(value.type)) : value
}

/** A value that lies between two others; one that is null makes it null. */
export function between(low: Expr, high: Expr): Expr {
  return unlessNull([low, high], pack(uncertainOf(certain(low.type)), { low: lowest(low), high: highest(high) }))
}

/** -1, 0 or 1 as the first is less than, equal to or greater than the second; null where it cannot be known. */
export function order(left: Expr, right: Expr, setting: Setting, precision?: Precision): Expr {
  if (isNothing(left) || isNothing(right)) return nothingOf(integerTypeOf, [left, right])
  const name = systemName(left.type)
  if (name === 'Quantity') return orderOfQuantities(left, right)
  if (!isTemporal(left.type)) return call('signOf', integerTypeOf, left, right)
  const moments = comparable(left, right, setting, precision)
  if (moments !== undefined) return call('signOf', integerTypeOf, ...moments)
  if (precision === undefined)
    return name === 'DateTime'
      ? call('compareDateTimes', integerTypeOf, left, right, integer(setting.offset))
      : call('compareDates', integerTypeOf, left, right)
  const at = [constant(unitNames[precision], textTypeOf), integer(precision + 1)]
  return name === 'DateTime' && precision >= 3
    ? call('compareAtClock', integerTypeOf, left, right, ...at, integer(setting.offset))
    : call('compareAt', integerTypeOf, left, right, ...at)
}

/**
 * Two moments that are in the order of two times, where it is known that both say all that is compared: nothing of them is
 * uncertain then.
 */
function comparable(
  left: Expr,
  right: Expr,
  setting: Setting,
  precision?: Precision,
): readonly [Expr, Expr] | undefined {
  if (isNothing(left) || isNothing(right)) return undefined
  const [ours, theirs] = [factsOf(left), factsOf(right)]
  const least = Math.min(ours.least ?? 0, theirs.least ?? 0)
  const most = Math.max(ours.most ?? 7, theirs.most ?? 7)
  // Seconds and milliseconds are one decimal; spans that are equally long and start on whole days do not overlap.
  if (precision === undefined ? least < 6 && (least !== most || least > 3 || least === 0) : least < precision + 1)
    return undefined
  const onClock = systemName(left.type) === 'DateTime' && least > 3 && (precision === undefined || precision >= 3)
  const moments = [left, right].map((point) => {
    const { offset, most: finest = 7 } = factsOf(point)
    if (onClock && offset !== 'always') return undefined
    const moment = onClock ? onOneClock(point, setting) : firstMoment(point)
    const isCut = precision === undefined || (finest === precision + 1 && !onClock)
    return isCut ? moment : call('momentAt', momentTypeOf, moment, constant(unitNames[precision], textTypeOf))
  })
  const [first, second] = moments
  return first === undefined || second === undefined ? undefined : [first, second]
}

/**
 * Of times that all say equally much, a moment that stands for each: of two the first moment is the earlier one's, and of
 * equal ones it is the same. With `alike` milliseconds and seconds say equally much, as equality has it. Else undefined.
 */
export function momentOf(point: Expr, setting: Setting, alike?: 'alike'): Expr | undefined {
  const { least = 0, most = 7, offset } = factsOf(point)
  if (least === 0 || (least !== most && (alike === undefined || least < 6))) return undefined
  if (systemName(point.type) !== 'DateTime' || most < 4 || offset === 'never') return firstMoment(point)
  return offset === 'always' ? onOneClock(point, setting) : undefined
}

const firstMoment = (point: Expr): Expr =>
  point.kind === 'const' ? call('moment', momentTypeOf, point) : field(point, 'lo', momentTypeOf)

/** The first moment of a time that has an offset, on the clock of the evaluation. */
function onOneClock(point: Expr, { offset: now }: Setting): Expr {
  const first = firstMoment(point)
  if (point.kind === 'const' && point.value instanceof CqlDateTime && point.value.offset === now) return first
  const own = point.kind === 'call' && point.template === 'temporalOf' ? point.args[1] : undefined
  return call('momentOnClock', momentTypeOf, first, integer(now), own ?? offset(point))
}

const isNothing = (value: Expr): boolean => value.kind === 'const' && value.value === null
const value = (quantity: Expr) => field(quantity, 'value', decimalTypeOf)
const unit = (quantity: Expr) => field(quantity, 'unit', textTypeOf)

function orderOfQuantities(left: Expr, right: Expr): Expr {
  return call('signOf', integerTypeOf, value(left), inUnit(right, unit(left)))
}

/** The magnitude of a quantity in another unit; null where the two cannot be compared. */
export function inUnit(quantity: Expr, wanted: Expr): Expr {
  return convertedBy('convertUnit', value(quantity), unit(quantity), wanted)
}

/** A magnitude in another unit; of units that the program does not know, the person is evaluated by closures. */
export function convertedBy(
  template: 'convertUnit' | 'convertUnitLoosely',
  magnitude: Expr,
  from: Expr,
  to: Expr,
): Expr {
  const converted = call(template, decimalTypeOf, magnitude, from, to)
  const known = from.kind === 'const' && to.kind === 'const'
  return known
    ? converted
    : guard(
        converted,
        test('isUnknownPair', from, to),
        irregularBy('units that the data and the logic do not have in common'),
      )
}

const orderIs = (
  comparison: 'less' | 'lessOrEqual' | 'equals',
  left: Expr,
  right: Expr,
  setting: Setting,
  precision?: Precision,
) => {
  const plain = !isTemporal(left.type) && systemName(left.type) !== 'Quantity'
  const moments = isTemporal(left.type) ? comparable(left, right, setting, precision) : undefined
  if (moments !== undefined) return test(comparison, ...moments)
  return plain ? test(comparison, left, right) : test(comparison, order(left, right, setting, precision), integer(0))
}

/** Three-valued `left < right`; an uncertain side answers only where all its values agree. */
export function less(left: Expr, right: Expr, setting: Setting, precision?: Precision): Expr {
  if (!isUncertain(left) && !isUncertain(right)) return orderIs('less', left, right, setting, precision)
  const surely = orderIs('less', highest(left), lowest(right), setting, precision)
  const never = orderIs('lessOrEqual', highest(right), lowest(left), setting, precision)
  return choose(surely.type, [
    [surely, truth(true)],
    [never, truth(false)],
  ])
}

/** Three-valued `left <= right`. */
export function lessOrEqual(left: Expr, right: Expr, setting: Setting, precision?: Precision): Expr {
  if (!isUncertain(left) && !isUncertain(right)) return orderIs('lessOrEqual', left, right, setting, precision)
  return not(less(right, left, setting, precision))
}

/** Three-valued equality of two points at a precision. */
export function samePoint(left: Expr, right: Expr, setting: Setting, precision?: Precision): Expr {
  if (!isUncertain(left) && !isUncertain(right)) return orderIs('equals', left, right, setting, precision)
  return test('and', lessOrEqual(left, right, setting, precision), lessOrEqual(right, left, setting, precision))
}

/** The least or greatest value of a point type; a null where the type has none. Of quantities, in a given unit. */
export function extreme(side: 'least' | 'greatest', type: CoreType, likeUnit?: Expr): Expr {
  const name = systemName(type)
  if (name === undefined) return nothing(type)
  const found = (side === 'least' ? leastOf : greatestOf)(name as PointType)
  if (name !== 'Quantity' || found === null) return constant(found, type)
  const bare = constant(found, type)
  const magnitude = constant((found as unknown as { value: never }).value, decimalTypeOf)
  return likeUnit === undefined ? bare : pack(type, { value: magnitude, unit: likeUnit })
}

/** The next value of the type, one unit of its precision on (step 1) or back (-1). A fault past the range. */
export function neighbour(point: Expr, step: 1 | -1): Expr {
  if (point.kind === 'const' && point.value === null) return point
  if (isUncertain(point)) return between(neighbour(lowest(point), step), neighbour(highest(point), step))
  const name = systemName(point.type)
  if (isTemporal(point.type)) return neighbourOfTemporal(point, step)
  if (name === 'Quantity')
    return unlessNull([point], pack(point.type, { value: neighbour(value(point), step), unit: unit(point) }))
  const by = name === 'Decimal' ? stepOfDecimal : constant(name === 'Long' ? 1n : 1, point.type)
  const template = additive[`${name ?? ''}${step}`]
  // What a value of several types is, only closures see.
  if (template === undefined)
    return guard(
      nothing(point.type),
      isNotNull(point),
      name === undefined || name === 'Any' ? irregularBy('value of several types') : 'no-neighbour',
    )
  const moved = call(template, point.type, point, by)
  return guard(moved, test('and', isNotNull(point), test('isNull', moved)), 'beyond-range')
}

/** 10^-8, the step between decimals. */
const stepOfDecimal = constant(new Decimal(1n, 8), decimalTypeOf)

const additive: Readonly<
  Record<string, 'addInteger' | 'subtractInteger' | 'addLong' | 'subtractLong' | 'addDecimal' | 'subtractDecimal'>
> = {
  Integer1: 'addInteger',
  'Integer-1': 'subtractInteger',
  Long1: 'addLong',
  'Long-1': 'subtractLong',
  Decimal1: 'addDecimal',
  'Decimal-1': 'subtractDecimal',
}

const lo = (point: Expr) => field(point, 'lo', momentTypeOf)
const hi = (point: Expr) => field(point, 'hi', momentTypeOf)
const offset = (point: Expr) => field(point, 'offset_min', integerTypeOf)
const precisionOf = (point: Expr) => field(point, 'precision', integerTypeOf)

/** A date, time or DateTime from its first moment; null where that is. */
export function temporalOf(type: CoreType, first: Expr, like: Expr, precision: Expr = precisionOf(like)): Expr {
  return call('temporalOf', type, first, offset(like), precision)
}

function neighbourOfTemporal(point: Expr, step: 1 | -1): Expr {
  const first =
    step === 1
      ? call('nextMoment', momentTypeOf, hi(point))
      : call('floorTo', momentTypeOf, call('momentBefore', momentTypeOf, lo(point)), precisionOf(point))
  const beyond = test(systemName(point.type) === 'Time' ? 'outOfDay' : 'outOfCalendar', first)
  return guard(temporalOf(point.type, first, point), beyond, 'beyond-range')
}

/** The larger (`wanted` 1) or smaller of two points; where that is open, every value that it may have. */
export function extremeOf(left: Expr, right: Expr, setting: Setting, wanted: 1 | -1): Expr {
  const before = lessOrEqual(left, right, setting)
  const [whenTrue, whenFalse] = wanted === 1 ? [right, left] : [left, right]
  if (!isUncertain(left) && !isUncertain(right))
    return choose(left.type, [
      [before, whenTrue],
      [not(before), whenFalse],
    ])
  const pick = (a: Expr, b: Expr) => {
    const over = wanted === 1 ? lessOrEqual(b, a, setting) : lessOrEqual(a, b, setting)
    return choose(a.type, [[over, a]], b)
  }
  return between(pick(lowest(left), lowest(right)), pick(highest(left), highest(right)))
}
