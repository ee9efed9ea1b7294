import { call, choose, constant, field, isNotNull } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { integerTypeOf, momentTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { temporalOf } from '../formula/point.ts'
import type { Formula, FormulaTable } from './formula.ts'

const temporal = ['Date', 'DateTime', 'Time']
const kindOf = (point: Expr): Expr => constant(systemName(point.type) ?? '', textTypeOf)

/** The first or last value of a precision (in digits) that an imprecise date or time may stand for. */
const boundary =
  (moment: 'lo' | 'hi'): Formula =>
  (_, point, digits) => {
    const precision = call('precisionOfDigits', integerTypeOf, digits, kindOf(point))
    const cut = call('floorTo', momentTypeOf, field(point, moment, momentTypeOf), precision)
    return choose(point.type, [[isNotNull(precision), temporalOf(point.type, cut, point, precision)]])
  }

/** Boundaries of dates and times. A Decimal's are not here: how many digits it was written with, no column holds. */
export const boundaryFormulas: FormulaTable = Object.fromEntries(
  temporal.flatMap((type): [string, Formula][] => [
    [`LowBoundary(${type}, Integer): ${type}`, boundary('lo')],
    [`HighBoundary(${type}, Integer): ${type}`, boundary('hi')],
    [`Precision(${type}): Integer`, (_, point) => call('digitsOfTemporal', integerTypeOf, point, kindOf(point))],
  ]),
)
