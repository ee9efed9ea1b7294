import {
  CqlDate,
  CqlDateTime,
  CqlTime,
  fieldOfWall,
  type Precision,
  type Temporal,
  timeOfFields,
  wallOfDay,
  wallOfFields,
} from './temporal.ts'

const timePattern = /^T?(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:\d\d)?$/
const datePattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/

/** The date of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; undefined where the text is none. */
export function parseDate(text: string): CqlDate | undefined {
  const fields = dateFields(text)
  const wall = fields === undefined ? undefined : wallOfFields(fields)
  return wall === undefined || fields === undefined ? undefined : new CqlDate(wall, (fields.length - 1) as Precision)
}

/** The time of `[T]hh[:mm[:ss[.fff]]]`; an offset is ignored, for a Time has none. */
export function parseTime(text: string): CqlTime | undefined {
  const time = timeFields(text)
  const wall = time === undefined ? undefined : timeOfFields(...padded(time.fields))
  return wall === undefined || time === undefined ? undefined : new CqlTime(wall, (time.fields.length + 2) as Precision)
}

/** The DateTime of an ISO text of any precision; `defaultOffset` (minutes) where the text has none. */
export function parseDateTime(text: string, defaultOffset: number): CqlDateTime | undefined {
  return commonMoment(text) ?? anyDateTime(text, defaultOffset)
}

/** Nearly all moments are written to the second, with an offset: read digit by digit. Undefined for all others. */
function commonMoment(text: string): CqlDateTime | undefined {
  const zone = text.length - (text.endsWith('Z') ? 1 : 6)
  const isSecond = zone === 19
  if (!isSecond && (zone < 21 || text[19] !== '.')) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
  const offset = zone === text.length - 1 ? 0 : offsetAt(text, zone)
  const millisecond = isSecond ? 0 : millisecondAt(text, 20, zone)
  const [year, month, day] = [digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10)]
  const [hour, minute, second] = [digitsAt(text, 11, 13), digitsAt(text, 14, 16), digitsAt(text, 17, 19)]
  const time = timeOfFields(hour, minute, second, millisecond)
  const start = wallOfDay(year, month, day)
  if (time === undefined || start === undefined || Number.isNaN(offset) || Number.isNaN(millisecond)) return undefined
  return new CqlDateTime(start + time, isSecond ? 5 : 6, offset)
}

/** The number of digits; NaN where one is none. */
function digitsAt(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** The first three digits of a fraction of a second; NaN where one of all is none. */
function millisecondAt(text: string, from: number, to: number): number {
  const given = Math.min(to, from + 3)
  return Number.isNaN(digitsAt(text, from, to)) ? Number.NaN : digitsAt(text, from, given) * 10 ** (from + 3 - given)
}

/** Minutes east of UTC of `+hh:mm`; NaN where the text is none. */
function offsetAt(text: string, at: number): number {
  const sign = text[at] === '-' ? -1 : text[at] === '+' ? 1 : Number.NaN
  if (text[at + 3] !== ':') return Number.NaN
  return sign * (digitsAt(text, at + 1, at + 3) * 60 + digitsAt(text, at + 4, at + 6)) + 0
}

function anyDateTime(text: string, defaultOffset: number): CqlDateTime | undefined {
  const cut = text.indexOf('T')
  const date = dateFields(cut === -1 ? text : text.slice(0, cut))
  if (date === undefined) return undefined
  const rest = cut === -1 ? '' : text.slice(cut + 1)
  if (rest === '') {
    const wall = wallOfFields(date)
    return wall === undefined ? undefined : new CqlDateTime(wall, (date.length - 1) as Precision, defaultOffset)
  }
  const time = timeFields(rest)
  if (time === undefined || date.length < 3) return undefined
  const wall = wallOfFields([...date, ...time.fields])
  const precision = (time.fields.length + 2) as Precision
  return wall === undefined ? undefined : new CqlDateTime(wall, precision, time.offset ?? defaultOffset)
}

function dateFields(text: string): number[] | undefined {
  const match = datePattern.exec(text)
  if (match === null) return undefined
  return [match[1], match[2], match[3]].filter((part) => part !== undefined).map(Number)
}

function timeFields(text: string): { fields: number[]; offset: number | undefined } | undefined {
  const match = timePattern.exec(text)
  if (match === null) return undefined
  const fraction = match[4] === undefined ? undefined : match[4].slice(0, 3).padEnd(3, '0')
  const fields = [match[1], match[2], match[3], fraction].filter((part) => part !== undefined).map(Number)
  return { fields, offset: match[5] === undefined ? undefined : parseOffset(match[5]) }
}

function padded(fields: readonly number[]): [number, number, number, number] {
  return [fields[0] ?? 0, fields[1] ?? 0, fields[2] ?? 0, fields[3] ?? 0]
}

function parseOffset(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6))
  return text.startsWith('-') ? -minutes : minutes
}

/** A date or time in ISO form, as precise as it is; `withOffset` adds a DateTime's offset where it has an hour. */
export function formatTemporal(value: Temporal, withOffset = true): string {
  const digits = (field: Precision, width: number) => String(fieldOfWall(value.wall, field)).padStart(width, '0')
  const date = [digits(0, 4), digits(1, 2), digits(2, 2)].slice(0, value.precision + 1).join('-')
  if (value.kind === 'date') return date
  const clock = [digits(3, 2), digits(4, 2), digits(5, 2)].slice(0, Math.max(0, value.precision - 2)).join(':')
  const time = value.precision === 6 ? `${clock}.${digits(6, 3)}` : clock
  if (value.kind === 'time') return time
  if (value.precision < 3) return date
  return `${date}T${time}${withOffset ? formatOffset(value.offset) : ''}`
}

const pad = (part: number): string => String(part).padStart(2, '0')

function formatOffset(minutes: number): string {
  if (minutes === 0) return '+00:00'
  const magnitude = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(magnitude / 60))}:${pad(magnitude % 60)}`
}
