import { type Day, dayOf, workday } from '../calendar.ts'
import { diagnoses } from '../codes/diagnoses.ts'
import type { VisitName } from '../codes/visits.ts'
import type { Visit } from '../fact.ts'
import { ageAtEndOf } from '../person.ts'
import { chronicOf, type Life, lastYear } from './life.ts'

/** The visits of one year, in time order. People with chronic diseases come more often; a few do not come at all. */
export function visitYear(life: Life, year: number): Visit[] {
  const { random, person, chart } = life
  const count = visitCount(life, year)
  const days = Array.from({ length: count }, () => workday(dayOf(year, 1, 4) + random.int(0, 355))).sort(
    (a, b) => a - b,
  )
  const visits = days.map((day, index) => {
    const name = visitName(life, year, index)
    const home = index === 0 ? (person.homes[0] ?? 0) : random.pick(person.homes)
    return chart.visit(name, day, name === 'evening' ? eveningMinute(life) : 480 + 15 * random.int(0, 35), home)
  })
  if (random.chance(year >= lastYear - 1 ? 0.025 : 0)) visits.push(newYearsEve(life, year))
  for (const visit of visits) giveReason(life, visit)
  if (random.chance(0.05))
    chart.visit('office', workday(dayOf(year, random.int(2, 11), 14)), 540, person.homes[0] ?? 0, {
      status: 'cancelled',
    })
  if (year === lastYear) keepAppointments(life, visits)
  return visits
}

function visitCount(life: Life, year: number): number {
  const { random, person } = life
  const rate = (1.1 + 0.7 * Math.min(chronicOf(life).length, 3)) * (1.35 - 0.7 * person.engagement)
  if (year === lastYear) return random.chance(0.06) ? 0 : 1 + poisson(rate, life)
  return poisson(rate * (year === lastYear - 1 ? 0.75 : 0.42), life)
}

function poisson(mean: number, life: Life): number {
  const limit = Math.exp(-mean)
  let product = life.random.next()
  let count = 0
  while (product > limit && count < 8) {
    product *= life.random.next()
    count++
  }
  return count
}

function visitName(life: Life, year: number, index: number): VisitName {
  const age = ageAtEndOf(life.person, year)
  const { random } = life
  if (age >= 65 && index === 0 && random.chance(0.55))
    return age === 65 ? 'welcome' : age === 66 ? 'wellnessFirst' : 'wellness'
  if (life.diabetes !== undefined && random.chance(0.09)) return random.chance(0.55) ? 'nutrition' : 'nutritionGroup'
  if (age >= 70 && random.chance(0.09)) return 'home'
  return random.weighted<VisitName>([
    ['office', 56],
    ['clinic', 14],
    ['evening', 8],
    ['telephone', 7],
    ['virtual', 5],
    ['physicalTherapy', age >= 18 ? 4 : 0],
    ['emergency', 4],
    ['followUp', 2],
  ])
}

const eveningMinute = (life: Life): number => 18 * 60 + 15 * life.random.int(0, 9)

/** Seen on the last evening of the year: in UTC it is next year already. */
function newYearsEve(life: Life, year: number): Visit {
  const day: Day = dayOf(year, 12, 31)
  return life.chart.visit('evening', day, 19 * 60 + 15 * life.random.int(0, 5), life.person.homes[0] ?? 0)
}

function giveReason(life: Life, visit: Visit): void {
  const chronic = chronicOf(life).filter((disease) => disease.since <= visit.day)
  for (const disease of [life.diabetes, life.hypertension])
    if (disease !== undefined && disease.since <= visit.day && visit.kind.class !== 'EMER' && life.random.chance(0.8))
      life.chart.reason(disease.code, visit, disease.since)
  if (visit.reason !== undefined) return
  const other = chronic.length > 0 && life.random.chance(0.3) ? life.random.pick(chronic) : undefined
  if (other !== undefined) life.chart.reason(other.code, visit, other.since)
  else if (life.random.chance(0.4)) {
    const acute = life.random.pick([diagnoses.respiratoryInfection, diagnoses.backPain, diagnoses.anxiety])
    life.chart.reason(acute, visit, visit.day, { end: visit.day + life.random.int(5, 30) })
  }
}

function keepAppointments(life: Life, visits: readonly Visit[]): void {
  const { chart, random, person } = life
  for (const visit of visits)
    if (visit.kind.class === 'AMB' && random.chance(0.25))
      chart.book('office', random.chance(0.93) ? 'fulfilled' : 'cancelled', visit)
  if (random.chance(0.08))
    chart.book('office', 'noshow', {
      day: workday(dayOf(lastYear, random.int(1, 12), 8)),
      minute: 600,
      home: person.homes[0] ?? 0,
    })
  if (random.chance(0.3))
    chart.book('office', 'booked', {
      day: workday(dayOf(lastYear + 1, random.int(1, 3), random.int(4, 26))),
      minute: 480 + 15 * random.int(0, 35),
      home: person.homes[0] ?? 0,
    })
}
