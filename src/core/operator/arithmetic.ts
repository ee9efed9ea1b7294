import {
  addDecimals,
  ceilingDecimal,
  type Decimal,
  decimalOfInteger,
  decimalOfNumber,
  decimalOfUnits,
  divideDecimals,
  divideRounded,
  floorDecimal,
  multiplyDecimals,
  negateDecimal,
  numberOf,
  roundDecimal,
  subtractDecimals,
  truncateDecimal,
  unitsPerOne,
} from '../value/decimal.ts'
import {
  greatestInteger,
  greatestLong,
  greatestOf,
  leastInteger,
  leastLong,
  leastOf,
  predecessor,
  successor,
} from '../value/point.ts'
import { runFault } from '../value/run-fault.ts'
import { combineUnits } from '../value/unit.ts'
import { type PointType, Quantity, type Value } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'
import { addQuantities, perQuantity, remainderOfQuantities } from './quantity-arithmetic.ts'

/** What cannot be represented is null, not a wrapped number. */
const integer = (value: number): number | null => (value > greatestInteger || value < leastInteger ? null : value + 0)
const long = (value: bigint): bigint | null => (value > greatestLong || value < leastLong ? null : value)
const quantity = (value: Decimal | null, unit: string): Quantity | null =>
  value === null ? null : new Quantity(value, unit)
const integerOfWhole = (value: bigint): number | null => integer(Number(value))

const remainder = (left: Decimal, right: Decimal): Decimal | null =>
  right.units === 0n ? null : decimalOfUnits(left.units % right.units)
const wholeQuotient = (left: Decimal, right: Decimal): Decimal | null =>
  right.units === 0n ? null : decimalOfUnits((left.units / right.units) * unitsPerOne)

/** A logarithm of what has none is null for negatives, and a fault for zero, which has no finite answer. */
function naturalLog(value: Decimal): Value {
  if (value.units === 0n) throw runFault('no-logarithm', 'The logarithm of 0 has no value.')
  return value.units < 0n ? null : decimalOfNumber(Math.log(numberOf(value)))
}

function exponential(value: Decimal): Value {
  const result = decimalOfNumber(Math.exp(numberOf(value)))
  if (result === null) throw runFault('beyond-range', 'The exponential lies beyond the range of a Decimal.')
  return result
}

function logarithm(value: Decimal, base: Decimal): Value {
  if (value.units <= 0n || base.units <= 0n || base.units === unitsPerOne) return null
  return decimalOfNumber(Math.log(numberOf(value)) / Math.log(numberOf(base)))
}

/** A power that is no whole number is none of an Integer. Where the exponent is written as negative, it is one of decimals. */
function powerOfInteger(base: number, exponent: number): Value {
  const result = base ** exponent
  return Number.isInteger(result) ? integer(result) : null
}

function powerOfLong(base: bigint, exponent: bigint): Value {
  if (exponent < 0n) return base === 1n || base === -1n ? base ** (-exponent % 2n) : null
  if (exponent > 64n && base !== 0n && base !== 1n && base !== -1n) return null
  return long(base ** exponent)
}

/** Exact for small whole exponents, rounded once; the nearest decimal otherwise. */
function powerOfDecimal(base: Decimal, exponent: Decimal): Value {
  const whole = exponent.units % unitsPerOne === 0n ? exponent.units / unitsPerOne : undefined
  if (whole === undefined || whole < 0n || whole > 64n) return decimalOfNumber(numberOf(base) ** numberOf(exponent))
  if (whole === 0n) return decimalOfInteger(1)
  return decimalOfUnits(divideRounded(base.units ** whole, unitsPerOne ** (whole - 1n)))
}

