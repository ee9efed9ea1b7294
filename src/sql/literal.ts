import { invariant } from '../base/index.ts'
import {
  type Code,
  type Concept,
  type CoreType,
  type Decimal,
  formatDecimal,
  type Interval,
  isList,
  kindOf,
  type Quantity,
  type Ratio,
  type Temporal,
  type Tuple,
  type Uncertain,
  type Value,
  type ValueKind,
  type Vocabulary,
} from '../core/index.ts'
import { textLiteral } from '../duck/index.ts'
import { sqlType } from './type-name.ts'

const parts = (fields: Readonly<Record<string, Value>>, types: Readonly<Record<string, CoreType>>): string =>
  `struct_pack(${Object.entries(fields)
    .map(([name, value]) => `"${name}" := ${literal(value, types[name] ?? stringType)}`)
    .join(', ')})`

const system = (name: 'String' | 'Decimal' | 'Quantity' | 'Code' | 'Boolean'): CoreType => ({ kind: 'system', name })
const stringType = system('String')
const ofCode = { code: stringType, system: stringType, version: stringType, display: stringType }

const pointOf = (type: CoreType): CoreType =>
  type.kind === 'interval' || type.kind === 'uncertain' || type.kind === 'list' ? type.of : type

type Print = (value: never, type: CoreType) => string

const printers: Readonly<Partial<Record<ValueKind, Print>>> = {
  boolean: String,
  integer: (value: number) => (value < 0 ? `CAST(${value} AS INTEGER)` : String(value)),
  long: (value: bigint) => `CAST('${value}' AS BIGINT)`,
  string: textLiteral,
  decimal: (value: Decimal) => `CAST('${formatDecimal(value)}' AS DECIMAL(38, 8))`,
  date: temporalLiteral,
  datetime: temporalLiteral,
  time: temporalLiteral,
  quantity: ({ value, unit }: Quantity) => parts({ value, unit }, { value: system('Decimal') }),
  ratio: ({ numerator, denominator }: Ratio) =>
    parts({ numerator, denominator }, { numerator: system('Quantity'), denominator: system('Quantity') }),
  code: ({ code, system: of, version, display }: Code) => parts({ code, system: of, version, display }, ofCode),
  concept: ({ codes, display }: Concept) => parts({ codes, display }, { codes: { kind: 'list', of: system('Code') } }),
  valueset: ({ id, version }: Vocabulary) => parts({ id, version }, {}),
  codesystem: ({ id, version }: Vocabulary) => parts({ id, version }, {}),
  interval: ({ low, high, lowClosed, highClosed }: Interval, type: CoreType) => {
    const [of, flag] = [pointOf(type), system('Boolean')]
    return parts({ low, high, lowClosed, highClosed }, { low: of, high: of, lowClosed: flag, highClosed: flag })
  },
  uncertain: ({ low, high }: Uncertain, type: CoreType) =>
    parts({ low, high }, { low: pointOf(type), high: pointOf(type) }),
  tuple: (value: Tuple, type: CoreType) =>
    parts(
      Object.fromEntries(value.fields),
      Object.fromEntries(type.kind === 'tuple' ? type.elements.map((one) => [one.name, one.type]) : []),
    ),
}

/** A value of CQL as a literal of DuckDB; null takes the type. */
export function literal(value: Value, type: CoreType): string {
  if (value === null) return `CAST(NULL AS ${sqlType(type)})`
  if (isList(value)) return listLiteral(value, type)
  const print = printers[kindOf(value)]
  invariant(print !== undefined, `a ${kindOf(value)} has a literal`)
  return print(value as never, type)
}

/** Lists of more codes than these are written as one text. */
const longList = 20

/** What long lists of codes are as one text: the same one stands in many places of a program. */
const longTexts = new WeakMap<object, string>()

function listLiteral(list: readonly Value[], type: CoreType): string {
  const codes = list.length > longList ? (longTexts.get(list) ?? codesAsJson(list)) : undefined
  if (codes === undefined)
    return `CAST([${list.map((item) => literal(item, pointOf(type))).join(', ')}] AS ${sqlType(type)})`
  longTexts.set(list, codes)
  const read = `from_json(${codes}, '[{"code":"VARCHAR","system":"VARCHAR","version":"VARCHAR","display":"VARCHAR"}]')`
  return `CAST(${read} AS ${sqlType(type)})`
}

/** Codes as one text: statements with thousands of structures written out took ten times as long. */
function codesAsJson(list: readonly Value[]): string | undefined {
  const codes = list.filter((item): item is Code => item !== null && kindOf(item) === 'code')
  if (codes.length < list.length) return undefined
  return textLiteral(
    JSON.stringify(codes.map(({ code, system: of, version, display }) => ({ code, system: of, version, display }))),
  )
}

const widths = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const

const finerMs = [3_600_000, 60_000, 1000, 1]

/** The last millisecond of what a date or time means. */
function lastMoment(value: Temporal): number {
  const date = new Date(value.wall)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const next = new Date(value.wall)
  switch (widths[value.precision]) {
    case 'year':
      next.setUTCFullYear(year + 1, 0, 1)
      break
    case 'month':
      next.setUTCFullYear(year, month + 1, 1)
      break
    case 'day':
      next.setUTCFullYear(year, month, day + 1)
      break
    default:
      return value.wall + (finerMs[value.precision - 3] ?? 1) - 1
  }
  return next.getTime() - 1
}

/** A wall-clock moment; years have four digits. */
const momentLiteral = (wall: number): string =>
  `TIMESTAMP '${new Date(wall).toISOString().slice(0, 23).replace('T', ' ')}'`

function temporalLiteral(value: Temporal): string {
  const { lo, hi, offset_min, precision } = partsOfMoment(value)
  return `struct_pack(lo := ${lo}, hi := ${hi}, offset_min := ${offset_min}, "precision" := ${precision})`
}

function partsOfMoment(value: Temporal) {
  const offset = value.kind === 'datetime' ? String(value.offset) : 'NULL'
  return {
    lo: momentLiteral(value.wall),
    hi: momentLiteral(lastMoment(value)),
    offset_min: `CAST(${offset} AS SMALLINT)`,
    precision: `CAST(${value.precision + 1} AS UTINYINT)`,
  }
}

/** The parts of a date or time as literals, by name; undefined for any other value. */
export function momentParts(value: Value): Readonly<Record<string, string>> | undefined {
  if (value === null || !['date', 'datetime', 'time'].includes(kindOf(value))) return undefined
  return partsOfMoment(value as Temporal)
}
