import { civilOfDays, dayMs, daysInMonth, daysOfCivil } from './calendar.ts'
import { numberOf, truncateDecimal } from './decimal.ts'
import type { Environment } from './environment.ts'
import { runFault } from './run-fault.ts'
import {
  atOffset,
  type CqlDateTime,
  ceilWall,
  finestPrecision,
  floorWall,
  type Precision,
  type Temporal,
  temporalFields,
  wallInRange,
  withWall,
} from './temporal.ts'
import { calendarUnit } from './unit.ts'
import { type Quantity, Uncertain, type Value } from './value.ts'

/** What is counted between two points: a field, or weeks. */
export interface Span {
  readonly precision: Precision
  readonly weeks: boolean
}

/** Whole periods that pass between two points; uncertain where a field that matters is not known. */
export function durationBetween(left: Temporal, right: Temporal, span: Span, env: Environment): Value {
  const [a, b] = sameClock(left, right, span.precision, env)
  // Years and months between dates turn on the day: down to it every missing field counts.
  const needed = (left.kind === 'time' ? span.precision : Math.max(span.precision, 2)) as Precision
  return between(a, b, needed, (from, to) => wholePeriods(from, to, span))
}

/** Boundaries of the field that are crossed between two points; uncertain where the field is not known. */
export function differenceBetween(left: Temporal, right: Temporal, span: Span, env: Environment): Value {
  const [a, b] = span.precision < 3 ? [left, right] : sameClock(left, right, span.precision, env)
  return between(a, b, span.precision, (from, to) => crossings(from, to, span))
}

function sameClock(
  left: Temporal,
  right: Temporal,
  precision: Precision,
  env: Environment,
): readonly [Temporal, Temporal] {
  if (left.kind !== 'datetime' || right.kind !== 'datetime') return [left, right]
  if (precision < 3 && left.offset === right.offset) return [left, right]
  return [atOffset(left, env.now.offset), atOffset(right, env.now.offset)]
}

function between(a: Temporal, b: Temporal, needed: Precision, count: (from: number, to: number) => number): Value {
  if (a.precision >= needed && b.precision >= needed) {
    const common = Math.min(a.precision, b.precision) as Precision
    return count(floorWall(a.wall, common), floorWall(b.wall, common))
  }
  const finest = a.kind === 'date' && b.kind === 'date' ? 2 : 6
  const last = (value: Temporal) => floorWall(ceilWall(value.wall, value.precision), finest)
  const low = count(last(a), b.wall)
  const high = count(a.wall, last(b))
  return low === high ? low : new Uncertain(low, high)
}

const spanMs = [0, 0, dayMs, 3_600_000, 60_000, 1000, 1] as const

function wholePeriods(from: number, to: number, span: Span): number {
  if (span.weeks) return Math.trunc((to - from) / (7 * dayMs)) + 0
  if (span.precision >= 2) return Math.trunc((to - from) / spanMs[span.precision]) + 0
  const months = wholeMonths(from, to)
  return span.precision === 1 ? months : Math.trunc(months / 12) + 0
}

/** Months from one wall time to another: each ends on the same day and time, or the day after where there is none. */
function wholeMonths(from: number, to: number): number {
  if (to < from) return -wholeMonths(to, from) + 0
  const a = civilOfDays(Math.floor(from / dayMs))
  const b = civilOfDays(Math.floor(to / dayMs))
  const months = (b.year - a.year) * 12 + b.month - a.month
  return sinceMonthBegan(to, b.day) < sinceMonthBegan(from, a.day) ? months - 1 : months
}

function sinceMonthBegan(wall: number, day: number): number {
  return day * dayMs + wall - Math.floor(wall / dayMs) * dayMs
}

function crossings(from: number, to: number, span: Span): number {
  if (span.weeks) return Math.trunc((floorWall(to, 2) - floorWall(from, 2)) / (7 * dayMs)) + 0
  if (span.precision >= 2)
    return Math.round((floorWall(to, span.precision) - floorWall(from, span.precision)) / spanMs[span.precision])
  const a = civilOfDays(Math.floor(from / dayMs))
  const b = civilOfDays(Math.floor(to / dayMs))
  return span.precision === 0 ? b.year - a.year : (b.year - a.year) * 12 + b.month - a.month
}

