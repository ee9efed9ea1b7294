import type { CoreType } from '../../core/index.ts'
import {
  both,
  call,
  choose,
  constant,
  either,
  field,
  guard,
  integer,
  isNotNull,
  isNull,
  not,
  pack,
  test,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import {
  dateTimeTypeOf,
  dateTypeOf,
  decimalTypeOf,
  integerTypeOf,
  longTypeOf,
  momentTypeOf,
  systemName,
  textTypeOf,
  timeTypeOf,
  uncertainOf,
} from '../algebra/types.ts'
import { type Setting, temporalOf } from '../formula/point.ts'
import { unitNames } from '../formula/unit-name.ts'
import type { At, Formula, FormulaTable } from './formula.ts'

const temporal = ['Date', 'DateTime', 'Time']
const lo = (point: Expr) => field(point, 'lo', momentTypeOf)
const hi = (point: Expr) => field(point, 'hi', momentTypeOf)
const precision = (point: Expr) => field(point, 'precision', integerTypeOf)
const offset = (point: Expr) => field(point, 'offset_min', integerTypeOf)
const text = (value: string) => constant(value, textTypeOf)

/** A date or time moved by a quantity of time; null beyond the range, a fault for a unit that is none of time. */
const moved =
  (sign: 1 | -1): Formula =>
  (_, point, quantity) => {
    const [amount, unit] = [field(quantity, 'value', decimalTypeOf), field(quantity, 'unit', textTypeOf)]
    const isTime = systemName(point.type) === 'Time'
    const first = moment(point, amount, unit, sign)
    const result = isTime
      ? temporalOf(point.type, call('wrapDay', momentTypeOf, first), point)
      : choose(point.type, [[not(test('outOfCalendar', first)), temporalOf(point.type, first, point)]])
    const wrong = isTime ? either(test('isNoTimeUnit', unit), test('isMonthUnit', unit)) : test('isNoTimeUnit', unit)
    return guard(result, both(isNotNull(point), wrong), 'not-a-duration')
  }

/** The first moment of a moved point: by months, or by milliseconds made whole at the point's precision. */
function moment(point: Expr, amount: Expr, unit: Expr, sign: 1 | -1): Expr {
  const months = call('monthsOfUnit', integerTypeOf, unit)
  const finest = call('fieldOfUnit', integerTypeOf, unit)
  const whole = call('wholeAmount', decimalTypeOf, amount, finest, integer(sign))
  const milliseconds = call('wholeMilliseconds', longTypeOf, whole, call('millisecondsOfUnit', longTypeOf, unit))
  const kind = text(systemName(point.type) ?? '')
  return choose(
    momentTypeOf,
    [[isNotNull(months), call('moveMonths', momentTypeOf, lo(point), precision(point), whole, months)]],
    call('moveMilliseconds', momentTypeOf, lo(point), precision(point), kind, milliseconds, finest),
  )
}

/** Fields given up to the first that is not; a fault where one below it is, or where they are no date. */
function assemble(type: CoreType, fields: readonly Expr[], made: Expr, base: number): Expr {
  const gaps = fields.slice(1).map((one, index) => both(isNull(fields[index] ?? one), isNotNull(one)))
  const gap = gaps.reduce(either)
  const known = fields.map((one, index) => [isNull(one), integer(base + index - 1)] as const)
  const at = choose(integerTypeOf, known, integer(base + fields.length - 1))
  const first = fields[0] ?? made
  const point = call('temporalOf', type, made, constant(null, integerTypeOf), at)
  return guard(guard(point, both(isNotNull(first), isNull(made)), 'invalid-date'), gap, 'missing-field')
}

const makeDate: Formula = (_, ...fields) => assemble(dateTypeOf, fields, call('dateFields', momentTypeOf, ...fields), 1)
const makeTime: Formula = (_, ...fields) => assemble(timeTypeOf, fields, call('timeFields', momentTypeOf, ...fields), 4)
const makeDateTime: Formula = (at, ...operands) => {
  const [fields, hours] = [operands.slice(0, 7), operands[7]]
  const made = assemble(dateTimeTypeOf, fields, call('dateTimeFields', momentTypeOf, ...fields), 1)
  const minutes =
    hours === undefined ? integer(at.offset) : call('offsetMinutes', integerTypeOf, hours, integer(at.offset))
  return withOffset(made, minutes)
}

function withOffset(point: Expr, minutes: Expr): Expr {
  if (point.kind === 'guard') return { ...point, value: withOffset(point.value, minutes) }
  return point.kind === 'call' ? { ...point, args: point.args.with(1, minutes) } : point
}

const plain = (point: Expr) => ({ lo: lo(point), hi: hi(point), precision: precision(point) })
const cut = (moment: Expr, to: Expr) => call('floorTo', momentTypeOf, moment, to)

/** Both moments of two points on one clock: DateTimes are shifted to the evaluation's offset where hours count. */
function onOneClock(left: Expr, right: Expr, coarse: boolean, at: Setting) {
  const clock = (moment: Expr, point: Expr) =>
    call('clock', momentTypeOf, moment, offset(point), precision(point), integer(at.offset))
  const clocked = (point: Expr) => ({
    lo: clock(lo(point), point),
    hi: clock(hi(point), point),
    precision: precision(point),
  })
  if (systemName(left.type) !== 'DateTime') return [plain(left), plain(right)] as const
  if (!coarse) return [clocked(left), clocked(right)] as const
  const known = (point: Expr) => choose(integerTypeOf, [[isNotNull(offset(point)), offset(point)]], integer(at.offset))
  const alike = test('equals', known(left), known(right))
  const mixed = (point: Expr) => {
    const [a, b] = [clocked(point), plain(point)]
    return {
      lo: choose(momentTypeOf, [[alike, b.lo]], a.lo),
      hi: choose(momentTypeOf, [[alike, b.hi]], a.hi),
      precision: a.precision,
    }
  }
  return [mixed(left), mixed(right)] as const
}

type Clocked = ReturnType<typeof onOneClock>[number]

/** A count between two points: uncertain where a field that matters is not known. */
function count(kind: CoreType, a: Clocked, b: Clocked, needed: number, of: (from: Expr, to: Expr) => Expr): Expr {
  const exact = both(
    test('lessOrEqual', integer(needed), a.precision),
    test('lessOrEqual', integer(needed), b.precision),
  )
  const common = call('least', integerTypeOf, a.precision, b.precision)
  const finest = integer(systemName(kind) === 'Date' ? 3 : 7)
  const sure = of(cut(a.lo, common), cut(b.lo, common))
  const low = choose(integerTypeOf, [[exact, sure]], of(cut(a.hi, finest), b.lo))
  const high = choose(integerTypeOf, [[exact, sure]], of(a.lo, cut(b.hi, finest)))
  return unlessNull([low, high], pack(uncertainOf(integerTypeOf), { low, high }))
}

const unitAt = ({ site }: At) => text(site.weeks === true ? 'week' : unitNames[site.precision ?? 6])

const duration: Formula = (at, left, right) => {
  const asked = at.site.precision ?? 6
  const [a, b] = onOneClock(left, right, asked < 3, at)
  const needed = systemName(left.type) === 'Time' ? asked : Math.max(asked, 2)
  return count(left.type, a, b, needed + 1, (from, to) => periods(from, to, asked, at))
}

/** Whole periods of a field, by the calendar. */
function periods(from: Expr, to: Expr, asked: number, at: At): Expr {
  if (asked > 1) return call('periodsBetween', integerTypeOf, from, to, unitAt(at))
  const whole = call('monthsBetween', integerTypeOf, from, to)
  return asked === 1 ? whole : call('truncatedQuotient', integerTypeOf, whole, integer(12))
}

const difference: Formula = (at, left, right) => {
  const asked = at.site.precision ?? 6
  const [a, b] = asked < 3 ? [plain(left), plain(right)] : onOneClock(left, right, false, at)
  return count(left.type, a, b, asked + 1, (from, to) => call('boundariesBetween', integerTypeOf, from, to, unitAt(at)))
}

/** The date part of a DateTime. */
export function dateOf(point: Expr): Expr {
  const day = call('floorTo', momentTypeOf, lo(point), integer(3))
  const cut = call('least', integerTypeOf, precision(point), integer(3))
  return call('temporalOf', dateTypeOf, day, constant(null, integerTypeOf), cut)
}

const timeOf: Formula = (_, point) => {
  const made = call(
    'temporalOf',
    timeTypeOf,
    call('timeOfDay', momentTypeOf, lo(point)),
    constant(null, integerTypeOf),
    precision(point),
  )
  return choose(timeTypeOf, [[test('lessOrEqual', integer(4), precision(point)), made]])
}

const forTemporal = (name: string, rest: string, formula: Formula): FormulaTable =>
  Object.fromEntries(temporal.map((type) => [`${name}(${rest.replaceAll('P', type)}`, formula]))

export const datetimeFormulas: FormulaTable = {
  ...forTemporal('Add', 'P, Quantity): P', moved(1)),
  ...forTemporal('Subtract', 'P, Quantity): P', moved(-1)),
  'DateTime(Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal): DateTime': makeDateTime,
  'Date(Integer, Integer, Integer): Date': makeDate,
  'Time(Integer, Integer, Integer, Integer): Time': makeTime,
  'DateFrom(DateTime): Date': (_, point) => dateOf(point),
  'DateFrom(Date): Date': (_, point) => point,
  'TimeFrom(DateTime): Time': timeOf,
  'TimezoneOffsetFrom(DateTime): Decimal': (at, point) =>
    call('offsetHours', decimalTypeOf, lo(point), offset(point), integer(at.offset)),
  ...forTemporal('DateTimeComponentFrom', 'P): Integer', (at, point) =>
    call(
      'temporalField',
      integerTypeOf,
      lo(point),
      precision(point),
      text(unitNames[at.site.precision ?? 6]),
      integer((at.site.precision ?? 6) + 1),
    ),
  ),
  ...forTemporal('DurationBetween', 'P, P): Uncertain<Integer>', duration),
  ...forTemporal('DifferenceBetween', 'P, P): Uncertain<Integer>', difference),
  'CalculateAgeAt(Date, Date): Uncertain<Integer>': duration,
  'CalculateAgeAt(DateTime, DateTime): Uncertain<Integer>': duration,
  'CalculateAge(Date): Uncertain<Integer>': (at, birth) => duration(at, birth, dateOf(at.now), birth),
  'CalculateAge(DateTime): Uncertain<Integer>': (at, birth) => duration(at, birth, at.now, birth),
  'Now(): DateTime': ({ now }) => now,
  'Today(): Date': ({ now }) => dateOf(now),
  'TimeOfDay(): Time': (at) => timeOf(at, at.now, at.now, at.now),
}
