import { diagnoses } from '../codes/diagnoses.ts'
import { answers } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import { colonography, sigmoidoscopy } from '../course/cancer-screening.ts'
import type { Life } from '../course/life.ts'
import { lastYear } from '../course/life.ts'
import { dayIn, type Focus, officeVisit, usual } from './focus.ts'

const women = { ages: [44, 74], sex: 'female' } as const

/** Breast cancer some years ago: the day of the operation. */
function breastCancer(life: Life): number {
  officeVisit(life, dayIn(life, 1, 11))
  const found = dayIn(life, 1, 12, lastYear - life.random.int(1, 5))
  life.chart.problem(diagnoses.breastCancer, found, usual(life, found))
  return found + life.random.int(20, 60)
}

export const cancer: readonly Focus[] = [
  {
    name: 'both-breasts-removed',
    bounds: women,
    happen: (life, variant) => {
      const day = breastCancer(life)
      life.chart.act(variant % 2 === 0 ? procedures.mastectomyBoth : procedures.mastectomyBothPcs, usual(life, day))
      life.chart.problem(diagnoses.noBreasts, day + 30, usual(life, day + 30))
    },
  },
  {
    name: 'one-breast-then-the-other',
    bounds: women,
    happen: (life) => {
      const day = breastCancer(life)
      const later = Math.min(day + life.random.int(60, 400), usual(life, dayIn(life, 6, 11)).day)
      life.chart.act(procedures.mastectomyRight, usual(life, day))
      life.chart.act(procedures.mastectomyLeft, usual(life, later))
      life.chart.problem(diagnoses.noRightBreast, day + 20, usual(life, day + 20))
      life.chart.problem(diagnoses.noLeftBreast, later + 20, usual(life, later + 20))
    },
  },
  {
    name: 'side-as-body-site',
    bounds: women,
    happen: (life) => {
      const day = breastCancer(life) + 30
      life.chart.problem(diagnoses.noBreastUnspecified, day, usual(life, day), { site: answers.right })
      life.chart.problem(diagnoses.noBreastUnspecified, day + 40, usual(life, day + 40), { site: answers.left })
    },
  },
  {
    name: 'colorectal-cancer',
    bounds: { ages: [48, 75] },
    happen: (life, variant) => {
      officeVisit(life, dayIn(life, 1, 11))
      const found = dayIn(life, 1, 12, lastYear - life.random.int(1, 6))
      life.chart.problem(variant % 3 === 0 ? diagnoses.rectalCancer : diagnoses.colonCancer, found, usual(life, found))
      const code = variant % 2 === 0 ? procedures.totalColectomy : procedures.totalColectomyPcs
      life.chart.act(code, usual(life, found + life.random.int(15, 60)))
    },
  },
  {
    name: 'rarely-used-colon-tests',
    bounds: { ages: [50, 75] },
    happen: (life) => {
      officeVisit(life, dayIn(life, 1, 11))
      colonography(life, dayIn(life, 1, 12, lastYear - life.random.int(0, 3)))
      sigmoidoscopy(life, dayIn(life, 1, 11, lastYear - life.random.int(0, 3)))
    },
  },
]
