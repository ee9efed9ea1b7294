import { type Date as CqlDate, DateTime } from 'cql-execution'
import { fault } from '../base/index.ts'

const dateTimePattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/** The system values of one person's record. */
export class SystemValues {
  readonly #zoneOffset: number
  readonly #dateTimes = new Map<string, DateTime>()
  readonly #dates = new Map<string, CqlDate>()

  /** `zoneOffset`: hours east of UTC of the evaluation, for times that are written without an offset. */
  constructor(zoneOffset: number) {
    this.#zoneOffset = zoneOffset
  }

  /** A primitive of JSON as a value of a CQL system type; null stays null. Fault: `interpret/malformed-element`. */
  read(data: unknown, type: string): unknown {
    if (data === null || data === undefined) return data
    switch (type) {
      case 'DateTime':
        return this.#dateTime(expectType(data, 'string', type))
      case 'Date':
        return this.#date(expectType(data, 'string', type))
      case 'Time':
        return parseTime(expectType(data, 'string', type))
      case 'Integer':
      case 'Decimal':
        return expectType(data, 'number', type)
      case 'Boolean':
        return expectType(data, 'boolean', type)
      default:
        return expectType(data, 'string', type)
    }
  }

  // A record repeats its times: visits, and what was done at them.
  #dateTime(text: string): DateTime {
    const known = this.#dateTimes.get(text)
    if (known !== undefined) return known
    const value = parseDateTime(text, this.#zoneOffset)
    this.#dateTimes.set(text, value)
    return value
  }

  #date(text: string): CqlDate {
    const known = this.#dates.get(text)
    if (known !== undefined) return known
    const value = parseDateTime(text, this.#zoneOffset).getDate()
    this.#dates.set(text, value)
    return value
  }
}

interface Primitives {
  readonly string: string
  readonly number: number
  readonly boolean: boolean
}

function expectType<K extends keyof Primitives>(data: unknown, wanted: K, type: string): Primitives[K] {
  if (typeof data === wanted) return data as Primitives[K]
  throw malformed(`a ${typeof data}`, type)
}

function malformed(what: string, type: string) {
  return fault('input', 'interpret/malformed-element', `An element holds ${what} where FHIR wants a ${type}.`, {
    remedy: 'Correct the resource at its source and load it again.',
  })
}

/**
 * A FHIR date, dateTime or instant at its own precision. Without an offset it is meant in the evaluation's zone
 * (`zoneOffset`, hours): cql-execution alone would take the process's.
 */
function parseDateTime(text: string, zoneOffset: number): DateTime {
  const match = dateTimePattern.exec(text)
  if (match === null) throw malformed('a text', 'dateTime')
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(fieldOf)
  const millisecond = match[7] === undefined ? null : Number(`${match[7]}00`.slice(0, 3))
  if (!isPossible(year ?? 0, month, day, hour, minute, second)) throw malformed('an impossible time', 'dateTime')
  return new DateTime(year, month, day, hour, minute, second, millisecond, offsetOf(match[8], zoneOffset))
}

const fieldOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text))

function offsetOf(text: string | undefined, zoneOffset: number): number {
  if (text === undefined) return zoneOffset
  if (text === 'Z') return 0
  return (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) + Number(text.slice(4, 6)) / 60)
}

type Field = number | null | undefined

function isPossible(year: number, month: Field, day: Field, hour: Field, minute: Field, second: Field): boolean {
  if (year < 1 || !within(month, 1, 12) || !within(hour, 0, 23) || !within(minute, 0, 59) || !within(second, 0, 60)) {
    return false
  }
  return within(day, 1, new Date(Date.UTC(year, month ?? 1, 0)).getUTCDate())
}

const within = (value: Field, low: number, high: number) =>
  value === null || value === undefined || (value >= low && value <= high)

/** CQL's Time is, in cql-execution, a DateTime of the year 0 without an offset. */
function parseTime(text: string): DateTime {
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?$/.exec(text)
  if (match === null) throw malformed('a text', 'time')
  const millisecond = match[4] === undefined ? null : Number(`${match[4]}00`.slice(0, 3))
  return new DateTime(0, 1, 1, Number(match[1]), Number(match[2]), Number(match[3]), millisecond, null)
}
