import { fault } from '../../base/index.ts'
import {
  Code,
  Concept,
  type CoreType,
  CqlDate,
  CqlDateTime,
  CqlTime,
  type Decimal,
  formatType,
  Interval,
  type PointType,
  parseDecimal,
  Quantity,
  Ratio,
  Tuple,
  Uncertain,
  type Value,
  Vocabulary,
} from '../../core/index.ts'
import { choiceField, choiceTag } from '../../plan/index.ts'

type Row = Readonly<Record<string, unknown>>

/** A value as DuckDB gives it in JSON form, as CQL's of a type. */
export function decode(raw: unknown, type: CoreType): Value {
  if (raw === null || raw === undefined) return null
  switch (type.kind) {
    case 'list':
      return (raw as readonly unknown[]).map((item) => decode(item, type.of))
    case 'uncertain':
      return decodeUncertain(raw as Row, type.of)
    case 'interval':
      return decodeInterval(raw as Row, type.of)
    case 'tuple':
      return new Tuple(new Map(type.elements.map((one) => [one.name, decode((raw as Row)[one.name], one.type)])))
    case 'choice':
      return decodeChoice(raw as Row, type)
    case 'system':
      return systemDecoders[type.name]?.(raw as never) ?? null
    case 'class':
      throw fault('bug', 'compile/no-value', `A ${formatType(type)} is no value of a result.`)
  }
}

const systemDecoders: Readonly<Record<string, (raw: never) => Value>> = {
  Boolean: (raw: boolean) => raw,
  Integer: (raw: number | string) => Number(raw),
  Long: (raw: number | string) => BigInt(raw),
  Decimal: decimalOf,
  String: (raw: string) => raw,
  Date: (raw: Row) => new CqlDate(wallOf(raw['lo']), precisionOf(raw)),
  DateTime: (raw: Row) => new CqlDateTime(wallOf(raw['lo']), precisionOf(raw), Number(raw['offset_min'] ?? 0)),
  Time: (raw: Row) => new CqlTime(wallOf(raw['lo']), precisionOf(raw)),
  Quantity: (raw: Row) => new Quantity(decimalOf(raw['value']), String(raw['unit'])),
  Ratio: (raw: Row) => new Ratio(quantityOf(raw['numerator']), quantityOf(raw['denominator'])),
  Code: codeOf,
  Concept: (raw: Row) => new Concept((raw['codes'] as readonly Row[]).map(codeOf), textOf(raw['display'])),
  ValueSet: (raw: Row) => new Vocabulary('valueset', String(raw['id']), textOf(raw['version'])),
  CodeSystem: (raw: Row) => new Vocabulary('codesystem', String(raw['id']), textOf(raw['version'])),
}

const textOf = (raw: unknown): string | null => (typeof raw === 'string' ? raw : null)
const quantityOf = (raw: unknown): Quantity => decode(raw, { kind: 'system', name: 'Quantity' }) as Quantity

function codeOf(raw: Row): Code {
  return new Code(textOf(raw['code']), textOf(raw['system']), textOf(raw['version']), textOf(raw['display']))
}

function decimalOf(raw: unknown): Decimal {
  const text = String(raw).replace(/(\.\d+?)0+$/, '$1')
  return parseDecimal(text) as Decimal
}

/** Milliseconds of a wall clock since 1970; the text has no zone. */
function wallOf(raw: unknown): number {
  const match = /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(String(raw))
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1, 7).map(Number)
  const milliseconds = Number((match?.[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, milliseconds)
  return date.getTime()
}

function precisionOf(raw: Row) {
  return (Number(raw['precision']) - 1) as CqlDate['precision']
}

const pointTypes = new Set(['Integer', 'Long', 'Decimal', 'Date', 'DateTime', 'Time', 'Quantity'])

function decodeInterval(raw: Row, of: CoreType): Interval {
  const point = of.kind === 'uncertain' ? of.of : of
  const name = point.kind === 'system' && pointTypes.has(point.name) ? (point.name as PointType) : 'Any'
  return new Interval(
    decode(raw['low'], of),
    decode(raw['high'], of),
    raw['lowClosed'] === true,
    raw['highClosed'] === true,
    name,
  )
}

/** One value where both ends are the same. */
function decodeUncertain(raw: Row, of: CoreType): Value {
  if (JSON.stringify(raw['low']) === JSON.stringify(raw['high'])) return decode(raw['low'], of)
  return new Uncertain(decode(raw['low'], of), decode(raw['high'], of))
}

function decodeChoice(raw: Row, type: Extract<CoreType, { kind: 'choice' }>): Value {
  const chosen = type.of.find((one) => formatType(one) === raw[choiceTag])
  return chosen === undefined ? null : decode(raw[choiceField(chosen)], chosen)
}
