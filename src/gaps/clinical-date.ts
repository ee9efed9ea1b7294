import { isObject, type Resource } from '../fhir/index.ts'

/** Elements that say when a fact was so, most telling first; what was only recorded or issued comes last. */
const dateElements = [
  'effectiveDateTime',
  'effectivePeriod',
  'effectiveInstant',
  'performedDateTime',
  'performedPeriod',
  'occurrenceDateTime',
  'occurrencePeriod',
  'occurrenceString',
  'onsetDateTime',
  'onsetPeriod',
  'period',
  'whenHandedOver',
  'authoredOn',
  'sent',
  'start',
  'recordedDate',
  'dateAsserted',
  'issued',
  'date',
  'created',
]

/**
 * The clinically relevant date of a resource as written: of a period its end, or its start where it has
 * no end. Undefined where the resource has none.
 */
export function clinicalDate(resource: Resource): string | undefined {
  for (const element of dateElements) {
    const date = dateOf(resource[element])
    if (date !== undefined) return date
  }
  return undefined
}

function dateOf(value: unknown): string | undefined {
  if (typeof value === 'string' && /^\d{4}/.test(value)) return value
  if (!isObject(value)) return undefined
  return dateOf(value['end']) ?? dateOf(value['start'])
}

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The day of a fact as it is written, at its own precision: a stamp's day is that of its own offset, for by it CQL compares
 * days (https://cql.hl7.org/09-b-cqlreference.html#datetime-operators-2). So a reason names the day that counted.
 */
export const writtenDay = (written: string): string => written.slice(0, 10)

/**
 * The day on which people in a zone say that an instant is: a stamp with an offset is read in `timeZone`, a date of any
 * precision stays as written. For moments of this system's own; a fact's day is `writtenDay`.
 */
export function dayOf(written: string, timeZone: string): string {
  if (!/T.*(Z|[+-]\d\d:\d\d)$/.test(written)) return written.slice(0, 10)
  const known = days.get(timeZone)?.get(written)
  if (known !== undefined) return known
  const instant = new Date(written)
  const day = Number.isNaN(instant.getTime()) ? written.slice(0, 10) : formatOf(timeZone).format(instant)
  keepDay(timeZone, written, day)
  return day
}

/** Days that were told before: the same stamps are asked for again and again, and the calendar takes its time. */
const days = new Map<string, Map<string, string>>()
const mostDays = 10_000

function keepDay(timeZone: string, written: string, day: string): void {
  const known = days.get(timeZone) ?? new Map<string, string>()
  days.set(timeZone, known)
  if (known.size >= mostDays) known.clear()
  known.set(written, day)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(timeZone, format)
  return format
}
