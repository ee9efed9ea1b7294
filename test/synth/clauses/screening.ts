import type { Json } from '../demo.ts'
import { type Days, endsBy, hasCategory, isCode, isDuring, isIn, period } from '../evidence.ts'
import type { SetName } from '../value-set-samples.ts'
import { type Clause, clause } from './clause.ts'

const since = (first: string): Days => ({ first, last: period.last })

const isOnSide = (one: Json, side: string | undefined): boolean =>
  side === undefined || ((one.bodySite ?? []) as Json[]).some((site) => isCode(site, side))

const condition = (measure: string, set: SetName, side?: string): Clause =>
  clause(measure, side === undefined ? set : `${set}, body site ${side}`, (person) =>
    person.conditions(set, (one) => isOnSide(one, side)).some(({ first }) => first <= period.last),
  )

const operation = (measure: string, set: SetName): Clause =>
  clause(measure, `${set} performed`, (person) => person.procedures(set).some((days) => endsBy(days, period.last)))

const hasValue = (one: Json) =>
  one.valueQuantity !== undefined || one.valueCodeableConcept !== undefined || one.valueString !== undefined

const image = (measure: string, set: SetName, span: Days): Clause =>
  clause(measure, `${set} since ${span.first}`, (person) =>
    person
      .observations((one) => isIn(one.code, set) && hasCategory(one, 'imaging'))
      .some(({ days }) => isDuring(days, span)),
  )

const laboratory = (set: SetName, span: Days): Clause =>
  clause('130', `${set} with a value since ${span.first}`, (person) =>
    person.observations((one) => isIn(one.code, set) && hasValue(one)).some(({ days }) => isDuring(days, span)),
  )

const scope = (set: SetName, span: Days): Clause =>
  clause('130', `${set} since ${span.first}`, (person) => person.procedures(set).some((days) => isDuring(days, span)))

const left = '7771000'
const right = '24028007'

export const screeningClauses: readonly Clause[] = [
  condition('125', 'Status Post Right Mastectomy'),
  condition('125', 'Status Post Left Mastectomy'),
  condition('125', 'Unilateral Mastectomy, Unspecified Laterality', right),
  condition('125', 'Unilateral Mastectomy, Unspecified Laterality', left),
  condition('125', 'History of bilateral mastectomy'),
  operation('125', 'Unilateral Mastectomy Right'),
  operation('125', 'Unilateral Mastectomy Left'),
  operation('125', 'Bilateral Mastectomy'),
  image('125', 'Mammography', since('2024-10-01')),
  condition('130', 'Malignant Neoplasm of Colon'),
  operation('130', 'Total Colectomy'),
  laboratory('Fecal Occult Blood Test (FOBT)', period),
  laboratory('sDNA FIT Test', since('2024-01-01')),
  scope('Flexible Sigmoidoscopy', since('2022-01-01')),
  image('130', 'CT Colonography', since('2022-01-01')),
  scope('Colonoscopy', since('2017-01-01')),
]
