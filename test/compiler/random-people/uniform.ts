/** How all times of a population are said: to the second on a clock, or as days. */
export type Uniformity = 'to the second' | 'as days'

const time = /^(\d{4})(-\d\d)?(-\d\d)?(T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d))?$/
/** Elements that are always as precise as their type has it. */
const fixed = new Set(['birthDate', 'issued', 'lastUpdated', 'effectiveInstant'])

/** Few days, so that times lie hours apart and what clocks they are on decides their order; the last is a day of its own. */
const days = ['2025-12-31', '2026-01-01', '2026-01-02', undefined]

/**
 * A resource whose times are all said alike and whose periods have both ends in order: of such data plans leave out the
 * cases that cannot be.
 */
export function uniform<T>(resource: T, how: Uniformity): T {
  return alike(resource, how) as T
}

function alike(value: unknown, how: Uniformity): unknown {
  if (typeof value === 'string') return time.test(value) ? said(value, how) : value
  if (Array.isArray(value)) return value.map((one) => alike(one, how))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([, one]) => JSON.stringify(one) !== '{}')
    .map(([name, one]) => [name, fixed.has(name) ? one : alike(one, how)])
  const made = Object.fromEntries(entries) as Record<string, unknown>
  return isPeriod(made) ? inOrder(made) : made
}

function said(text: string, how: Uniformity): string {
  const [, year = '2026', month = '-06', day = '-15', , clock = '12:00:00', , zone = '+01:00'] = time.exec(text) ?? []
  const date = `${year}${month}${day}`
  const near = days[Number(day.slice(1)) % days.length] ?? date
  return how === 'as days' ? date : `${near}T${clock}${zone}`
}

const isPeriod = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).length > 0 && Object.keys(value).every((name) => name === 'start' || name === 'end')

function inOrder({ start, end }: Readonly<Record<string, unknown>>): object {
  const [first, last] = [String(start ?? end), String(end ?? start)]
  return Date.parse(first) <= Date.parse(last) ? { start: first, end: last } : { start: last, end: first }
}
