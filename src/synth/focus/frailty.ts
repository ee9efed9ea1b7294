import { diagnoses } from '../codes/diagnoses.ts'
import { medications } from '../codes/medications.ts'
import { answers, observations } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import { concept } from '../course/chart.ts'
import type { Life } from '../course/life.ts'
import { lastYear } from '../course/life.ts'
import { dayIn, type Focus, officeVisit, usual } from './focus.ts'

const frailDiagnoses = [diagnoses.sarcopenia, diagnoses.historyOfFalls, diagnoses.wheelchair, diagnoses.pressureUlcer]

function showFrailty(life: Life): void {
  const at = usual(life, dayIn(life, 2, 9))
  life.chart.problem(life.random.pick(frailDiagnoses), at.day, at)
  life.chart.observe(life.random.pick([diagnoses.weakness, diagnoses.unsteadyGait]), at, 'exam', concept(answers.yes))
}

export const frailty: readonly Focus[] = [
  {
    name: 'frail-with-dementia',
    bounds: { ages: [66, 80], ill: ['hypertension'] },
    happen: (life, variant) => {
      officeVisit(life, dayIn(life, 1, 10))
      const at = usual(life, variant % 2 === 0 ? dayIn(life, 1, 9) : dayIn(life, 2, 11, lastYear - 1))
      life.chart.problem(diagnoses.alzheimer, at.day - life.random.int(400, 1500), at)
      life.chart.prescribe(life.random.pick([medications.donepezil, medications.donepezilLow]), at, 90)
      showFrailty(life)
    },
  },
  {
    name: 'frail-with-advanced-illness',
    bounds: { ages: [66, 80], ill: ['diabetes'] },
    happen: (life, variant) => {
      officeVisit(life, dayIn(life, 1, 10))
      const illness = life.random.pick([diagnoses.heartFailure, diagnoses.emphysema, diagnoses.alzheimer])
      const found = variant % 2 === 0 ? dayIn(life, 1, 9) : dayIn(life, 2, 11, lastYear - 1)
      life.chart.problem(illness, found, usual(life, found))
      const nurse = life.chart.visit('frailty', dayIn(life, 2, 11), 660, life.person.homes[0] ?? 0)
      const device = life.random.chance(0.5) ? 'walker' : 'wheelchair'
      life.chart.order(procedures[device], nurse, { device: true })
      life.chart.observe(observations.equipment, nurse, 'survey', concept(answers[device]))
    },
  },
  {
    name: 'old-and-frail',
    bounds: { ages: [81, 85], ill: ['hypertension'] },
    happen: (life) => {
      officeVisit(life, dayIn(life, 1, 10))
      showFrailty(life)
    },
  },
  {
    name: 'nursing-home',
    bounds: { ages: [67, 85], ill: ['hypertension'] },
    happen: (life, variant) => {
      officeVisit(life, dayIn(life, 1, 10))
      const housing = (day: number, home: boolean) =>
        life.chart.observe(
          observations.housing,
          usual(life, day),
          'survey',
          concept(home ? answers.ownHome : answers.nursingHome),
        )
      const wentHome = variant % 8 === 7
      housing(dayIn(life, 1, 12, lastYear - 1), !wentHome)
      housing(dayIn(life, 2, 11), wentHome)
    },
  },
]
