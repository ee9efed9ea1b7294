import { expect, test } from 'vitest'
import { ageOn, dayOf, isoDay, weekdayOf, workday } from './calendar.ts'

test('days and civil dates are each other', () => {
  for (const date of ['1931-02-28', '1970-01-01', '2000-02-29', '2024-12-31', '2026-03-01']) {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
    expect(isoDay(dayOf(year, month, day))).toBe(date)
  }
})

test('age changes on the birthday, and on 1 March for those of 29 February', () => {
  const birth = dayOf(1960, 2, 29)
  expect(ageOn(birth, dayOf(2026, 2, 28))).toBe(65)
  expect(ageOn(birth, dayOf(2026, 3, 1))).toBe(66)
})

test('a workday is never a weekend', () => {
  const saturday = dayOf(2026, 10, 31)
  expect(weekdayOf(saturday)).toBe(6)
  expect(isoDay(workday(saturday))).toBe('2026-11-02')
})
