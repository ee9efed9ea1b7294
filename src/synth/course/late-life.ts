import { type Day, dayOf } from '../calendar.ts'
import { diagnoses } from '../codes/diagnoses.ts'
import { medications } from '../codes/medications.ts'
import { answers, observations } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import { ageAtEndOf } from '../person.ts'
import { concept } from './chart.ts'
import { type Life, lastYear } from './life.ts'

/** Old age in the main period: dementia, frailty, a nursing home, hospice and death, each leading to the next. */
export function growOld(life: Life): void {
  const { random, chart, person } = life
  const age = ageAtEndOf(person, lastYear)
  if (age < 66) return
  const at = { day: dayOf(lastYear, 1, 8) + random.int(0, 300), minute: 600, home: person.homes[0] ?? 0 }
  const demented = random.chance(age < 75 ? 0.02 : age < 85 ? 0.07 : 0.2)
  if (demented) {
    chart.problem(diagnoses.alzheimer, at.day - random.int(0, 600), at)
    chart.prescribe(random.pick([medications.donepezil, medications.donepezilLow]), at, 90)
  }
  if (random.chance(demented ? 0.4 : age < 75 ? 0.03 : 0.1)) becomeFrail(life, at.day)
  if (demented && random.chance(0.25)) chart.observe(observations.housing, at, 'survey', concept(answers.nursingHome))
  if (random.chance(age < 75 ? 0.008 : age < 85 ? 0.03 : 0.08)) die(life, at.day + random.int(10, 60))
}

function becomeFrail(life: Life, day: Day): void {
  const at = { day, minute: 615, home: life.person.homes[0] ?? 0 }
  life.chart.problem(life.random.pick([diagnoses.sarcopenia, diagnoses.historyOfFalls]), day, at)
  if (life.random.chance(0.3)) life.chart.order(procedures.walker, at, { device: true })
}

/** Death, after hospice at home for about half: nothing is recorded after it. */
export function die(life: Life, day: Day): void {
  const { chart, random, person } = life
  const death = Math.min(day, dayOf(lastYear, 12, 20))
  chart.died = death
  const home = person.homes[0] ?? 0
  if (random.chance(0.5)) chart.visit('hospice', death - random.int(5, 60), 600, home)
  for (let index = chart.facts.length - 1; index >= 0; index--)
    if ((chart.facts[index]?.day ?? 0) > death) chart.facts.splice(index, 1)
}
