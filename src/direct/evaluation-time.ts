import { CqlDate, CqlDateTime, Interval, parseDate, runFault } from '../core/index.ts'

/** A measurement period of whole days in an IANA zone, the end day included. */
export interface EvaluationPeriod {
  readonly start: string
  readonly end: string
  readonly timeZone: string
}

/** Minutes east of UTC of a zone at an instant (milliseconds since 1970). */
function offsetMinutes(timeZone: string, instant: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (match === null) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

/** The first or last moment of a day (YYYY-MM-DD) in a zone, with the zone's offset then. */
export function momentOfDay(day: string, at: 'start' | 'end', timeZone: string): CqlDateTime {
  const date = parseDate(day)
  if (date === undefined || date.precision !== 2) throw runFault('invalid-date', `"${day}" is no day (YYYY-MM-DD).`)
  const wall = at === 'start' ? date.wall : date.wall + 86_399_999
  // Offsets change at some hour of a day: the guess by UTC is mended once with the offset found there.
  const guess = offsetMinutes(timeZone, wall)
  return new CqlDateTime(wall, 6, offsetMinutes(timeZone, wall - guess * 60_000))
}

/** The period as the library declares its parameter: an interval of moments, or of dates. */
export function periodInterval(period: EvaluationPeriod, points: 'DateTime' | 'Date'): Interval {
  const [low, high] = [
    momentOfDay(period.start, 'start', period.timeZone),
    momentOfDay(period.end, 'end', period.timeZone),
  ]
  if (points === 'DateTime') return new Interval(low, high, true, true, 'DateTime')
  return new Interval(dayOf(low), dayOf(high), true, true, 'Date')
}

function dayOf(moment: CqlDateTime): CqlDate {
  return new CqlDate(Math.floor(moment.wall / 86_400_000) * 86_400_000, 2)
}
