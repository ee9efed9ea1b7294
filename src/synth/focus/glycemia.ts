import { dayOf } from '../calendar.ts'
import { diagnoses } from '../codes/diagnoses.ts'
import { observations } from '../codes/observations.ts'
import { quantity } from '../course/chart.ts'
import type { Life } from '../course/life.ts'
import { lastYear } from '../course/life.ts'
import { dayIn, type Focus, officeVisit } from './focus.ts'

const diabetics = { ages: [45, 75], ill: ['diabetes'] } as const

/** A last visit of the year with the glycemic status of the day, as each focus has it. */
function lastVisit(life: Life) {
  const visit = officeVisit(life, dayOf(lastYear, 12, life.random.int(14, 30)))
  life.chart.reason(life.diabetes?.code ?? diagnoses.type2Diabetes, visit, life.diabetes?.since)
  return visit
}

export const glycemia: readonly Focus[] = [
  {
    name: 'glucose-sensor',
    bounds: diabetics,
    happen: (life, variant) => {
      officeVisit(life, dayIn(life, 1, 10))
      const visit = lastVisit(life)
      const level = variant % 2 === 0 ? 7.1 : 9.6
      life.chart.observe(observations.glucoseManagement, visit, 'laboratory', quantity(level, '%'))
      if (variant % 4 === 0) life.chart.observe(observations.hba1c, visit, 'laboratory', quantity(9.4, '%'))
    },
  },
  {
    name: 'last-test-without-result',
    bounds: diabetics,
    happen: (life) => {
      life.chart.observe(observations.hba1c, lastVisit(life), 'laboratory')
    },
  },
]
