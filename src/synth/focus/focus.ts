import { type Day, dayOf } from '../calendar.ts'
import { measurePressure } from '../course/checkup.ts'
import { type Life, lastYear } from '../course/life.ts'
import type { RareCourse } from '../course/rare-course.ts'
import type { Visit } from '../fact.ts'
import type { Bounds } from '../person.ts'

/** A rare clinical course that a registry would collect: who may have it, and what happens in the main period. */
export interface Focus extends RareCourse {
  readonly name: string
  readonly bounds: Bounds
}

/** A day of the main period, from month to month, never on the last days of a month. */
export const dayIn = (life: Life, fromMonth: number, toMonth: number, year = lastYear): Day =>
  dayOf(year, life.random.int(fromMonth, toMonth), life.random.int(1, 27))

/** A moment in the person's usual record, without a visit. */
export const usual = (life: Life, day: Day) => ({
  day,
  minute: 570 + 15 * life.random.int(0, 20),
  home: life.person.homes[0] ?? 0,
})

/** An office visit in the main period: without one nobody counts. */
export const officeVisit = (life: Life, day: Day): Visit => {
  const { minute, home } = usual(life, day)
  const visit = life.chart.visit('office', day, minute, home)
  measurePressure(life, visit)
  return visit
}
