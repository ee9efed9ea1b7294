import {
  CqlDate,
  CqlDateTime,
  Decimal,
  endOf,
  Interval,
  isList,
  kindOf,
  parseDecimal,
  Quantity,
  startOf,
  type Temporal,
  Tuple,
  Uncertain,
  type Value,
} from '../../core/index.ts'

/**
 * Are two results not distinct? Numbers to 10^-8, whatever their type; DateTimes as instants of one precision;
 * intervals by their first and last point; an uncertain value as the interval that it lies in; nulls alike.
 */
export function sameResult(expected: Value, actual: Value): boolean {
  if (expected === null || actual === null) return expected === actual
  const [a, b] = [unitsOf(expected), unitsOf(actual)]
  if (a !== undefined && b !== undefined) return a === b
  if (isList(expected) && isList(actual)) return sameLists(expected, actual)
  if (expected instanceof Interval) return sameIntervals(expected, actual)
  if (expected instanceof Tuple && actual instanceof Tuple) return sameTuples(expected, actual)
  if (expected instanceof Quantity && actual instanceof Quantity)
    return sameResult(expected.value, actual.value) && expected.unit === actual.unit
  // The suite writes a DateTime without a time as a Date where the context makes it one.
  if (expected instanceof CqlDate && actual instanceof CqlDateTime) return sameInstants(expected, actual)
  if (kindOf(expected) !== kindOf(actual)) return false
  return isTemporal(expected) && isTemporal(actual) ? sameInstants(expected, actual) : expected === actual
}

/** A number of any type in units of 10^-8. */
function unitsOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return parseDecimal(String(value))?.units
  return value instanceof Decimal ? value.units : undefined
}

function sameLists(expected: readonly Value[], actual: readonly Value[]): boolean {
  return expected.length === actual.length && expected.every((item, index) => sameResult(item, actual[index] ?? null))
}

function sameIntervals(expected: Interval, actual: Value): boolean {
  if (actual instanceof Uncertain)
    return sameResult(startOf(expected), actual.low) && sameResult(endOf(expected), actual.high)
  if (!(actual instanceof Interval)) return false
  return sameResult(startOf(expected), startOf(actual)) && sameResult(endOf(expected), endOf(actual))
}

function sameTuples(expected: Tuple, actual: Tuple): boolean {
  const names = [...new Set([...expected.fields.keys(), ...actual.fields.keys()])]
  return names.every((name) => sameResult(expected.fields.get(name) ?? null, actual.fields.get(name) ?? null))
}

function isTemporal(value: Value): value is Temporal {
  return ['date', 'datetime', 'time'].includes(kindOf(value))
}

function instantOf(value: Temporal): number {
  return value.wall - (value.kind === 'datetime' && value.precision >= 3 ? value.offset * 60_000 : 0)
}

function sameInstants(expected: Temporal, actual: Temporal): boolean {
  return expected.precision === actual.precision && instantOf(expected) === instantOf(actual)
}
