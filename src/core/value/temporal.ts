import { civilOfDays, dayMs, daysInMonth, daysOfCivil } from './calendar.ts'

/** Fields of a point in time, coarse to fine; a precision is an index into it. */
export const temporalFields = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
export type TemporalField = (typeof temporalFields)[number]
/** 0 year, 1 month, 2 day, 3 hour, 4 minute, 5 second, 6 millisecond: the finest field that is known. */
export type Precision = 0 | 1 | 2 | 3 | 4 | 5 | 6

/** A date; `wall` is the first millisecond (of a wall clock) of what is known. */
export class CqlDate {
  readonly kind = 'date'
  readonly wall: number
  readonly precision: Precision
  constructor(wall: number, precision: Precision) {
    this.wall = wall
    this.precision = precision
  }
}

/** A date with a time; `offset` is minutes east of UTC, `wall` the first millisecond on the local wall clock. */
export class CqlDateTime {
  readonly kind = 'datetime'
  readonly wall: number
  readonly precision: Precision
  readonly offset: number
  constructor(wall: number, precision: Precision, offset: number) {
    this.wall = wall
    this.precision = precision
    this.offset = offset
  }
}

/** A time of day; `wall` is milliseconds since midnight, precision 3 to 6. */
export class CqlTime {
  readonly kind = 'time'
  readonly wall: number
  readonly precision: Precision
  constructor(wall: number, precision: Precision) {
    this.wall = wall
    this.precision = precision
  }
}

export type Temporal = CqlDate | CqlDateTime | CqlTime

/** Wall-clock milliseconds of fields; absent ones at their least. Undefined where a field is out of range. */
export function wallOfFields(fields: readonly (number | undefined)[]): number | undefined {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = fields
  const start = wallOfDay(year, month, day)
  const time = timeOfFields(hour, minute, second, millisecond)
  return time === undefined || start === undefined ? undefined : start + time
}

/** The first wall-clock millisecond of a day; undefined where there is no such day. */
export function wallOfDay(year: number, month: number, day: number): number | undefined {
  const isThere = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  return isThere ? daysOfCivil(year, month, day) * dayMs : undefined
}

/** Milliseconds since midnight of time fields; undefined where one is out of range. */
export function timeOfFields(hour: number, minute: number, second: number, millisecond: number): number | undefined {
  const inRange = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
  if (!inRange || millisecond < 0 || millisecond > 999) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
}

const fieldMs = [0, 0, dayMs, 3_600_000, 60_000, 1000, 1] as const

/** The first wall-clock millisecond of the field of `precision` in which `wall` lies. */
export function floorWall(wall: number, precision: Precision): number {
  if (precision === 6) return wall
  if (precision >= 2) return Math.floor(wall / fieldMs[precision]) * fieldMs[precision]
  const { year, month } = civilOfDays(Math.floor(wall / dayMs))
  return daysOfCivil(year, precision === 0 ? 1 : month, 1) * dayMs
}

/** The last wall-clock millisecond of the field of `precision` in which `wall` lies. */
export function ceilWall(wall: number, precision: Precision): number {
  if (precision === 6) return wall
  if (precision >= 2) return floorWall(wall, precision) + fieldMs[precision] - 1
  const { year, month } = civilOfDays(Math.floor(wall / dayMs))
  const next = precision === 0 || month === 12 ? daysOfCivil(year + 1, 1, 1) : daysOfCivil(year, month + 1, 1)
  return next * dayMs - 1
}

/** One field of a value; null where the value is not so precise. */
export function fieldOf(value: Temporal, field: Precision): number | null {
  return field > value.precision ? null : fieldOfWall(value.wall, field)
}

/** One field of a wall-clock time. */
export function fieldOfWall(wall: number, field: Precision): number {
  if (field <= 2) {
    const civil = civilOfDays(Math.floor(wall / dayMs))
    return field === 0 ? civil.year : field === 1 ? civil.month : civil.day
  }
  const time = wall - Math.floor(wall / dayMs) * dayMs
  if (field === 6) return time % 1000
  const unit = fieldMs[field]
  return Math.floor(time / unit) % (field === 3 ? 24 : 60)
}

/** A value of the same kind (and offset) at another wall time and precision. */
export function withWall<T extends Temporal>(value: T, wall: number, precision: Precision = value.precision): T {
  const made =
    value.kind === 'date'
      ? new CqlDate(wall, precision)
      : value.kind === 'time'
        ? new CqlTime(wall, precision)
        : new CqlDateTime(wall, precision, value.offset)
  return made as T
}

/** The finest precision that a kind of value can have. */
export function finestPrecision(kind: Temporal['kind']): Precision {
  return kind === 'date' ? 2 : 6
}

/** The same instant on the wall clock of another offset; a value without an hour has no instant and stays. */
export function atOffset(value: CqlDateTime, offset: number): CqlDateTime {
  if (value.offset === offset || value.precision < 3) return value
  return new CqlDateTime(wallAt(value, offset), value.precision, offset)
}

/** The wall time of an instant on the clock of another offset; see `atOffset`. */
export function wallAt({ wall, offset: own }: CqlDateTime, offset: number): number {
  return own === offset ? wall : wall + (offset - own) * 60_000
}

const leastWall = daysOfCivil(1, 1, 1) * dayMs
const greatestWall = daysOfCivil(10_000, 1, 1) * dayMs - 1

/** True where a wall time of a kind lies in the range that CQL knows. */
export function wallInRange(kind: Temporal['kind'], wall: number): boolean {
  return kind === 'time' ? wall >= 0 && wall < dayMs : wall >= leastWall && wall <= greatestWall
}

export const leastDate: CqlDate = new CqlDate(leastWall, 2)
export const greatestDate: CqlDate = new CqlDate(floorWall(greatestWall, 2), 2)
export const leastTime: CqlTime = new CqlTime(0, 6)
export const greatestTime: CqlTime = new CqlTime(dayMs - 1, 6)
export const leastDateTime: CqlDateTime = new CqlDateTime(leastWall, 6, 0)
export const greatestDateTime: CqlDateTime = new CqlDateTime(greatestWall, 6, 0)
