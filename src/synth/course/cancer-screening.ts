import { type Day, dayOf, workday } from '../calendar.ts'
import { answers, observations } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import type { MessKind } from '../fact.ts'
import { ageAtEndOf } from '../person.ts'
import { concept, quantity } from './chart.ts'
import { reportCodes } from './checkup.ts'
import { type Life, lastYear } from './life.ts'

const at = (life: Life, day: Day) => ({
  day: workday(day),
  minute: 540 + 15 * life.random.int(0, 24),
  home: life.person.homes[0] ?? 0,
})

const declined = { status: 'not-done', reason: answers.procedureDeclined } as const

/** An order that nobody carried out. */
const unanswered = (): { mess: MessKind[] } => ({ mess: ['order-without-result'] })

/** Mammograms every one or two years for women who take part; an old one, or an order alone, for others. */
export function screenBreast(life: Life): void {
  const { random, chart, person } = life
  if (person.sex !== 'female' || ageAtEndOf(person, lastYear) < 40 || ageAtEndOf(person, lastYear) > 78) return
  const draw = random.next()
  if (takesPart(life, 0.495)) {
    let day = dayOf(lastYear, 1, 10) - random.int(0, 420)
    if (random.chance(0.35)) day += random.int(330, 420)
    for (let back = 0; back < 2 && day > 0; back++) {
      mammogram(life, Math.min(day, dayOf(lastYear, 12, 10)))
      day -= random.int(380, 760)
    }
  } else if (draw < 0.4) mammogram(life, dayOf(lastYear - 2, 9, 15) - random.int(0, 900))
  else if (draw < 0.64)
    chart.order(observations.mammogram, at(life, dayOf(lastYear, random.int(1, 11), 5)), unanswered())
}

function mammogram(life: Life, day: Day): void {
  const code = life.random.chance(0.9) ? observations.mammogram : observations.diagnosticMammogram
  const place = at(life, day)
  const finding = life.random.pick(['BI-RADS 1: negative', 'BI-RADS 2: benign findings', 'BI-RADS 0: incomplete'])
  const seen = life.chart.observe(code, place, 'imaging', { kind: 'text', text: finding })
  if (life.random.chance(0.4)) life.chart.report(reportCodes.mammogram, 'RAD', [seen], place)
}

/** Whether a person takes up an offer that a share of people takes up: engaged people much rather do. */
export function takesPart(life: Life, share: number): boolean {
  const likely = life.person.engagement < share
  return life.random.chance(likely ? 1 - (1 - share) * 0.4 : share * 0.4)
}

/** Colorectal screening by one of the published ways, each within or beyond its look-back. */
export function screenColon(life: Life): void {
  const age = ageAtEndOf(life.person, lastYear)
  if (age < 45 || age > 80) return
  if (takesPart(life, age < 50 ? 0.25 : 0.452)) upToDate(life, age)
  else lapse(life, age)
}

/** Of those who are not up to date: a test too long ago, one ordered and never done, or a refusal. */
function lapse(life: Life, age: number): void {
  const { random, chart } = life
  const way = random.weighted([
    ['nothing', 55],
    ['colonoscopy', age >= 56 ? 14 : 0],
    ['fit', 11],
    ['dna', 6],
    ['declined', 6],
    ['ordered', 8],
  ] as const)
  if (way === 'colonoscopy') colonoscopy(life, dayOf(lastYear - 9, 1, 1) - random.int(20, 700))
  else if (way === 'fit') stool(life, dayOf(lastYear, 1, 1) - random.int(5, 360), false)
  else if (way === 'dna') stool(life, dayOf(lastYear - 2, 1, 1) - random.int(5, 300), true)
  else if (way === 'declined')
    chart.act(procedures.colonoscopy, at(life, dayOf(lastYear, random.int(1, 11), 9)), declined)
  else if (way === 'ordered')
    chart.order(observations.fit, at(life, dayOf(lastYear, random.int(1, 11), 12)), unanswered())
}

function upToDate(life: Life, age: number): void {
  const { random } = life
  const inYear = dayOf(lastYear, 1, 5) + random.int(0, 340)
  const way = random.weighted([
    ['colonoscopy', 58],
    ['fit', 26],
    ['dna', 10],
    ['sigmoidoscopy', 3],
    ['colonography', 3],
  ] as const)
  if (way === 'colonoscopy') colonoscopy(life, inYear - random.int(0, age >= 54 ? 8 * 365 : 365))
  else if (way === 'fit') stool(life, inYear, false)
  else if (way === 'dna') stool(life, inYear - random.int(0, age >= 49 ? 700 : 200), true)
  else if (way === 'sigmoidoscopy') sigmoidoscopy(life, inYear - random.int(0, age >= 50 ? 1400 : 100))
  else colonography(life, inYear - random.int(0, age >= 50 ? 1400 : 100))
}

export function colonoscopy(life: Life, day: Day): void {
  const code = life.random.pick([procedures.colonoscopy, procedures.colonoscopyScreen, procedures.colonoscopyHighRisk])
  life.chart.act(code, at(life, day))
}

export function sigmoidoscopy(life: Life, day: Day): void {
  life.chart.act(life.random.pick([procedures.sigmoidoscopy, procedures.sigmoidoscopySnomed]), at(life, day))
}

export function colonography(life: Life, day: Day): void {
  life.chart.observe(observations.colonography, at(life, day), 'imaging', {
    kind: 'text',
    text: 'No polyp of 6 mm or more',
  })
}

/** A stool test: FIT, or DNA with FIT. */
export function stool(life: Life, day: Day, dna: boolean): void {
  const answer = concept(life.random.chance(0.94) ? answers.negative : answers.positive)
  const numeric = !dna && life.random.chance(0.15)
  const value = numeric ? quantity(life.random.int(0, 18), 'ug/g') : answer
  life.chart.observe(dna ? observations.stoolDna : observations.fit, at(life, day), 'laboratory', value)
}