/** https://cql.hl7.org/09-b-cqlreference.html#arithmetic-operators-4 */
export const arithmeticOperators: readonly Operator[] = [
  strict('arithmetic', 'Abs', [
    overload('(Integer): Integer', (value: number) => integer(Math.abs(value))),
    overload('(Long): Long', (value: bigint) => long(value < 0n ? -value : value)),
    overload('(Decimal): Decimal', (value: Decimal) => (value.units < 0n ? negateDecimal(value) : value)),
    overload('(Quantity): Quantity', (value: Quantity) =>
      value.value.units < 0n ? new Quantity(negateDecimal(value.value), value.unit) : value,
    ),
  ]),
  strict(
    'arithmetic',
    'Add',
    [
      overload('(Integer, Integer): Integer', (left: number, right: number) => integer(left + right)),
      overload('(Long, Long): Long', (left: bigint, right: bigint) => long(left + right)),
      overload('(Decimal, Decimal): Decimal', addDecimals),
      overload('(Quantity, Quantity): Quantity', (left: Quantity, right: Quantity) => addQuantities(left, right, 1)),
    ],
    { lifts: true },
  ),
  strict(
    'arithmetic',
    'Subtract',
    [
      overload('(Integer, Integer): Integer', (left: number, right: number) => integer(left - right)),
      overload('(Long, Long): Long', (left: bigint, right: bigint) => long(left - right)),
      overload('(Decimal, Decimal): Decimal', subtractDecimals),
      overload('(Quantity, Quantity): Quantity', (left: Quantity, right: Quantity) => addQuantities(left, right, -1)),
    ],
    { lifts: true },
  ),
  strict(
    'arithmetic',
    'Multiply',
    [
      overload('(Integer, Integer): Integer', (left: number, right: number) => integer(left * right)),
      overload('(Long, Long): Long', (left: bigint, right: bigint) => long(left * right)),
      overload('(Decimal, Decimal): Decimal', multiplyDecimals),
      overload('(Quantity, Quantity): Quantity', (left: Quantity, right: Quantity) =>
        quantity(multiplyDecimals(left.value, right.value), combineUnits(left.unit, right.unit, 1)),
      ),
    ],
    { lifts: true },
  ),
  strict('arithmetic', 'Divide', [
    overload('(Decimal, Decimal): Decimal', divideDecimals),
    overload('(Quantity, Quantity): Quantity', perQuantity),
  ]),
  strict('arithmetic', 'TruncatedDivide', [
    overload('(Integer, Integer): Integer', (left: number, right: number) =>
      right === 0 ? null : integer(Math.trunc(left / right)),
    ),
    overload('(Long, Long): Long', (left: bigint, right: bigint) => (right === 0n ? null : long(left / right))),
    overload('(Decimal, Decimal): Decimal', wholeQuotient),
    overload('(Quantity, Quantity): Quantity', (left: Quantity, right: Quantity) =>
      remainderOfQuantities(left, right, wholeQuotient),
    ),
  ]),
  strict('arithmetic', 'Modulo', [
    overload('(Integer, Integer): Integer', (left: number, right: number) => (right === 0 ? null : (left % right) + 0)),
    overload('(Long, Long): Long', (left: bigint, right: bigint) => (right === 0n ? null : left % right)),
    overload('(Decimal, Decimal): Decimal', remainder),
    overload('(Quantity, Quantity): Quantity', (left: Quantity, right: Quantity) =>
      remainderOfQuantities(left, right, remainder),
    ),
  ]),
  strict(
    'arithmetic',
    'Negate',
    [
      overload('(Integer): Integer', (value: number) => integer(0 - value)),
      overload('(Long): Long', (value: bigint) => long(-value)),
      overload('(Decimal): Decimal', negateDecimal),
      overload('(Quantity): Quantity', (value: Quantity) => new Quantity(negateDecimal(value.value), value.unit)),
    ],
    { lifts: true },
  ),
  strict('arithmetic', 'Ceiling', [
    overload('(Decimal): Integer', (value: Decimal) => integerOfWhole(ceilingDecimal(value))),
  ]),
  strict('arithmetic', 'Floor', [
    overload('(Decimal): Integer', (value: Decimal) => integerOfWhole(floorDecimal(value))),
  ]),
  strict('arithmetic', 'Truncate', [
    overload('(Decimal): Integer', (value: Decimal) => integerOfWhole(truncateDecimal(value))),
  ]),
  ownNulls(
    'arithmetic',
    'Round',
    [
      overload('(Decimal, Integer): Decimal', (value: Decimal | null, places: number | null) =>
        value === null ? null : roundDecimal(value, places ?? 0),
      ),
    ],
    { fields: ['operand', 'precision'] },
  ),
  strict('arithmetic', 'Ln', [overload('(Decimal): Decimal', naturalLog)]),
  strict('arithmetic', 'Exp', [overload('(Decimal): Decimal', exponential)]),
  strict('arithmetic', 'Log', [overload('(Decimal, Decimal): Decimal', logarithm)]),
  strict('arithmetic', 'Power', [
    overload('(Integer, Integer): Integer', powerOfInteger),
    overload('(Long, Long): Long', powerOfLong),
    overload('(Decimal, Decimal): Decimal', powerOfDecimal),
  ]),
  strict('arithmetic', 'Successor', [overload('(T): T', successor)]),
  strict('arithmetic', 'Predecessor', [overload('(T): T', predecessor)]),
  ownNulls('arithmetic', 'MinValue', [overload('(): Any', (site: CallSite) => extreme(site, leastOf))], { fields: [] }),
  ownNulls('arithmetic', 'MaxValue', [overload('(): Any', (site: CallSite) => extreme(site, greatestOf))], {
    fields: [],
  }),
]

function extreme(site: CallSite, of: (type: PointType) => Value): Value {
  const value = site.type.kind === 'system' ? of(site.type.name as PointType) : null
  if (value === null) throw runFault('no-extreme', 'This type has no least or greatest value.')
  return value
}
