import type { CoreType } from '../../core/index.ts'
import {
  call,
  choose,
  constant,
  field,
  guard,
  integer,
  isNotNull,
  isNull,
  pack,
  test,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import type { TemplateName } from '../algebra/template-name.ts'
import {
  booleanTypeOf,
  decimalTypeOf,
  integerTypeOf,
  longTypeOf,
  quantityTypeOf,
  textTypeOf,
} from '../algebra/types.ts'
import { extreme, inUnit, neighbour } from '../formula/point.ts'
import type { Formula, FormulaTable } from './formula.ts'

const value = (quantity: Expr) => field(quantity, 'value', decimalTypeOf)
const unit = (quantity: Expr) => field(quantity, 'unit', textTypeOf)

/** A quantity; null where its magnitude is. */
export function quantityOf(magnitude: Expr, of: Expr): Expr {
  return unlessNull([magnitude], pack(quantityTypeOf, { value: magnitude, unit: of }))
}

const apply =
  (template: TemplateName, type: CoreType): Formula =>
  (_, ...operands) =>
    call(template, type, ...operands)

/** The same primitive for the three number types. */
function numeric(
  name: string,
  arity: 1 | 2,
  templates: readonly [TemplateName, TemplateName, TemplateName],
): FormulaTable {
  const types = [integerTypeOf, longTypeOf, decimalTypeOf]
  const names = ['Integer', 'Long', 'Decimal']
  return Object.fromEntries(
    names.map((type, index) => [
      `${name}(${Array.from({ length: arity }, () => type).join(', ')}): ${type}`,
      apply(templates[index] ?? 'addInteger', types[index] ?? integerTypeOf),
    ]),
  )
}

const ofQuantity =
  (template: TemplateName): Formula =>
  (_, quantity) =>
    quantityOf(call(template, decimalTypeOf, value(quantity)), unit(quantity))

/** Sum or difference in the finer unit of the two; null where they cannot be compared. */
export const combineQuantities =
  (template: 'addDecimal' | 'subtractDecimal'): Formula =>
  (_, left, right) => {
    const finer = call('finerUnit', textTypeOf, unit(left), unit(right))
    return quantityOf(call(template, decimalTypeOf, inUnit(left, finer), inUnit(right, finer)), finer)
  }

/** The unit of a product or a quotient; of two units neither of which the logic names, by closures. */
function combinedUnit(template: 'productUnit' | 'quotientUnit', left: Expr, right: Expr): Expr {
  const made = call(template, textTypeOf, unit(left), unit(right))
  const isLost = [isNotNull(unit(left)), isNotNull(unit(right)), isNull(made)].reduce((one, other) =>
    test('and', one, other),
  )
  return guard(made, isLost, irregularBy('units that the data and the logic do not have in common'))
}

/** Quotient with the quotient of the units; of comparable units, a number. */
const divideQuantities: Formula = (_, left, right) => {
  const same = inUnit(right, unit(left))
  const divisor = choose(decimalTypeOf, [[isNotNull(same), same]], value(right))
  const bare = test('equals', unit(right), constant('1', textTypeOf))
  const made = combinedUnit('quotientUnit', left, right)
  const of = choose(textTypeOf, [[test('or', isNull(same), bare), made]], constant('1', textTypeOf))
  return quantityOf(call('divideDecimal', decimalTypeOf, value(left), divisor), of)
}

const inLeftUnit =
  (template: TemplateName): Formula =>
  (_, left, right) => {
    const bare = test('equals', unit(right), constant('1', textTypeOf))
    const divisor = choose(decimalTypeOf, [[bare, value(right)]], inUnit(right, unit(left)))
    return quantityOf(call(template, decimalTypeOf, value(left), divisor), unit(left))
  }

const beyond =
  (template: TemplateName, code: string, fails: (operand: Expr, result: Expr) => Expr): Formula =>
  (_, operand) => {
    const result = call(template, decimalTypeOf, operand)
    return guard(result, fails(operand, result), code)
  }

/** A fault for a type that has no least or greatest value. */
function extremeOfType(side: 'least' | 'greatest', type: CoreType): Expr {
  const found = extreme(side, type)
  const none = found.kind === 'const' && found.value === null
  return none ? { kind: 'guard', type, value: found, when: constant(true, booleanTypeOf), code: 'no-extreme' } : found
}

const zero = constant(0, integerTypeOf)

export const arithmeticFormulas: FormulaTable = {
  ...numeric('Abs', 1, ['absoluteInteger', 'absoluteLong', 'absoluteDecimal']),
  ...numeric('Negate', 1, ['negateInteger', 'negateLong', 'negateDecimal']),
  ...numeric('Add', 2, ['addInteger', 'addLong', 'addDecimal']),
  ...numeric('Subtract', 2, ['subtractInteger', 'subtractLong', 'subtractDecimal']),
  ...numeric('Multiply', 2, ['multiplyInteger', 'multiplyLong', 'multiplyDecimal']),
  ...numeric('TruncatedDivide', 2, ['truncatedQuotient', 'truncatedQuotientLong', 'truncatedQuotientDecimal']),
  ...numeric('Modulo', 2, ['remainder', 'remainder', 'remainder']),
  ...numeric('Power', 2, ['powerInteger', 'powerLong', 'powerDecimal']),
  // Powers that are exact only in more digits than the database counts with are left to closures.
  'Power(Decimal, Decimal): Decimal': (_, base, exponent) =>
    guard(
      call('powerDecimal', decimalTypeOf, base, exponent),
      test('isTrue', test('powerTooLong', base, exponent)),
      irregularBy('power in more digits than counted with'),
    ),
  'Abs(Quantity): Quantity': ofQuantity('absoluteDecimal'),
  'Negate(Quantity): Quantity': ofQuantity('negateDecimal'),
  'Add(Quantity, Quantity): Quantity': combineQuantities('addDecimal'),
  'Subtract(Quantity, Quantity): Quantity': combineQuantities('subtractDecimal'),
  'Multiply(Quantity, Quantity): Quantity': (_, left, right) =>
    quantityOf(
      call('multiplyDecimal', decimalTypeOf, value(left), value(right)),
      combinedUnit('productUnit', left, right),
    ),
  'Divide(Decimal, Decimal): Decimal': apply('divideDecimal', decimalTypeOf),
  'Divide(Quantity, Quantity): Quantity': divideQuantities,
  'TruncatedDivide(Quantity, Quantity): Quantity': inLeftUnit('truncatedQuotientDecimal'),
  'Modulo(Quantity, Quantity): Quantity': inLeftUnit('remainder'),
  'Ceiling(Decimal): Integer': apply('ceiling', integerTypeOf),
  'Floor(Decimal): Integer': apply('floor', integerTypeOf),
  'Truncate(Decimal): Integer': apply('truncate', integerTypeOf),
  'Round(Decimal, Integer): Decimal': (_, decimal, places) =>
    call('roundDecimal', decimalTypeOf, decimal, choose(integerTypeOf, [[isNotNull(places), places]], integer(0))),
  'Ln(Decimal): Decimal': beyond('naturalLog', 'no-logarithm', (operand) => test('equals', operand, zero)),
  'Exp(Decimal): Decimal': beyond('exponential', 'beyond-range', (operand, result) =>
    test('and', isNotNull(operand), test('isNull', result)),
  ),
  'Log(Decimal, Decimal): Decimal': apply('logarithm', decimalTypeOf),
  'Successor(T): T': (_, point) => neighbour(point, 1),
  'Predecessor(T): T': (_, point) => neighbour(point, -1),
  'MinValue(): Any': ({ site }) => extremeOfType('least', site.type),
  'MaxValue(): Any': ({ site }) => extremeOfType('greatest', site.type),
}
