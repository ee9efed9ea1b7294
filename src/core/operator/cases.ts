import { aggregateCases } from './aggregate.cases.ts'
import { arithmeticCases } from './arithmetic.cases.ts'
import { clinicalCases } from './clinical.cases.ts'
import { comparisonCases } from './comparison.cases.ts'
import { datetimeCases } from './datetime.cases.ts'
import { errorCases } from './error.cases.ts'
import { intervalCases } from './interval.cases.ts'
import { listCases } from './list.cases.ts'
import { logicalCases } from './logical.cases.ts'
import { nullologicalCases } from './nullological.cases.ts'
import type { OperatorCase } from './operator-case.ts'
import { queryCases } from './query.cases.ts'
import { stringCases } from './string.cases.ts'
import { typeCases } from './type.cases.ts'

/** The one case suite of the operators, by chapter: every engine that runs core must pass it. */
export const casesByChapter: Readonly<Record<string, readonly OperatorCase[]>> = {
  nullological: nullologicalCases,
  logical: logicalCases,
  comparison: comparisonCases,
  arithmetic: arithmeticCases,
  string: stringCases,
  datetime: datetimeCases,
  interval: intervalCases,
  list: listCases,
  query: queryCases,
  aggregate: aggregateCases,
  clinical: clinicalCases,
  type: typeCases,
  error: errorCases,
}
