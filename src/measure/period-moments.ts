import { momentOfDay } from '../direct/index.ts'
import type { MeasurementPeriod } from './period.ts'

/** The first and the last moment of a period, in milliseconds since 1970. */
export function periodMoments({ start, end, timeZone }: MeasurementPeriod): {
  readonly first: number
  readonly last: number
} {
  const [first, last] = [momentOfDay(start, 'start', timeZone), momentOfDay(end, 'end', timeZone)]
  return { first: first.wall - first.offset * 60_000, last: last.wall - last.offset * 60_000 }
}
