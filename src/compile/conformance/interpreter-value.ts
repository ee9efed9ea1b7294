import {
  Code,
  Concept,
  CqlDate,
  CqlDateTime,
  CqlTime,
  type Decimal,
  Interval,
  type PointType,
  parseDecimal,
  Quantity,
  Ratio,
  Tuple,
  Uncertain,
  type Value,
} from '../../core/index.ts'

/** What the interpreter's values tell of themselves. */
type Shown = Readonly<Record<string, unknown>>

const fields = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const

/** A value of cql-execution as CQL's: it has one type of number, so a whole one is an Integer. */
export function valueOf(raw: unknown): Value {
  if (raw === null || raw === undefined) return null
  if (typeof raw === 'boolean' || typeof raw === 'string' || typeof raw === 'bigint') return raw
  if (typeof raw === 'number') return numberOf(raw)
  if (Array.isArray(raw)) return raw.map(valueOf)
  return structureOf(raw as Shown)
}

/** NaN and Infinity, which are no values of CQL, stay visible as texts: as a null they could pass for an answer. */
const numberOf = (raw: number): Value =>
  Number.isSafeInteger(raw) ? raw : Number.isFinite(raw) ? decimalOf(raw) : String(raw)
/** Places beyond the eighth are binary noise. */
const decimalOf = (raw: number): Decimal | null =>
  parseDecimal(Math.abs(raw) < 1e20 ? raw.toFixed(8) : BigInt(Math.trunc(raw)).toString()) ?? null

function structureOf(raw: Shown): Value {
  if (raw['isDateTime'] === true) return isTime(raw) ? new CqlTime(wallOf(raw, true), precisionOf(raw)) : momentOf(raw)
  if (raw['isDate'] === true) return new CqlDate(wallOf(raw, false), precisionOf(raw))
  if (raw['isInterval'] === true) return intervalOf(raw)
  if (raw['isUncertainty'] === true) return new Uncertain(valueOf(raw['low']), valueOf(raw['high']))
  if (raw['isQuantity'] === true) return quantityOf(raw)
  if (raw['isRatio'] === true)
    return new Ratio(quantityOf(raw['numerator'] as Shown), quantityOf(raw['denominator'] as Shown))
  if (raw['isCode'] === true) return codeOf(raw)
  if (raw['isConcept'] === true)
    return new Concept(((raw['codes'] ?? []) as readonly Shown[]).map(codeOf), textOf(raw['display'] ?? raw['text']))
  return new Tuple(new Map(Object.entries(raw).map(([name, value]) => [name, valueOf(value)])))
}

/** The interpreter keeps a Time as a DateTime of the year 0. */
const isTime = (raw: Shown): boolean => raw['year'] === 0

function precisionOf(raw: Shown): CqlDate['precision'] {
  const known = fields.findIndex((name) => raw[name] === null || raw[name] === undefined)
  return ((known === -1 ? fields.length : known) - 1) as CqlDate['precision']
}

function wallOf(raw: Shown, timeOnly: boolean): number {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = fields.map(
    (name, index) => {
      const value = raw[name]
      return typeof value === 'number' ? value : index < 3 ? 1 : 0
    },
  )
  const date = new Date(0)
  if (!timeOnly) date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, millisecond)
  return date.getTime()
}

function momentOf(raw: Shown): CqlDateTime {
  const hours = typeof raw['timezoneOffset'] === 'number' ? raw['timezoneOffset'] : 0
  return new CqlDateTime(wallOf(raw, false), precisionOf(raw), Math.round(hours * 60))
}

function quantityOf(raw: Shown): Quantity {
  return new Quantity(decimalOf(Number(raw['value'])) as Decimal, textOf(raw['unit']) ?? '1')
}

const textOf = (raw: unknown): string | null => (typeof raw === 'string' ? raw : null)
const codeOf = (raw: Shown): Code =>
  new Code(textOf(raw['code']), textOf(raw['system']), textOf(raw['version']), textOf(raw['display']))

function intervalOf(raw: Shown): Interval {
  const [low, high] = [valueOf(raw['low']), valueOf(raw['high'])]
  return new Interval(low, high, raw['lowClosed'] !== false, raw['highClosed'] !== false, pointTypeOf(low ?? high))
}

function pointTypeOf(value: Value): PointType {
  if (typeof value === 'number') return 'Integer'
  if (value instanceof CqlDate) return 'Date'
  if (value instanceof CqlDateTime) return 'DateTime'
  if (value instanceof CqlTime) return 'Time'
  if (value instanceof Quantity) return 'Quantity'
  return typeof value === 'object' && value !== null ? 'Decimal' : 'Any'
}
