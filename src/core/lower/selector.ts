import type { ElmNode } from '../../elm/index.ts'
import { declaredType, typeOfName, typeOfSpecifier } from '../elm-type.ts'
import type { CoreNode } from '../node.ts'
import {
  anyType,
  booleanType,
  type CoreType,
  formatType,
  intervalType,
  isAny,
  joinTypes,
  listType,
  systemType,
} from '../type.ts'
import { fractionDigits, parseDecimal } from '../value/decimal.ts'
import { greatestInteger, greatestLong, leastInteger, leastLong } from '../value/point.ts'
import { calendarUnit } from '../value/unit.ts'
import { Quantity, Ratio, type Value } from '../value/value.ts'
import { type Context, child, children, type LowerNode } from './context.ts'
import { lowerOperator } from './operator.ts'

/** A constant of a type. */
export function constant(value: Value, type: CoreType, node: ElmNode, context: Context): CoreNode {
  return { kind: 'const', value, type, origin: context.originOf(node) }
}

const longWithin = (value: bigint) => (value >= leastLong && value <= greatestLong ? value : undefined)

const literalReaders: Readonly<Record<string, (text: string) => Value | undefined>> = {
  Boolean: (text) => text === 'true',
  Integer: (text) => (Number(text) >= leastInteger && Number(text) <= greatestInteger ? Number(text) + 0 : undefined),
  Long: (text) => longWithin(BigInt(text.replace(/L$/, ''))),
  Decimal: (text) => (fractionDigits(text) > 8 ? undefined : (parseDecimal(text) ?? undefined)),
  String: (text) => text,
}

const lowerLiteral: LowerNode = (node, context) => {
  const type = typeOfName(String(node['valueType']))
  const value = type.kind === 'system' ? literalReaders[type.name]?.(String(node['value'])) : undefined
  return value === undefined
    ? context.refuse(node, 'literal-out-of-range', 'A literal cannot be represented in its type.')
    : constant(value, type, node, context)
}

/** A sign before a literal belongs to it: the least Integer is written so, and its magnitude alone is none. */
const lowerNegate: LowerNode = (node, context) => {
  const operand = child(node, 'operand')
  const value = operand.type === 'Literal' ? { ...operand, value: `-${String(operand['value'])}` } : undefined
  return value === undefined
    ? (lowerOperator(node, context) ?? context.refuse(node, 'unsupported', 'Negate is not supported.'))
    : lowerLiteral(value, context)
}

/** A quantity of the translator, whose value is a JSON number. */
function quantityOf(node: ElmNode): Quantity | undefined {
  const value = parseDecimal(typeof node['value'] === 'number' ? String(node['value']) : '0')
  const unit = typeof node['unit'] === 'string' ? node['unit'] : '1'
  return value === undefined || value === null ? undefined : new Quantity(value, calendarUnit(unit) ?? unit)
}

const lowerQuantity: LowerNode = (node, context) => {
  const quantity = quantityOf(node)
  return quantity === undefined
    ? context.refuse(node, 'literal-out-of-range', 'A quantity cannot be represented.')
    : constant(quantity, systemType('Quantity'), node, context)
}

const lowerRatio: LowerNode = (node, context) => {
  const [numerator, denominator] = [quantityOf(child(node, 'numerator')), quantityOf(child(node, 'denominator'))]
  return numerator === undefined || denominator === undefined
    ? context.refuse(node, 'literal-out-of-range', 'A ratio cannot be represented.')
    : constant(new Ratio(numerator, denominator), systemType('Ratio'), node, context)
}

const lowerList: LowerNode = (node, context) => {
  const items = children(node, 'element').map((item) => context.lower(item))
  const declared = declaredType(node)
  const inferred = joinTypes(items.map((item) => item.type))
  const type = isAny(inferred) && declared !== undefined ? declared : listType(inferred)
  return { kind: 'list', items, type, origin: context.originOf(node) }
}

/** Objects of a model, lists and tuples are no points. */
function hasNoOrder(point: CoreType): boolean {
  if (point.kind === 'choice') return point.of.length > 0 && point.of.every(hasNoOrder)
  return point.kind === 'class' || point.kind === 'tuple' || point.kind === 'list'
}

const lowerInterval: LowerNode = (node, context) => {
  const [low, high] = [context.lower(child(node, 'low')), context.lower(child(node, 'high'))]
  const point = joinTypes([low.type, high.type])
  const closed = (side: 'low' | 'high') => {
    const expression = node[`${side}ClosedExpression`] as ElmNode | undefined
    return expression === undefined
      ? constant(node[`${side}Closed`] !== false, booleanType, node, context)
      : context.lower(expression)
  }
  const type = isAny(point) ? (declaredType(node) ?? intervalType(anyType)) : intervalType(point)
  if (hasNoOrder(point))
    return context.refuse(
      node,
      'no-order',
      `An interval needs points that have an order; ${formatType(point)} has none.`,
      'Convert its bounds, for instance with FHIRHelpers.ToDateTime.',
    )
  return {
    kind: 'interval',
    low,
    high,
    lowClosed: closed('low'),
    highClosed: closed('high'),
    type,
    origin: context.originOf(node),
  }
}

function fieldsOf(node: ElmNode, context: Context) {
  return children(node, 'element').map((element) => ({
    name: String(element['name']),
    value: context.lower(child(element, 'value')),
  }))
}

const lowerTuple: LowerNode = (node, context) => {
  const fields = fieldsOf(node, context)
  const elements = fields.map(({ name, value }) => ({ name, type: value.type }))
  return { kind: 'tuple', fields, type: { kind: 'tuple', elements }, origin: context.originOf(node) }
}

const lowerInstance: LowerNode = (node, context) => ({
  kind: 'instance',
  fields: fieldsOf(node, context),
  type: typeOfName(String(node['classType'])),
  origin: context.originOf(node),
})

/** The type that `Is`, `As` or `Convert` names, as a name or a specifier. */
function targetType(node: ElmNode, verb: 'is' | 'as' | 'to'): CoreType {
  const name = node[`${verb}Type`]
  return typeof name === 'string' ? typeOfName(name) : typeOfSpecifier(child(node, `${verb}TypeSpecifier`))
}

const lowerIs: LowerNode = (node, context) => ({
  kind: 'is',
  operand: context.lower(child(node, 'operand')),
  target: targetType(node, 'is'),
  type: booleanType,
  origin: context.originOf(node),
})

const lowerAs: LowerNode = (node, context) => {
  const operand = context.lower(child(node, 'operand'))
  const target = targetType(node, 'as')
  const origin = context.originOf(node)
  if (operand.kind === 'const' && operand.value === null) return { ...operand, type: target }
  return { kind: 'as', operand, target, strict: node['strict'] === true, type: target, origin }
}

/** Literals, selectors and type operators. https://cql.hl7.org/elm.html */
export const selectorTable: Readonly<Record<string, LowerNode>> = {
  Null: (node, context) => constant(null, declaredType(node) ?? anyType, node, context),
  Literal: lowerLiteral,
  Negate: lowerNegate,
  Quantity: lowerQuantity,
  Ratio: lowerRatio,
  List: lowerList,
  Interval: lowerInterval,
  Tuple: lowerTuple,
  Instance: lowerInstance,
  Is: lowerIs,
  As: lowerAs,
}
