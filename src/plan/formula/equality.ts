import { type CoreType, formatType } from '../../core/index.ts'
import { call, choose, either, field, isNull, nothingOf, test, truth, unlessNull } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { ridOf } from '../algebra/resource-key.ts'
import {
  booleanTypeOf,
  codeTypeOf,
  decimalTypeOf,
  isTemporal,
  listOf,
  quantityTypeOf,
  systemName,
  textTypeOf,
} from '../algebra/types.ts'
import { endOf, startOf } from './interval.ts'
import { convertedBy, type Setting, samePoint } from './point.ts'

/** Compares lists inside rows, which only a scope can: given by the lowering. */
export interface Comparing extends Setting {
  lists(left: Expr, right: Expr, how: 'equal' | 'equivalent'): Expr
}

const partsOf: Readonly<Record<string, readonly (readonly [string, CoreType])[]>> = {
  Ratio: ['numerator', 'denominator'].map((name) => [name, quantityTypeOf] as const),
  Code: ['code', 'system', 'version', 'display'].map((name) => [name, textTypeOf] as const),
  Concept: [
    ['codes', listOf(codeTypeOf)],
    ['display', textTypeOf],
  ],
  ValueSet: ['id', 'version'].map((name) => [name, textTypeOf] as const),
  CodeSystem: ['id', 'version'].map((name) => [name, textTypeOf] as const),
}

/** Names and types of the parts by which a structure is compared. */
export function comparedParts(type: CoreType): readonly (readonly [string, CoreType])[] | undefined {
  if (type.kind === 'tuple') return type.elements.map((element) => [element.name, element.type] as const)
  return partsOf[systemName(type) ?? '']
}

const isNothing = (value: Expr) => value.kind === 'const' && value.value === null

/** CQL's `=`; see core's `equal`. */
export function equal(left: Expr, right: Expr, at: Comparing): Expr {
  if (isNothing(left) || isNothing(right)) return nothingOf(booleanTypeOf, [left, right])
  const [a, b] = [ridOf(left), ridOf(right)]
  if (a !== undefined && b !== undefined) return unlessNull([left, right], test('equals', a, b))
  const uncertain = left.type.kind === 'uncertain' || right.type.kind === 'uncertain'
  if (uncertain) return samePoint(left, right, at)
  if (left.type.kind === 'interval' && right.type.kind === 'interval')
    return unlessNull(
      [left, right],
      test('and', equal(startOf(left), startOf(right), at), equal(endOf(left), endOf(right), at)),
    )
  if (left.type.kind === 'list' && right.type.kind === 'list') return at.lists(left, right, 'equal')
  const parts = comparedParts(left.type)
  if (parts !== undefined && comparedParts(right.type) !== undefined)
    return unlessNull([left, right], equalParts(left, right, parts, at))
  if (formatType(left.type) !== formatType(right.type)) return unlessNull([left, right], truth(false))
  return isTemporal(left.type) || systemName(left.type) === 'Quantity'
    ? samePoint(left, right, at)
    : test('equals', left, right)
}

/** The first pair that is not equal decides; two nulls count as equal. */
function equalParts(left: Expr, right: Expr, parts: readonly (readonly [string, CoreType])[], at: Comparing): Expr {
  return parts.toReversed().reduce<Expr>((rest, [name, type]) => {
    const [a, b] = [field(left, name, type), field(right, name, partType(right, name, type))]
    const same = equal(a, b, at)
    return choose(rest.type, [[either(same, test('and', isNull(a), isNull(b))), rest]], same)
  }, truth(true))
}

function partType(value: Expr, name: string, type: CoreType): CoreType {
  return value.type.kind === 'tuple' ? (value.type.elements.find((one) => one.name === name)?.type ?? type) : type
}

/** CQL's `~`, never null; see core's `equivalent`. */
export function equivalent(left: Expr, right: Expr, at: Comparing): Expr {
  const nulls = test('and', isNull(left), isNull(right))
  if (isNothing(left)) return isNull(right)
  if (isNothing(right)) return isNull(left)
  return choose(nulls.type, [[either(isNull(left), isNull(right)), nulls]], test('isTrue', alike(left, right, at)))
}

function alike(left: Expr, right: Expr, at: Comparing): Expr {
  const name = systemName(left.type)
  if (left.type.kind === 'interval' && right.type.kind === 'interval')
    return test('and', equivalent(startOf(left), startOf(right), at), equivalent(endOf(left), endOf(right), at))
  if (left.type.kind === 'list' && right.type.kind === 'list') return at.lists(left, right, 'equivalent')
  if (formatType(left.type) === formatType(right.type)) {
    const how = equivalences[name ?? '']
    if (how !== undefined) return how(left, right, at)
  }
  if (left.type.kind === 'tuple' && right.type.kind === 'tuple')
    return left.type.elements.reduce<Expr>((rest, { name: part, type }) => {
      const pair = equivalent(field(left, part, type), field(right, part, partType(right, part, type)), at)
      return test('and', rest, pair)
    }, truth(true))
  return equal(left, right, at)
}

const text = (value: Expr, name: string) => field(value, name, textTypeOf)
const loosely = (quantity: Expr, unit: Expr) =>
  convertedBy('convertUnitLoosely', field(quantity, 'value', decimalTypeOf), text(quantity, 'unit'), unit)

const part = (ratio: Expr, name: string) => field(ratio, name, quantityTypeOf)
const magnitude = (quantity: Expr) => field(quantity, 'value', decimalTypeOf)

const equivalences: Readonly<Record<string, (left: Expr, right: Expr, at: Comparing) => Expr>> = {
  String: (left, right) => test('equals', call('foldText', textTypeOf, left), call('foldText', textTypeOf, right)),
  Decimal: (left, right) => test('equivalentDecimals', left, right),
  Quantity: (left, right) => test('equals', field(left, 'value', decimalTypeOf), loosely(right, text(left, 'unit'))),
  Code: (left, right) =>
    test(
      'and',
      test('sameText', text(left, 'code'), text(right, 'code')),
      test('sameText', text(left, 'system'), text(right, 'system')),
    ),
  Concept: (left, right) =>
    test('sharesCode', field(left, 'codes', listOf(codeTypeOf)), field(right, 'codes', listOf(codeTypeOf))),
  Ratio: (left, right) => {
    const numerator = loosely(part(right, 'numerator'), text(part(left, 'numerator'), 'unit'))
    const denominator = loosely(part(right, 'denominator'), text(part(left, 'denominator'), 'unit'))
    const across = call('multiplyDecimal', decimalTypeOf, magnitude(part(left, 'numerator')), denominator)
    const back = call('multiplyDecimal', decimalTypeOf, magnitude(part(left, 'denominator')), numerator)
    return test('equals', across, back)
  },
}
