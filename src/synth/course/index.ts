import { dayOf } from '../calendar.ts'
import type { Person } from '../person.ts'
import type { Random } from '../random.ts'
import { screenBreast, screenColon } from './cancer-screening.ts'
import { Chart } from './chart.ts'
import { takeLabs, takeVitals, treat } from './checkup.ts'
import { screenMood } from './depression-screening.ts'
import { growOld } from './late-life.ts'
import { beginLife, fallIll, firstYear, type Life, lastYear } from './life.ts'
import type { RareCourse } from './rare-course.ts'
import { visitYear } from './visiting.ts'

interface AssignedCourse {
  readonly focus: RareCourse
  readonly variant: number
}

/**
 * One person's clinical course, year by year, and where it has led. A person with a focus grows old by it alone,
 * and is screened for depression by it alone where it says so.
 */
export function liveCourse(person: Person, random: Random, assigned?: AssignedCourse): Life {
  const life = beginLife(person, random, new Chart())
  for (let year = firstYear; year <= lastYear; year++) {
    if (person.birth >= dayOf(year, 1, 1)) continue
    liveYear(life, year, assigned?.focus.unscreened !== true)
  }
  screenBreast(life)
  screenColon(life)
  if (assigned === undefined) growOld(life)
  else assigned.focus.happen(life, assigned.variant)
  return life
}

function liveYear(life: Life, year: number, screened: boolean): void {
  fallIll(life, year)
  const visits = visitYear(life, year)
  for (const visit of visits) takeVitals(life, visit)
  takeLabs(life, visits)
  const first = visits.find((visit) => visit.kind.class === 'AMB')
  if (first !== undefined && (year === lastYear || life.random.chance(0.7))) treat(life, first)
  if (screened && (year === lastYear || life.random.chance(0.3))) screenMood(life, visits)
}
