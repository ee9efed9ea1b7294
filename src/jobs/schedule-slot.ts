import type { ScheduleConfig } from '../base/index.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/** The newest time at which a pull was due: the time of day in the source's zone, or a step of the interval. */
export function newestSlot(schedule: ScheduleConfig, timeZone: string, now: Date): Date {
  if (schedule.everyMinutes !== undefined) {
    const step = schedule.everyMinutes * minuteMs
    return new Date(Math.floor(now.getTime() / step) * step)
  }
  const at = schedule.at ?? '00:00'
  const days = [1, 0, -1, -2].map((offset) => new Date(now.getTime() + offset * dayMs))
  const slots = days.map((day) => timeOfDay(day, at, timeZone)).filter((slot) => slot.getTime() <= now.getTime())
  return new Date(Math.max(...slots.map((slot) => slot.getTime())))
}

/** `at` on the calendar day that it is in the zone at that time. A time that a clock change skips is an hour before it. */
function timeOfDay(day: Date, at: string, timeZone: string): Date {
  const wanted = Date.parse(`${wallClock(day, timeZone).slice(0, 10)}T${at}:00Z`)
  const first = wanted - offsetMs(new Date(wanted), timeZone)
  return new Date(wanted - offsetMs(new Date(first), timeZone))
}

/** How far the zone's clock is ahead of UTC at a time. */
function offsetMs(time: Date, timeZone: string): number {
  return Date.parse(`${wallClock(time, timeZone)}Z`) - Math.floor(time.getTime() / 1000) * 1000
}

/** What the clock of a zone shows, as `2026-01-31T23:59:59`. */
function wallClock(time: Date, timeZone: string): string {
  return time.toLocaleString('sv-SE', { timeZone, hourCycle: 'h23' }).replace(' ', 'T')
}
