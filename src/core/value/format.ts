import { endOf, startOf } from './bounds.ts'
import { type Decimal, formatDecimal } from './decimal.ts'
import type { Temporal } from './temporal.ts'
import { formatTemporal } from './temporal-text.ts'
import { calendarUnit } from './unit.ts'
import {
  type Code,
  type Concept,
  type Instance,
  type Interval,
  kindOf,
  type Quantity,
  type Ratio,
  type Tuple,
  type Uncertain,
  type Value,
  type ValueKind,
  type Vocabulary,
} from './value.ts'

type Format = (value: never) => string

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const list = (values: readonly Value[]): string => values.map(formatValue).join(', ')

/** A quantity as CQL writes it: a calendar unit bare, another in quotes. */
export function formatQuantity(quantity: Quantity): string {
  const unit = calendarUnit(quantity.unit) === undefined ? `'${quantity.unit}'` : quantity.unit
  return `${formatDecimal(quantity.value, 0)} ${unit}`
}

const formats: Readonly<Record<ValueKind, Format>> = {
  null: () => 'null',
  boolean: String,
  integer: String,
  long: (value: bigint) => `${value}L`,
  string: quoted,
  decimal: (value: Decimal) => formatDecimal(value),
  date: (value: Temporal) => `@${formatTemporal(value)}`,
  datetime: (value: Temporal) => `@${formatTemporal(value)}${value.precision < 3 ? 'T' : ''}`,
  time: (value: Temporal) => `@T${formatTemporal(value)}`,
  quantity: formatQuantity,
  ratio: (value: Ratio) => `${formatQuantity(value.numerator)}:${formatQuantity(value.denominator)}`,
  code: (value: Code) => `Code { code: ${formatValue(value.code)}, system: ${formatValue(value.system)} }`,
  concept: (value: Concept) => `Concept { codes: {${list(value.codes)}} }`,
  valueset: (value: Vocabulary) => `ValueSet { id: ${quoted(value.id)} }`,
  codesystem: (value: Vocabulary) => `CodeSystem { id: ${quoted(value.id)} }`,
  interval: (value: Interval) => `Interval[${formatValue(startOf(value))}, ${formatValue(endOf(value))}]`,
  uncertain: (value: Uncertain) => `Interval[${formatValue(value.low)}, ${formatValue(value.high)}]`,
  tuple: (value: Tuple) =>
    `Tuple { ${[...value.fields].map(([name, field]) => `${name}: ${formatValue(field)}`).join(', ')} }`,
  instance: (value: Instance) => `${value.type}${value.rid === undefined ? '' : `#${value.rid}`}`,
  list: (value: readonly Value[]) => `{${list(value)}}`,
}

/** A value as CQL text, intervals in closed form; a resource by its type and key, never its content. */
export function formatValue(value: Value): string {
  return formats[kindOf(value)](value as never)
}
