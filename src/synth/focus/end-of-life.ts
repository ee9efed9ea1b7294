import type { Code } from '../codes/code.ts'
import { diagnoses } from '../codes/diagnoses.ts'
import { answers, observations } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import { concept, quantity } from '../course/chart.ts'
import { measurePressure } from '../course/checkup.ts'
import { die } from '../course/late-life.ts'
import type { Life } from '../course/life.ts'
import { dayIn, type Focus, officeVisit, usual } from './focus.ts'

const seriousIllness = [diagnoses.heartFailure, diagnoses.emphysema, diagnoses.lungMetastasis] as const

/** A stay in hospital that ends in hospice care at the given place. */
function leaveForHospice(life: Life, disposition: Code): number {
  officeVisit(life, dayIn(life, 1, 3))
  const day = dayIn(life, 4, 8)
  const { minute, home } = usual(life, day)
  life.chart.problem(life.random.pick(seriousIllness), dayIn(life, 1, 3), usual(life, day))
  const stay = life.chart.visit('inpatient', day, minute, home, { disposition })
  measurePressure(life, stay)
  return day + 3
}

export const endOfLife: readonly Focus[] = [
  {
    name: 'hospice-at-home',
    bounds: { ages: [55, 85] },
    happen: (life, variant) => {
      const day = leaveForHospice(life, answers.hospiceAtHome)
      life.chart.visit(variant % 3 === 0 ? 'hospiceAdmission' : 'hospice', day + 2, 600, life.person.homes[0] ?? 0)
      life.chart.problem(diagnoses.underHospice, day + 2, usual(life, day + 2))
      if (variant % 2 === 0) die(life, day + life.random.int(20, 90))
    },
  },
  {
    name: 'hospice-at-facility',
    bounds: { ages: [55, 85] },
    happen: (life, variant) => {
      const day = leaveForHospice(life, answers.hospiceAtFacility)
      const at = usual(life, day + 1)
      life.chart.observe(observations.hospiceCare, at, 'survey', concept(answers.yes))
      life.chart.order(procedures.hospiceCare, usual(life, day))
      life.chart.act(procedures.hospiceCare, at, { end: day + 20 })
      if (variant % 2 === 0) die(life, day + life.random.int(25, 90))
    },
  },
  {
    name: 'palliative-care',
    bounds: { ages: [46, 74] },
    happen: (life) => {
      officeVisit(life, dayIn(life, 1, 4))
      const day = dayIn(life, 5, 10)
      const visit = life.chart.visit('palliative', day, 600, life.person.homes[0] ?? 0)
      life.chart.reason(diagnoses.palliative, visit)
      life.chart.observe(observations.facitPal, visit, 'survey', quantity(life.random.int(60, 150), '{score}'))
      life.chart.act(procedures.palliativeCare, visit)
      life.chart.observe(observations.hospiceCare, visit, 'survey', concept(answers.no))
    },
  },
]
