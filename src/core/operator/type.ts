import { type Decimal, decimalOfInteger, formatDecimal, parseDecimal } from '../value/decimal.ts'
import { dateWall } from '../value/duration.ts'
import type { Environment } from '../value/environment.ts'
import { formatQuantity } from '../value/format.ts'
import { greatestInteger, greatestLong, leastInteger, leastLong } from '../value/point.ts'
import { CqlDate, CqlDateTime, type Temporal } from '../value/temporal.ts'
import { formatTemporal, parseDate, parseDateTime, parseTime } from '../value/temporal-text.ts'
import { calendarUnit, convertUnit } from '../value/unit.ts'
import { type Code, Concept, Quantity, Ratio, type Value } from '../value/value.ts'
import { type Call, type CallSite, type Operator, type Overload, overload, ownNulls, strict } from './operator.ts'

/** What a text says as a Boolean; null where it says none. */
function booleanOfText(text: string): boolean | null {
  const folded = text.toLowerCase()
  if (['true', 't', 'yes', 'y', '1'].includes(folded)) return true
  return ['false', 'f', 'no', 'n', '0'].includes(folded) ? false : null
}

function integerOfText(text: string): number | null {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= leastInteger && value <= greatestInteger ? value + 0 : null
}

function longOfText(text: string): bigint | null {
  if (!/^[+-]?\d+L?$/.test(text)) return null
  const value = BigInt(text.replace(/L$/, '').replace(/^\+/, ''))
  return value >= leastLong && value <= greatestLong ? value : null
}

/** `5.5 'cm'`, `5 days` or `5`; null where the text is no quantity. */
function quantityOfText(text: string): Quantity | null {
  const match = /^([+-]?\d+(?:\.\d+)?)\s*(?:'([^']*)'|([a-z]+))?$/.exec(text.trim())
  const value = match?.[1] === undefined ? undefined : parseDecimal(match[1])
  if (match === null || value === undefined || value === null) return null
  const calendar = match[3] === undefined ? undefined : calendarUnit(match[3])
  if (match[3] !== undefined && calendar === undefined) return null
  return new Quantity(value, match[2] ?? calendar ?? '1')
}

function ratioOfText(text: string): Ratio | null {
  const [above = '', below = '', ...rest] = text.split(':')
  const [numerator, denominator] = [quantityOfText(above), quantityOfText(below)]
  return numerator === null || denominator === null || rest.length > 0 ? null : new Ratio(numerator, denominator)
}

const dateTimeOfDate = (value: CqlDate, _: CallSite, env: Environment): CqlDateTime =>
  new CqlDateTime(value.wall, value.precision, env.now.offset)
const dateTimeOfText = (text: string, _: CallSite, env: Environment): Value =>
  parseDateTime(text, env.now.offset) ?? null
const dateOfText = (text: string): Value => parseDate(text) ?? null
const timeOfText = (text: string): Value => parseTime(text) ?? null
const decimalOfText = (text: string): Value => parseDecimal(text) ?? null
const same = (value: Value): Value => value

