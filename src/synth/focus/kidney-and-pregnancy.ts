import { diagnoses } from '../codes/diagnoses.ts'
import { procedures } from '../codes/procedures.ts'
import { lastYear } from '../course/life.ts'
import { dayIn, type Focus, officeVisit, usual } from './focus.ts'

export const kidneyAndPregnancy: readonly Focus[] = [
  {
    name: 'kidney-failure',
    bounds: { ages: [40, 80], ill: ['hypertension'] },
    happen: (life) => {
      const visit = officeVisit(life, dayIn(life, 1, 11))
      const began = dayIn(life, 1, 12, lastYear - 3)
      life.chart.problem(diagnoses.kidneyStage5, began, usual(life, began))
      life.chart.problem(diagnoses.endStageRenal, began + 300, usual(life, began + 300))
      life.chart.reason(diagnoses.endStageRenal, visit, began + 300)
      for (const month of [2, 5, 8]) life.chart.act(procedures.dialysis, usual(life, dayIn(life, month, month)))
    },
  },
  {
    name: 'kidney-transplant',
    bounds: { ages: [30, 72], ill: ['hypertension'] },
    happen: (life) => {
      officeVisit(life, dayIn(life, 1, 11))
      const day = dayIn(life, 1, 12, lastYear - life.random.int(0, 4))
      life.chart.act(procedures.kidneyTransplant, usual(life, day))
      life.chart.problem(diagnoses.kidneyTransplantStatus, day + 5, usual(life, day))
    },
  },
  {
    name: 'pregnancy',
    bounds: { ages: [22, 42], sex: 'female', ill: ['hypertension'] },
    happen: (life) => {
      const day = dayIn(life, 1, 8)
      const visit = officeVisit(life, day)
      const code = life.random.chance(0.6) ? diagnoses.pregnancy : diagnoses.highRiskPregnancy
      life.chart.reason(code, visit)
      life.chart.problem(code, day, visit, { end: day + life.random.int(120, 260) })
    },
  },
]
