/** Days are whole numbers since 1970-01-01, in the civil calendar of the place; minutes count from its midnight. */
export type Day = number

/** The day of a civil date (Howard Hinnant's days_from_civil). `month` is 1 to 12. */
export function dayOf(year: number, month: number, day: number): Day {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}

/** By day since 1900: people are asked for the same few days again and again. */
const isoOfDay: (string | undefined)[] = []
const since1900 = 25567

/** `YYYY-MM-DD` of a day. */
export function isoDay(day: Day): string {
  let text = isoOfDay[day + since1900]
  if (text === undefined) {
    text = new Date(day * 86400000).toISOString().slice(0, 10)
    isoOfDay[day + since1900] = text
  }
  return text
}

export const yearOf = (day: Day): number => Number(isoDay(day).slice(0, 4))

/** 0 is Sunday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7

/** Whole years lived on a day by somebody born on `birth`; born on 29 February means 1 March in common years. */
export function ageOn(birth: Day, day: Day): number {
  const born = isoDay(birth)
  const now = isoDay(day)
  const years = Number(now.slice(0, 4)) - Number(born.slice(0, 4))
  return now.slice(5) < born.slice(5) ? years - 1 : years
}

/** A weekday near the given day, never earlier. */
export function workday(day: Day): Day {
  const weekday = weekdayOf(day)
  return weekday === 0 ? day + 1 : weekday === 6 ? day + 2 : day
}
