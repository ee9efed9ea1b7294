import { fault } from '../../base/index.ts'
import {
  type Decimal,
  Interval,
  kindOf,
  type PointType,
  parseDate,
  parseDateTime,
  parseDecimal,
  parseTime,
  Quantity,
  Tuple,
  type Value,
} from '../../core/index.ts'

/**
 * Reads what a test expects: the CQL literals that the suite uses (numbers, texts, dates, quantities,
 * intervals, lists, tuples). It is a reader of its own, so that an engine is not measured by itself.
 * Fault `compile/expected-unreadable` for any other text.
 */
export function parseExpected(text: string): Value {
  const reader: Reader = { text, at: 0 }
  const value = readValue(reader)
  skipSpace(reader)
  if (reader.at < text.length) throw unreadable(reader)
  return value
}

interface Reader {
  readonly text: string
  at: number
}

function unreadable(reader: Reader) {
  return fault('input', 'compile/expected-unreadable', `What a test expects cannot be read: ${reader.text}`)
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  skipSpace(reader)
  const sticky = new RegExp(pattern.source, 'y')
  sticky.lastIndex = reader.at
  const match = sticky.exec(reader.text)
  if (match === null) return undefined
  reader.at += match[0].length
  return match
}

function skipSpace(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1
}

/** Readers in the order in which they are tried; each gives undefined where its form does not begin here. */
const forms: readonly ((reader: Reader) => Value | undefined)[] = [
  readWord,
  readInterval,
  readTuple,
  readList,
  readTime,
  readDate,
  readNumber,
  readText,
]

function readValue(reader: Reader): Value {
  for (const form of forms) {
    const value = form(reader)
    if (value !== undefined) return value
  }
  throw unreadable(reader)
}

const words: Readonly<Record<string, Value>> = { true: true, false: false, null: null }

function readWord(reader: Reader): Value | undefined {
  const match = take(reader, /(true|false|null)\b/)
  return match?.[1] === undefined ? undefined : words[match[1]]
}

function readInterval(reader: Reader): Value | undefined {
  const open = take(reader, /Interval\s*([[(])/)
  if (open === undefined) return undefined
  const low = readValue(reader)
  take(reader, /,/)
  const high = readValue(reader)
  const close = take(reader, /[\])]/)
  if (close === undefined) throw unreadable(reader)
  return new Interval(low, high, open[1] === '[', close[0] === ']', pointTypeOf(low ?? high))
}

const pointTypes: Readonly<Record<string, PointType>> = {
  integer: 'Integer',
  long: 'Long',
  decimal: 'Decimal',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  quantity: 'Quantity',
}

const pointTypeOf = (value: Value): PointType => pointTypes[kindOf(value)] ?? 'Any'

function readTuple(reader: Reader): Value | undefined {
  const begins = take(reader, /Tuple\s*\{/) ?? take(reader, /\{(?=\s*\w+\s*:)/)
  if (begins === undefined) return undefined
  const fields = new Map<string, Value>()
  while (take(reader, /\}/) === undefined) {
    const name = take(reader, /(\w+)\s*:/)
    if (name?.[1] === undefined) throw unreadable(reader)
    fields.set(name[1], readValue(reader))
    take(reader, /,/)
  }
  return new Tuple(fields)
}

function readList(reader: Reader): Value | undefined {
  if (take(reader, /\{/) === undefined) return undefined
  const items: Value[] = []
  while (take(reader, /\}/) === undefined) {
    items.push(readValue(reader))
    take(reader, /,/)
  }
  return items
}

function readTime(reader: Reader): Value | undefined {
  const match = take(reader, /@T([\d:.]+)/)
  return match?.[1] === undefined ? undefined : parseTime(match[1])
}

function readDate(reader: Reader): Value | undefined {
  const match = take(reader, /@(\d[\d-]*)(T([\d:.]*(?:Z|[+-]\d\d:\d\d)?))?/)
  if (match?.[1] === undefined) return undefined
  return match[2] === undefined ? parseDate(match[1]) : parseDateTime(`${match[1]}T${match[3] ?? ''}`, 0)
}

function readNumber(reader: Reader): Value | undefined {
  const match = take(reader, /(-?\d+)(\.\d+)?(L)?/)
  if (match?.[1] === undefined) return undefined
  if (match[3] === 'L') return BigInt(match[1])
  const unit = take(reader, /'([^']*)'/)
  if (match[2] === undefined && unit === undefined) return Number(match[1])
  const decimal = parseDecimal(`${match[1]}${match[2] ?? ''}`) as Decimal
  return unit?.[1] === undefined ? decimal : new Quantity(decimal, unit[1])
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' }

function readText(reader: Reader): Value | undefined {
  const match = take(reader, /'((?:[^'\\]|\\.)*)'/)
  return match?.[1]?.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped)
}
