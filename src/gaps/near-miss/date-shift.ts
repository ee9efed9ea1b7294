import { KeptWith } from '../../base/index.ts'
import type { PersonRecord, RecordEntry, Resource } from '../../fhir/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { clinicalDate, writtenDay } from '../clinical-date.ts'

const dayMs = 86_400_000

/** Days since 1970 of `YYYY-MM-DD`; undefined for less precise text. */
export function dayNumber(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(day)) return undefined
  const time = Date.parse(`${day.slice(0, 10)}T00:00:00Z`)
  return Number.isNaN(time) ? undefined : Math.round(time / dayMs)
}

/** The day of a number that `dayNumber` gives. */
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

const kept = new Set(['meta', 'id', 'reference'])

/** A resource with every date in it (metadata apart) so many days later. Dates without a day stay. */
export function shiftedBy(resource: Resource, days: number): Resource {
  const shift = (value: unknown): unknown => {
    if (typeof value === 'string') return shiftText(value, days)
    if (Array.isArray(value)) return (value as readonly unknown[]).map(shift)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, kept.has(name) ? inner : shift(inner)]),
    )
  }
  return shift(resource) as Resource
}

function shiftText(text: string, days: number): string {
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return text
  const day = dayNumber(text)
  return day === undefined ? text : `${dayText(day + days)}${text.slice(10)}`
}

const daysByResource = new KeptWith<Resource, { readonly day: number | undefined }>()

/**
 * The day of a resource as it is written, as a number; undefined where it says no day. Kept by resource: each measure asks each
 * resource of a person for it.
 */
export function dayOfEntry({ resource }: RecordEntry): number | undefined {
  return daysByResource.of(resource, writtenDayOf).day
}

function writtenDayOf(resource: Resource): { readonly day: number | undefined } {
  const written = clinicalDate(resource)
  return { day: written === undefined ? undefined : dayNumber(writtenDay(written)) }
}

const mostDays = 16

/**
 * The days that a resource may have to be at for the logic to see it: the ends and the middle of the period, these
 * less the spans that the logic counts back, birthdays that it counts from, the days of other facts, and those of stays.
 */
export function daysToTry(
  record: PersonRecord,
  period: MeasurementPeriod,
  spans: readonly number[],
  others: readonly RecordEntry[],
): readonly number[] {
  const start = dayNumber(period.start) ?? 0
  const end = dayNumber(period.end) ?? start
  const birthDate = record.patient['birthDate']
  const born = typeof birthDate === 'string' ? dayNumber(birthDate) : undefined
  const counted = spans.flatMap((span) => [start - span, end - span, ...(born === undefined ? [] : [born + span])])
  const seen = others.flatMap((entry) => dayOfEntry(entry) ?? [])
  const recent = [...new Set(seen)].sort((a, b) => b - a).slice(0, mostDays)
  const middle = Math.floor((start + end) / 2)
  return [...new Set([start, middle, end, ...recent, ...counted.slice(0, mostDays), ...stayDays(others)])]
}

/** The days of stays, for logic that asks for a fact on a certain day of one; of the newest first. */
function stayDays(entries: readonly RecordEntry[]): readonly number[] {
  const days = entries.flatMap(({ type, resource }) => {
    const { start, end } =
      ((type === 'Encounter' ? resource['period'] : undefined) as { start?: string; end?: string }) ?? {}
    const from = dayNumber(start ?? '')
    const to = dayNumber(end ?? '')
    if (from === undefined || to === undefined || to < from) return []
    return Array.from({ length: Math.min(to - from + 1, mostDays) }, (_, at) => from + at)
  })
  return [...new Set(days)].sort((one, other) => other - one).slice(0, mostDays)
}
