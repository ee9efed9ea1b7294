import {
  type Code,
  type Concept,
  type Decimal,
  formatDecimal,
  formatTemporal,
  type Instance,
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

type Plain = (value: never) => unknown

const temporal: Plain = (value: Temporal) => formatTemporal(value)
const vocabulary: Plain = (value: Vocabulary) => ({ id: value.id, version: value.version })
const code = (value: Code) => ({ code: value.code, system: value.system, display: value.display })

const plain: Readonly<Partial<Record<ValueKind, Plain>>> = {
  long: (value: bigint) => Number(value),
  decimal: (value: Decimal) => Number(formatDecimal(value)),
  date: temporal,
  datetime: temporal,
  time: temporal,
  quantity: (value: Quantity) => ({ value: plainValue(value.value), unit: value.unit }),
  ratio: (value: Ratio) => ({ numerator: plainValue(value.numerator), denominator: plainValue(value.denominator) }),
  code,
  concept: (value: Concept) => ({ codes: value.codes.map(code), display: value.display }),
  valueset: vocabulary,
  codesystem: vocabulary,
  interval: (value: Interval) => ({
    low: plainValue(value.low),
    high: plainValue(value.high),
    lowClosed: value.lowClosed,
    highClosed: value.highClosed,
  }),
  uncertain: (value: Uncertain) => ({ low: plainValue(value.low), high: plainValue(value.high) }),
  tuple: (value: Tuple) => Object.fromEntries([...value.fields].map(([name, field]) => [name, plainValue(field)])),
  instance: (value: Instance) => value.data,
}

/** A value as JSON: numbers for numbers, ISO texts for dates and times, objects for structures, FHIR's own JSON. */
export function plainValue(value: Value): unknown {
  if (isList(value)) return value.map(plainValue)
  const convert = plain[kindOf(value)]
  return convert === undefined ? value : convert(value as never)
}
