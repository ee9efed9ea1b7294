import type { CoreType } from '../../core/index.ts'
import { call, choose, constant, field, integer, isNotNull, nothing, pack, test, unlessNull } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { TemplateName } from '../algebra/template-name.ts'
import {
  booleanTypeOf,
  codeTypeOf,
  dateTimeTypeOf,
  dateTypeOf,
  decimalTypeOf,
  integerTypeOf,
  listOf,
  longTypeOf,
  momentTypeOf,
  quantityTypeOf,
  textTypeOf,
  timeTypeOf,
} from '../algebra/types.ts'
import { placesOf } from '../formula/places.ts'
import { inUnit } from '../formula/point.ts'
import { quantityOf } from './arithmetic.ts'
import { dateOf } from './datetime.ts'
import type { Formula, FormulaTable } from './formula.ts'

const apply =
  (template: TemplateName, type: CoreType): Formula =>
  (_, operand) =>
    call(template, type, operand)
const same: Formula = (_, operand) => operand
const one = constant('1', textTypeOf)

const dateTimeOfDate: Formula = (at, date) =>
  call(
    'temporalOf',
    dateTimeTypeOf,
    field(date, 'lo', momentTypeOf),
    integer(at.offset),
    field(date, 'precision', integerTypeOf),
  )

/** A date or time from its text: its first moment, its precision and its offset are read apart. */
function temporal(type: CoreType, first: TemplateName, precision: TemplateName, text: Expr, offset: Expr): Expr {
  return call('temporalOf', type, call(first, momentTypeOf, text), offset, call(precision, integerTypeOf, text))
}

const ratioTypeOf: CoreType = { kind: 'system', name: 'Ratio' }
const conceptType: CoreType = { kind: 'system', name: 'Concept' }

/** Conversions by what they give, then by what they take. */
const conversions: Readonly<Record<string, Readonly<Record<string, Formula>>>> = {
  Boolean: {
    Boolean: same,
    String: apply('textToBoolean', booleanTypeOf),
    Integer: apply('numberToBoolean', booleanTypeOf),
    Long: apply('numberToBoolean', booleanTypeOf),
    Decimal: apply('numberToBoolean', booleanTypeOf),
  },
  Integer: {
    Integer: same,
    String: apply('textToInteger', integerTypeOf),
    Boolean: apply('booleanToInteger', integerTypeOf),
    Long: apply('longToInteger', integerTypeOf),
  },
  Long: {
    Long: same,
    Integer: apply('integerToLong', longTypeOf),
    String: apply('textToLong', longTypeOf),
    Boolean: apply('booleanToLong', longTypeOf),
  },
  Decimal: {
    Decimal: same,
    Integer: apply('integerToDecimal', decimalTypeOf),
    Long: apply('longToDecimal', decimalTypeOf),
    String: apply('textToDecimal', decimalTypeOf),
    Boolean: apply('booleanToDecimal', decimalTypeOf),
  },
  Date: {
    Date: same,
    DateTime: (_, point) => dateOf(point),
    String: (_, text) => temporal(dateTypeOf, 'dateOfText', 'datePrecisionOfText', text, nothing(integerTypeOf)),
  },
  DateTime: {
    DateTime: same,
    Date: dateTimeOfDate,
    String: (at, text) =>
      temporal(
        dateTimeTypeOf,
        'momentOfText',
        'precisionOfText',
        text,
        call('offsetOfText', integerTypeOf, text, integer(at.offset)),
      ),
  },
  Time: {
    Time: same,
    String: (_, text) => temporal(timeTypeOf, 'timeOfText', 'timePrecisionOfText', text, nothing(integerTypeOf)),
  },
  Ratio: { Ratio: same, String: apply('textToRatio', ratioTypeOf) },
  Quantity: {
    Quantity: same,
    Decimal: (_, operand) => quantityOf(operand, one),
    Integer: (_, operand) => quantityOf(call('integerToDecimal', decimalTypeOf, operand), one),
    Ratio: (_, ratio) => {
      const unit = field(field(ratio, 'denominator', quantityTypeOf), 'unit', textTypeOf)
      return choose(quantityTypeOf, [[test('equals', unit, one), field(ratio, 'numerator', quantityTypeOf)]])
    },
    String: apply('textToQuantity', quantityTypeOf),
  },
  String: {
    String: same,
    Boolean: apply('booleanToText', textTypeOf),
    Integer: apply('numberToText', textTypeOf),
    Long: apply('numberToText', textTypeOf),
    Decimal: (_, decimal) => textOfDecimal(decimal, 1),
    Date: apply('dateToText', textTypeOf),
    Time: apply('timeToText', textTypeOf),
    DateTime: (at, point) => call('dateTimeToText', textTypeOf, point, integer(at.offset)),
    Quantity: (_, quantity) => textOfQuantity(quantity),
    Ratio: (_, ratio) => {
      const [above, below] = ['numerator', 'denominator'].map((name) =>
        textOfQuantity(field(ratio, name, quantityTypeOf)),
      )
      return joined(joined(above ?? one, constant(':', textTypeOf)), below ?? one)
    },
  },
}

const joined = (left: Expr, right: Expr): Expr => call('concatenate', textTypeOf, left, right)

/** A decimal as it was written, with at least so many digits after the point; see `placesOf`. */
function textOfDecimal(decimal: Expr, least: number): Expr {
  return call('decimalToText', textTypeOf, decimal, placesOf(decimal), integer(least))
}

function textOfQuantity(quantity: Expr): Expr {
  const magnitude = textOfDecimal(field(quantity, 'value', decimalTypeOf), 0)
  return joined(magnitude, call('unitToText', textTypeOf, field(quantity, 'unit', textTypeOf)))
}

const converting = Object.entries(conversions).flatMap(([to, from]) =>
  Object.entries(from).flatMap(([type, formula]): [string, Formula][] => [
    [`To${to}(${type}): ${to}`, formula],
    [
      `ConvertsTo${to}(${type}): Boolean`,
      (at, operand) => unlessNull([operand], isNotNull(formula(at, operand, operand, operand))),
    ],
  ]),
)

const inGivenUnit: Formula = (_, quantity, unit) => quantityOf(inUnit(quantity, unit), unit)

function conceptOf(codes: Expr, display: Expr): Expr {
  return unlessNull([codes], pack(conceptType, { codes, display }))
}

export const typeFormulas: FormulaTable = {
  ...Object.fromEntries(converting),
  'ToConcept(Code): Concept': (_, code) =>
    unlessNull([code], conceptOf(call('singleList', listOf(codeTypeOf), code), field(code, 'display', textTypeOf))),
  'ToConcept(List<Code>): Concept': (_, codes) =>
    conceptOf(call('listWithoutNulls', listOf(codeTypeOf), codes), nothing(textTypeOf)),
  'ToList(T): List<T>': (_, value) => call('singleList', listOf(value.type), value),
  'ConvertQuantity(Quantity, String): Quantity': inGivenUnit,
  'CanConvertQuantity(Quantity, String): Boolean': (at, quantity, unit) =>
    unlessNull([quantity, unit], isNotNull(inGivenUnit(at, quantity, unit, unit))),
}
