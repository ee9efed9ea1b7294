import { dayMs } from '../value/calendar.ts'
import { type Decimal, decimalOfUnits, numberOf } from '../value/decimal.ts'
import { addDuration, dateWall, differenceBetween, durationBetween } from '../value/duration.ts'
import type { Environment } from '../value/environment.ts'
import { runFault } from '../value/run-fault.ts'
import {
  CqlDate,
  CqlDateTime,
  CqlTime,
  fieldOf,
  type Precision,
  type Temporal,
  timeOfFields,
  wallOfFields,
} from '../value/temporal.ts'
import type { Quantity, Value } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'

const temporalTypes = ['Date', 'DateTime', 'Time']

/** The leading fields that are given; a fault where a field is given below one that is not. */
function given(fields: readonly (number | null)[]): number[] {
  const known = fields.findIndex((field) => field === null)
  const leading = known === -1 ? fields : fields.slice(0, known)
  if (fields.slice(leading.length).some((field) => field !== null))
    throw runFault('missing-field', 'A field of a date or time is given below one that is not.')
  return leading as number[]
}

function wallOrFault(wall: number | undefined): number {
  if (wall === undefined) throw runFault('invalid-date', 'A field of a date or time is out of range.')
  return wall
}

function makeDateTime(...inputs: readonly unknown[]): Value {
  const fields = inputs.slice(0, 7) as (number | null)[]
  const offset = inputs[7] as Decimal | null
  const env = inputs[9] as Environment
  const known = given(fields)
  if (known.length === 0) return null
  const minutes = offset === null ? env.now.offset : Math.round(numberOf(offset) * 60)
  return new CqlDateTime(wallOrFault(wallOfFields(known)), (known.length - 1) as Precision, minutes)
}

function makeDate(...inputs: readonly unknown[]): Value {
  const known = given(inputs.slice(0, 3) as (number | null)[])
  return known.length === 0 ? null : new CqlDate(wallOrFault(wallOfFields(known)), (known.length - 1) as Precision)
}

function makeTime(...inputs: readonly unknown[]): Value {
  const known = given(inputs.slice(0, 4) as (number | null)[])
  if (known.length === 0) return null
  const [hour = 0, minute = 0, second = 0, millisecond = 0] = known
  return new CqlTime(wallOrFault(timeOfFields(hour, minute, second, millisecond)), (known.length + 2) as Precision)
}

const spanOf = (site: CallSite) => ({ precision: site.precision ?? 6, weeks: site.weeks === true })

const between = (count: typeof durationBetween) =>
  temporalTypes.map((type) =>
    overload(
      `(${type}, ${type}): Uncertain<Integer>`,
      (left: Temporal, right: Temporal, site: CallSite, env: Environment) => count(left, right, spanOf(site), env),
    ),
  )

const ageAt = [
  overload('(Date, Date): Uncertain<Integer>', (birth: CqlDate, at: CqlDate, site: CallSite, env: Environment) =>
    durationBetween(birth, at, spanOf(site), env),
  ),
  overload(
    '(DateTime, DateTime): Uncertain<Integer>',
    (birth: CqlDateTime, at: CqlDateTime, site: CallSite, env: Environment) =>
      durationBetween(birth, at, spanOf(site), env),
  ),
]

const today = (env: Environment): CqlDate => new CqlDate(...dateWall(env.now))

/** https://cql.hl7.org/09-b-cqlreference.html#datetime-operators-2 */
export const datetimeOperators: readonly Operator[] = [
  strict(
    'datetime',
    'Add',
    temporalTypes.map((type) =>
      overload(`(${type}, Quantity): ${type}`, (value: Temporal, by: Quantity) => addDuration(value, by, 1)),
    ),
  ),
  strict(
    'datetime',
    'Subtract',
    temporalTypes.map((type) =>
      overload(`(${type}, Quantity): ${type}`, (value: Temporal, by: Quantity) => addDuration(value, by, -1)),
    ),
  ),
  ownNulls(
    'datetime',
    'DateTime',
    [overload('(Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal): DateTime', makeDateTime)],
    { fields: ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'timezoneOffset'] },
  ),
  ownNulls('datetime', 'Date', [overload('(Integer, Integer, Integer): Date', makeDate)], {
    fields: ['year', 'month', 'day'],
  }),
  ownNulls('datetime', 'Time', [overload('(Integer, Integer, Integer, Integer): Time', makeTime)], {
    fields: ['hour', 'minute', 'second', 'millisecond'],
  }),
  strict('datetime', 'DateFrom', [
    overload('(DateTime): Date', (value: CqlDateTime) => new CqlDate(...dateWall(value))),
    overload('(Date): Date', (value: CqlDate) => value),
  ]),
  strict('datetime', 'TimeFrom', [
    overload('(DateTime): Time', (value: CqlDateTime) =>
      value.precision < 3 ? null : new CqlTime(((value.wall % dayMs) + dayMs) % dayMs, value.precision),
    ),
  ]),
  strict('datetime', 'TimezoneOffsetFrom', [
    overload('(DateTime): Decimal', (value: CqlDateTime) =>
      decimalOfUnits((BigInt(value.offset) * 100_000_000n) / 60n),
    ),
  ]),
  strict(
    'datetime',
    'DateTimeComponentFrom',
    temporalTypes.map((type) =>
      overload(`(${type}): Integer`, (value: Temporal, site: CallSite) => fieldOf(value, site.precision ?? 6)),
    ),
  ),
  strict('datetime', 'DurationBetween', between(durationBetween)),
  strict('datetime', 'DifferenceBetween', between(differenceBetween)),
  strict('datetime', 'CalculateAgeAt', ageAt),
  strict('datetime', 'CalculateAge', [
    overload('(Date): Uncertain<Integer>', (birth: CqlDate, site: CallSite, env: Environment) =>
      durationBetween(birth, today(env), spanOf(site), env),
    ),
    overload('(DateTime): Uncertain<Integer>', (birth: CqlDateTime, site: CallSite, env: Environment) =>
      durationBetween(birth, env.now, spanOf(site), env),
    ),
  ]),
  ownNulls('datetime', 'Now', [overload('(): DateTime', (_: CallSite, env: Environment) => env.now)], { fields: [] }),
  ownNulls('datetime', 'Today', [overload('(): Date', (_: CallSite, env: Environment) => today(env))], { fields: [] }),
  ownNulls(
    'datetime',
    'TimeOfDay',
    [overload('(): Time', (_: CallSite, env: Environment) => new CqlTime(env.now.wall % dayMs, env.now.precision))],
    { fields: [] },
  ),
]
