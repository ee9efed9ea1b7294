import type { ElmNode } from '../../elm/index.ts'
import { declaredType, typeOfName } from '../elm-type.ts'
import type { CoreNode } from '../node.ts'
import type { Operator, Overload } from '../operator/operator.ts'
import { operators } from '../operator/registry.ts'
import { fitSignature } from '../operator/signature.ts'
import { anyType, type CoreType, formatType, isAny, joinTypes } from '../type.ts'
import { spanNamed } from '../value/duration.ts'
import { type Context, children } from './context.ts'

/** Lowers a node that the operator table knows; undefined where it does not. */
export function lowerOperator(node: ElmNode, context: Context): CoreNode | undefined {
  const operator = operators.get(node.type ?? '')
  if (operator === undefined) return undefined
  const given = operandsOf(node, operator, context)
  const operands = operator.name === 'Expand' ? given.map(expandedOnly) : given
  const decimals = (operator.name === 'Power' && hasNegativeExponent(operands)) || mixesNumbers(operator, operands)
  return applyOperator(operator, decimals ? asDecimals(operands, node, context) : operands, node, context)
}

/** Measures expand `Interval[1, days]` for stays of less than a day: that is no day, not an error. */
function expandedOnly(node: CoreNode): CoreNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(expandedOnly) }
  return node.kind === 'interval' ? { ...node, expanded: true } : node
}

/**
 * `Power(10, -3)` is 0.001, though its name in ELM is that of whole numbers: with an exponent that is written as a
 * negative number it is a power of decimals.
 */
function hasNegativeExponent([, exponent]: readonly CoreNode[]): boolean {
  const negated = exponent?.kind === 'operator' && exponent.name === 'Negate'
  const literal = negated ? exponent.args[0] : exponent
  return literal?.kind === 'const' && literal.value !== null && (negated || Number(literal.value) < 0)
}

/** ELM takes such a power for a whole number, and puts no conversion beside it. */
function mixesNumbers(operator: Operator, operands: readonly CoreNode[]): boolean {
  const types = operands.map((operand) => formatType(operand.type))
  return (
    types.includes('Decimal') &&
    types.some(isWhole) &&
    choose(
      operator,
      operands.map((one) => one.type),
    ).overloads.length === 0
  )
}

const isWhole = (type: string): boolean => type === 'Integer' || type === 'Long'

function asDecimals(operands: readonly CoreNode[], node: ElmNode, context: Context): CoreNode[] {
  const toDecimal = operators.get('ToDecimal')
  return operands.map((operand) =>
    toDecimal !== undefined && isWhole(formatType(operand.type))
      ? applyOperator(toDecimal, [operand], node, context)
      : operand,
  )
}

function operandsOf(node: ElmNode, operator: Operator, context: Context): CoreNode[] {
  const nodes =
    operator.fields === undefined ? children(node, 'operand') : operator.fields.map((field) => fieldOf(node, field))
  return nodes.map((operand) =>
    operand === undefined
      ? { kind: 'const', value: null, type: anyType, origin: context.originOf(node) }
      : context.lower(operand as ElmNode),
  )
}

/** What ELM leaves unsaid where a field can hold only one type of node. */
const impliedTypes: Readonly<Record<string, string>> = { valueset: 'ValueSetRef', codesystem: 'CodeSystemRef' }

/** The child under the first of the alternative names that is there. */
function fieldOf(node: ElmNode, names: string): unknown {
  const name = names.split('|').find((one) => node[one] !== undefined)
  const value = name === undefined ? undefined : (node[name] as ElmNode)
  const implied = name === undefined ? undefined : impliedTypes[name]
  return value === undefined || value.type !== undefined || implied === undefined ? value : { ...value, type: implied }
}

/** An operator over lowered operands, with the overload that their types choose. */
export function applyOperator(
  operator: Operator,
  args: readonly CoreNode[],
  node: ElmNode,
  context: Context,
): CoreNode {
  const operands = args.map((arg) => arg.type)
  const { overloads, gives } = choose(operator, operands)
  if (overloads.length === 0)
    return context.refuse(
      node,
      'no-overload',
      `${operator.name} does not take (${operands.map(formatType).join(', ')}).`,
      'Convert the operands to types that the operator takes.',
    )
  const declared = gives.kind === 'choice' ? alternativeOf(gives, declaredType(node)) : undefined
  const type = declared === undefined ? resultType(node, operator, operands, gives) : gives
  const origin = context.originOf(node)
  const made: CoreNode = {
    kind: 'operator',
    name: operator.name,
    lifts: operator.lifts === true,
    takesUncertain: operator.takesUncertain === true,
    overloads,
    args,
    type,
    origin,
    site: { type, operands, ...precisionOf(node) },
  }
  return declared === undefined
    ? made
    : { kind: 'as', operand: made, target: declared, strict: false, type: declared, origin }
}

/** The one alternative of a choice that the translator declares a value to be, as models do of what extensions hold. */
function alternativeOf(choice: Extract<CoreType, { kind: 'choice' }>, declared: CoreType | undefined) {
  return choice.of.find((one) => declared !== undefined && formatType(one) === formatType(declared))
}

/** Of the overloads, the first that surely fits; else all that may. */
function choose(
  operator: Operator,
  operands: readonly CoreType[],
): { overloads: readonly Overload[]; gives: CoreType } {
  const fits = operator.overloads.map((overload) => ({ overload, ...fitSignature(overload.signature, operands) }))
  const possible = fits.filter(({ fit }) => fit !== 'no')
  const sure = possible.find(({ fit }) => fit === 'yes')
  if (sure !== undefined && !possible.slice(0, possible.indexOf(sure)).some(({ fit }) => fit === 'maybe'))
    return { overloads: [sure.overload], gives: sure.gives }
  return { overloads: possible.map(({ overload }) => overload), gives: joinTypes(possible.map(({ gives }) => gives)) }
}

/** What the table says, unless that is open: then what the translator wrote. Uncertain operands make it uncertain. */
function resultType(node: ElmNode, operator: Operator, operands: readonly CoreType[], gives: CoreType): CoreType {
  const valueType = node['valueType']
  if (typeof valueType === 'string') return typeOfName(valueType)
  const type = isAny(gives) || gives.kind === 'choice' ? (declaredType(node) ?? gives) : gives
  const uncertain = operator.lifts === true && operands.some((operand) => operand.kind === 'uncertain')
  return uncertain && type.kind !== 'uncertain' ? { kind: 'uncertain', of: type } : type
}

function precisionOf(node: ElmNode) {
  const span = typeof node['precision'] === 'string' ? spanNamed(node['precision']) : undefined
  return span === undefined ? {} : { precision: span.precision, weeks: span.weeks }
}
