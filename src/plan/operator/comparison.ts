import { not } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { equal, equivalent } from '../formula/equality.ts'
import { less, lessOrEqual } from '../formula/point.ts'
import type { At, FormulaTable } from './formula.ts'

const orderedTypes = ['Integer', 'Long', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity']

function ordered(name: string, compare: (at: At, left: Expr, right: Expr) => Expr): FormulaTable {
  return Object.fromEntries(orderedTypes.map((type) => [`${name}(${type}, ${type}): Boolean`, compare]))
}

export const comparisonFormulas: FormulaTable = {
  'Equal(T, T): Boolean': (at, left, right) => equal(left, right, at),
  'NotEqual(T, T): Boolean': (at, left, right) => not(equal(left, right, at)),
  'Equivalent(T, T): Boolean': (at, left, right) => equivalent(left, right, at),
  ...ordered('Less', (at, left, right) => less(left, right, at)),
  ...ordered('LessOrEqual', (at, left, right) => lessOrEqual(left, right, at)),
  ...ordered('Greater', (at, left, right) => less(right, left, at)),
  ...ordered('GreaterOrEqual', (at, left, right) => lessOrEqual(right, left, at)),
}
