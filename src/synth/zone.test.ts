import { expect, test } from 'vitest'
import { dayOf, isoDay } from './calendar.ts'
import { sources } from './sources.ts'
import { fallsOnNextDay, localStamp, utcStamp } from './zone.ts'

const days = Array.from({ length: 3 * 365 }, (_, index) => dayOf(2024, 1, 1) + index)

test.each(sources)('stamps of $name are what the platform reads back in its zone', ({ zone }) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone.name,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  })
  for (const day of days) {
    const expected = `${isoDay(day)}, 19:30`
    expect(format.format(new Date(utcStamp(zone, day, 19 * 60 + 30)))).toBe(expected)
    expect(format.format(new Date(localStamp(zone, day, 19 * 60 + 30)))).toBe(expected)
  }
})

test('an evening falls on the next day in UTC, over a year end too', () => {
  const chicago = { name: 'America/Chicago', standardLag: 6 }
  const eve = dayOf(2026, 12, 31)
  expect(utcStamp(chicago, eve, 19 * 60)).toBe('2027-01-01T01:00:00Z')
  expect(fallsOnNextDay(chicago, eve, 19 * 60)).toBe(true)
  expect(fallsOnNextDay(chicago, eve, 17 * 60)).toBe(false)
})

test('a stay that ends days later carries the day', () => {
  const chicago = { name: 'America/Chicago', standardLag: 6 }
  expect(localStamp(chicago, dayOf(2026, 7, 30), 600 + 3 * 1440)).toBe('2026-08-02T10:00:00-05:00')
})
