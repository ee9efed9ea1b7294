import { DateTime } from 'cql-execution'

/** Hours east of UTC of an IANA zone at an instant, as cql-execution wants them (`-4`, `5.5`). */
export function offsetHours(timeZone: string, instant: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (match === null) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) + Number(match[3]) / 60)
}

/** The wall-clock time of a day in a zone, with the zone's offset on that day. `day` is YYYY-MM-DD. */
export function dateTimeOf(day: string, time: 'start' | 'end', timeZone: string): DateTime {
  const [year, month, date] = day.split('-').map(Number)
  const clock = time === 'start' ? ([0, 0, 0, 0] as const) : ([23, 59, 59, 999] as const)
  // Offsets change at some hour of a day: the guess by UTC is mended once with the offset found there.
  const utc = Date.UTC(year ?? 0, (month ?? 1) - 1, date ?? 1, ...clock)
  const guess = offsetHours(timeZone, new Date(utc))
  const offset = offsetHours(timeZone, new Date(utc - guess * 3_600_000))
  return new DateTime(year, month, date, ...clock, offset)
}
