import { compareValues } from './compare.ts'
import { type Environment } from './environment.ts'
import { greatestOf, leastOf, predecessor, successor } from './point.ts'
import { type Interval, kindOf, type Quantity, Quantity as QuantityValue, Uncertain, type Value } from './value.ts'

/**
 * The first point of an interval. A closed null low is the least of the type; an open one is unknown: any
 * point up to the end. Null only where the point type is not known.
 */
export function startOf(interval: Interval): Value {
  if (interval.low !== null) return interval.lowClosed ? interval.low : successor(interval.low)
  const least = likeUnit(leastOf(interval.pointType), interval.high)
  if (interval.lowClosed || least === null) return least
  return new Uncertain(least, interval.high === null ? greatestOf(interval.pointType) : highest(knownEnd(interval)))
}

/** The last point of an interval; see `startOf`. */
export function endOf(interval: Interval): Value {
  if (interval.high !== null) return knownEnd(interval)
  const greatest = likeUnit(greatestOf(interval.pointType), interval.low)
  if (interval.highClosed || greatest === null) return greatest
  return new Uncertain(interval.low === null ? leastOf(interval.pointType) : lowest(startOf(interval)), greatest)
}

function knownEnd(interval: Interval): Value {
  return interval.highClosed ? interval.high : predecessor(interval.high)
}

/** The extreme of quantities is in the unit of the other bound, so that the two compare. */
function likeUnit(extreme: Value, bound: Value): Value {
  if (kindOf(extreme) !== 'quantity') return extreme
  const other = kindOf(bound) === 'uncertain' ? (bound as Uncertain).low : bound
  return kindOf(other) === 'quantity'
    ? new QuantityValue((extreme as Quantity).value, (other as Quantity).unit)
    : extreme
}

/** The least value that a point may have. */
export function lowest(value: Value): Value {
  return kindOf(value) === 'uncertain' ? (value as Uncertain).low : value
}

/** The greatest value that a point may have. */
export function highest(value: Value): Value {
  return kindOf(value) === 'uncertain' ? (value as Uncertain).high : value
}

/** One value where both ends of an uncertain one are equal, else the uncertain value. */
export function settle(low: Value, high: Value, env: Environment): Value {
  return compareValues(low, high, env) === 0 ? low : new Uncertain(low, high)
}