/** A wall time some months on; a day that the month does not have becomes its last. */
function addMonths(wall: number, months: number): number {
  const days = Math.floor(wall / dayMs)
  const civil = civilOfDays(days)
  const index = civil.year * 12 + civil.month - 1 + months
  const year = Math.floor(index / 12)
  const month = index - year * 12 + 1
  return daysOfCivil(year, month, Math.min(civil.day, daysInMonth(year, month))) * dayMs + wall - days * dayMs
}

/** A unit of time: the field that it moves, and how many milliseconds or months one is. */
export interface TimeUnit {
  readonly field: Precision
  readonly months?: number
  readonly ms?: number
}

/** Units of time that may be added. */
const timeUnits = new Map<string, TimeUnit>([
  ['year', { field: 0, months: 12 }],
  ['a', { field: 0, months: 12 }],
  ['month', { field: 1, months: 1 }],
  ['mo', { field: 1, months: 1 }],
  ['week', { field: 2, ms: 7 * dayMs }],
  ['wk', { field: 2, ms: 7 * dayMs }],
  ['day', { field: 2, ms: dayMs }],
  ['d', { field: 2, ms: dayMs }],
  ['hour', { field: 3, ms: 3_600_000 }],
  ['h', { field: 3, ms: 3_600_000 }],
  ['minute', { field: 4, ms: 60_000 }],
  ['min', { field: 4, ms: 60_000 }],
  ['second', { field: 5, ms: 1000 }],
  ['s', { field: 5, ms: 1000 }],
  ['millisecond', { field: 6, ms: 1 }],
  ['ms', { field: 6, ms: 1 }],
])

/** A unit of time by name, calendar or UCUM; undefined where it is none. */
export function timeUnit(name: string): TimeUnit | undefined {
  return timeUnits.get(calendarUnit(name) ?? name)
}

/**
 * A date or time moved by a quantity of time (sign 1 on, -1 back). A quantity finer than the value's precision
 * is first made whole units of that precision (12 months or 365 days a year, 30 days a month), towards zero.
 * Null beyond the range; a fault for a unit that is none of time.
 */
export function addDuration<T extends Temporal>(value: T, quantity: Quantity, sign: 1 | -1): T | null {
  const unit = timeUnit(quantity.unit)
  if (unit === undefined)
    throw runFault('not-a-duration', `A quantity in "${quantity.unit}" cannot be added to a date or time.`)
  // Decimals count for seconds and below only.
  const amount = sign * (unit.field >= 5 ? numberOf(quantity.value) : Number(truncateDecimal(quantity.value)))
  const wall =
    unit.months === undefined
      ? moveByMs(value, Math.trunc(amount * (unit.ms ?? 0)), unit.field)
      : moveByMonths(value, amount * unit.months, unit.field)
  if (value.kind === 'time') return withWall(value, ((wall % dayMs) + dayMs) % dayMs)
  return wallInRange(value.kind, wall) ? withWall(value, wall) : null
}

function moveByMonths(value: Temporal, months: number, field: Precision): number {
  if (value.kind === 'time') throw runFault('not-a-duration', 'Years and months cannot be added to a time.')
  const whole = value.precision === 0 && field === 1 ? Math.trunc(months / 12) * 12 : months
  return addMonths(value.wall, whole)
}

function moveByMs(value: Temporal, ms: number, field: Precision): number {
  if (value.precision >= field || value.precision === finestPrecision(value.kind)) return floorMove(value, ms)
  if (value.precision >= 2) return floorMove(value, Math.trunc(ms / spanMs[value.precision]) * spanMs[value.precision])
  const days = Math.trunc(ms / dayMs)
  return addMonths(value.wall, value.precision === 0 ? Math.trunc(days / 365) * 12 : Math.trunc(days / 30))
}

function floorMove(value: Temporal, ms: number): number {
  return value.kind === 'date' ? value.wall + Math.trunc(ms / dayMs) * dayMs : value.wall + ms
}

const fieldNames = new Map<string, Precision>(temporalFields.map((name, index) => [name, index as Precision]))

/** The span of ELM's precision name (`Day`, `Week`); undefined where it is none. */
export function spanNamed(name: string): Span | undefined {
  if (name.toLowerCase() === 'week') return { precision: 2, weeks: true }
  const precision = fieldNames.get(name.toLowerCase())
  return precision === undefined ? undefined : { precision, weeks: false }
}

/** The date part. */
export function dateWall(value: CqlDateTime): readonly [number, Precision] {
  return [floorWall(value.wall, 2), Math.min(value.precision, 2) as Precision]
}
