import { dayOf } from '../calendar.ts'
import type { Person } from '../person.ts'
import type { Random } from '../random.ts'
import { screenBreast, screenColon } from './cancer-screening.ts'
import { Chart } from './chart.ts'
import { takeLabs, takeVitals, treat } from './checkup.ts'
import { screenMood } from './depression-screening.ts'
import { growOld } from './late-life.ts'
import { beginLife, fallIll, firstYear, type Life, lastYear } from './life.ts'
import { visitYear } from './visiting.ts'

/** One person's clinical course, year by year, and where it has led. */
export function liveCourse(person: Person, random: Random): Life {
  const life = beginLife(person, random, new Chart())
  for (let year = firstYear; year <= lastYear; year++) {
    if (person.birth > dayOf(year, 6, 30)) continue
    liveYear(life, year)
  }
  screenBreast(life)
  screenColon(life)
  growOld(life)
  return life
}

function liveYear(life: Life, year: number): void {
  fallIll(life, year)
  const visits = visitYear(life, year)
  for (const visit of visits) takeVitals(life, visit)
  takeLabs(life, visits)
  const first = visits.find((visit) => visit.kind.class === 'AMB')
  if (first !== undefined && (year === lastYear || life.random.chance(0.5))) treat(life, first)
  if (year === lastYear || life.random.chance(0.3)) screenMood(life, visits)
}
