import { type Day, dayOf, isoDay, weekdayOf, yearOf } from './calendar.ts'

/** A zone of the United States: its name, and how many hours its standard time lags behind UTC. */
export interface Zone {
  readonly name: string
  readonly standardLag: number
}

const summerTime = new Map<number, readonly [Day, Day]>()

/** Second Sunday of March to first Sunday of November (Energy Policy Act of 2005), by whole days. */
function summerTimeOf(year: number): readonly [Day, Day] {
  let range = summerTime.get(year)
  if (range === undefined) {
    const march = dayOf(year, 3, 8)
    const november = dayOf(year, 11, 1)
    range = [march + ((7 - weekdayOf(march)) % 7), november + ((7 - weekdayOf(november)) % 7)]
    summerTime.set(year, range)
  }
  return range
}

/** Hours behind UTC on a day; the change itself happens at night, when nobody is seen. */
export function lagOn(zone: Zone, day: Day): number {
  const [from, to] = summerTimeOf(yearOf(day))
  return day >= from && day < to ? zone.standardLag - 1 : zone.standardLag
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

const clock = (minute: number): string => `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`

/** The local moment with its offset: `2026-03-04T18:30:00-06:00`. */
export function localStamp(zone: Zone, day: Day, minute: number): string {
  const carried = day + Math.floor(minute / 1440)
  return `${isoDay(carried)}${clock(minute % 1440)}-${two(lagOn(zone, day))}:00`
}

/** The same moment in UTC: an evening's stamp falls on the next day. */
export function utcStamp(zone: Zone, day: Day, minute: number): string {
  const utc = minute + lagOn(zone, day) * 60
  return `${isoDay(day + Math.floor(utc / 1440))}${clock(utc % 1440)}Z`
}

/** Whether the UTC stamp of a local moment falls on another day than the local one. */
export const fallsOnNextDay = (zone: Zone, day: Day, minute: number): boolean =>
  (minute % 1440) + lagOn(zone, day + Math.floor(minute / 1440)) * 60 >= 1440
