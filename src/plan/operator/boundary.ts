import { call, choose, constant, field, integer, isNotNull } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { decimalTypeOf, integerTypeOf, momentTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { placesOf } from '../formula/places.ts'
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

/** The least or greatest value of so many places that a Decimal may stand for; see `placesOf`. */
const decimalBoundary =
  (template: 'lowerBoundary' | 'upperBoundary'): Formula =>
  (_, decimal, places) => {
    const wanted = choose(integerTypeOf, [[isNotNull(places), places]], integer(8))
    return call(template, decimalTypeOf, decimal, placesOf(decimal), wanted)
  }

export const boundaryFormulas: FormulaTable = {
  ...Object.fromEntries(
    temporal.flatMap((type): [string, Formula][] => [
      [`LowBoundary(${type}, Integer): ${type}`, boundary('lo')],
      [`HighBoundary(${type}, Integer): ${type}`, boundary('hi')],
      [`Precision(${type}): Integer`, (_, point) => call('digitsOfTemporal', integerTypeOf, point, kindOf(point))],
    ]),
  ),
  'LowBoundary(Decimal, Integer): Decimal': decimalBoundary('lowerBoundary'),
  'HighBoundary(Decimal, Integer): Decimal': decimalBoundary('upperBoundary'),
  'Precision(Decimal): Integer': (_, decimal) => placesOf(decimal),
}
