import { arithmeticFormulas } from './arithmetic.ts'
import { boundaryFormulas } from './boundary.ts'
import { clinicalFormulas } from './clinical.ts'
import { comparisonFormulas } from './comparison.ts'
import { datetimeFormulas } from './datetime.ts'
import type { Formula, FormulaTable } from './formula.ts'
import { intervalFormulas } from './interval.ts'
import { logicalFormulas } from './logical.ts'
import { messageFormulas } from './message.ts'
import { stringFormulas } from './string.ts'
import { typeFormulas } from './type.ts'

const tables: readonly FormulaTable[] = [
  logicalFormulas,
  comparisonFormulas,
  arithmeticFormulas,
  boundaryFormulas,
  stringFormulas,
  datetimeFormulas,
  intervalFormulas,
  typeFormulas,
  clinicalFormulas,
  messageFormulas,
]

/** Formulas of all operators over single values, by operator and signature. */
export const formulas: ReadonlyMap<string, Formula> = new Map(tables.flatMap((table) => Object.entries(table)))