/** Conversions by what they give: each is also asked by `ConvertsTo`, which is true where it gives a value. */
const conversions: Readonly<Record<string, readonly Overload[]>> = {
  Boolean: [
    overload('(Boolean): Boolean', same),
    overload('(String): Boolean', booleanOfText),
    overload('(Integer): Boolean', (value: number) => (value === 1 ? true : value === 0 ? false : null)),
    overload('(Long): Boolean', (value: bigint) => (value === 1n ? true : value === 0n ? false : null)),
    overload('(Decimal): Boolean', (value: Decimal) => booleanOfText(formatDecimal(value).replace(/\.0+$/, ''))),
  ],
  Integer: [
    overload('(Integer): Integer', same),
    overload('(String): Integer', integerOfText),
    overload('(Boolean): Integer', (value: boolean) => (value ? 1 : 0)),
    overload('(Long): Integer', (value: bigint) => integerOfText(value.toString())),
  ],
  Long: [
    overload('(Long): Long', same),
    overload('(Integer): Long', (value: number) => BigInt(value)),
    overload('(String): Long', longOfText),
    overload('(Boolean): Long', (value: boolean) => (value ? 1n : 0n)),
  ],
  Decimal: [
    overload('(Decimal): Decimal', same),
    // A power with a negative exponent is a Decimal under an Integer's name: it passes as it is.
    overload('(Integer): Decimal', (value: number | Decimal) =>
      typeof value === 'number' ? decimalOfInteger(value) : value,
    ),
    overload('(Long): Decimal', (value: bigint) => decimalOfInteger(value)),
    overload('(String): Decimal', decimalOfText),
    overload('(Boolean): Decimal', (value: boolean) => decimalOfInteger(value ? 1 : 0)),
  ],
  Date: [
    overload('(Date): Date', same),
    overload('(DateTime): Date', (value: CqlDateTime) => new CqlDate(...dateWall(value))),
    overload('(String): Date', dateOfText),
  ],
  DateTime: [
    overload('(DateTime): DateTime', same),
    overload('(Date): DateTime', dateTimeOfDate),
    overload('(String): DateTime', dateTimeOfText),
  ],
  Time: [overload('(Time): Time', same), overload('(String): Time', timeOfText)],
  Quantity: [
    overload('(Quantity): Quantity', same),
    overload('(Decimal): Quantity', (value: Decimal) => new Quantity(value, '1')),
    overload('(Integer): Quantity', (value: number) => new Quantity(decimalOfInteger(value), '1')),
    overload('(Ratio): Quantity', (value: Ratio) => (value.denominator.unit === '1' ? value.numerator : null)),
    overload('(String): Quantity', quantityOfText),
  ],
  Ratio: [overload('(Ratio): Ratio', same), overload('(String): Ratio', ratioOfText)],
  String: [
    overload('(String): String', same),
    overload('(Boolean): String', String),
    overload('(Integer): String', String),
    overload('(Long): String', String),
    overload('(Decimal): String', (value: Decimal) => formatDecimal(value)),
    ...['Date', 'Time'].map((type) => overload(`(${type}): String`, (value: Temporal) => formatTemporal(value))),
    overload('(DateTime): String', (value: Temporal, _: CallSite, env: Environment) =>
      formatTemporal(value, value.kind === 'datetime' && value.offset !== env.now.offset),
    ),
    overload('(Quantity): String', formatQuantity),
    overload(
      '(Ratio): String',
      (value: Ratio) => `${formatQuantity(value.numerator)}:${formatQuantity(value.denominator)}`,
    ),
  ],
}

const converting = Object.entries(conversions).flatMap(([type, overloads]) => [
  strict('type', `To${type}`, overloads, { lifts: ['Long', 'Decimal', 'Quantity'].includes(type) }),
  strict(
    'type',
    `ConvertsTo${type}`,
    overloads.map((one) => asked(one)),
  ),
])

function asked(conversion: Overload): Overload {
  const { text, takes } = conversion.signature
  const converts: Call = (...inputs) => takes.length > 0 && conversion.call(...inputs) !== null
  return overload(text.replace(/: \w+$/, ': Boolean'), converts)
}

const toConcept = (code: Code): Concept => new Concept([code], code.display)

/** A quantity in another unit; null where the two cannot be compared. */
function convertQuantity(quantity: Quantity, unit: string): Quantity | null {
  const value = convertUnit(quantity.value, quantity.unit, unit)
  return value === null ? null : new Quantity(value, unit)
}

/** Conversions between types. https://cql.hl7.org/09-b-cqlreference.html#type-operators-1 */
export const typeOperators: readonly Operator[] = [
  ...converting,
  strict('type', 'ToConcept', [
    overload('(Code): Concept', toConcept),
    overload('(List<Code>): Concept', (codes: readonly Code[]) => new Concept(codes.filter((code) => code !== null))),
  ]),
  ownNulls('type', 'ToList', [overload('(T): List<T>', (value: Value) => (value === null ? [] : [value]))]),
  strict('type', 'ToChars', [overload('(String): List<String>', (text: string) => text.split(''))]),
  strict('type', 'ConvertQuantity', [overload('(Quantity, String): Quantity', convertQuantity)]),
  strict('type', 'CanConvertQuantity', [
    overload(
      '(Quantity, String): Boolean',
      (quantity: Quantity, unit: string) => convertQuantity(quantity, unit) !== null,
    ),
  ]),
]
