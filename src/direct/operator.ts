import {
  type CallSite,
  type CoreNode,
  isAny,
  kindOf,
  type Overload,
  overloadFor,
  runFault,
  runLifted,
  Uncertain,
  type Value,
} from '../core/index.ts'
import type { Evaluate, Session } from './closure.ts'

type OperatorNode = Extract<CoreNode, { kind: 'operator' }>
type Apply = (operands: readonly Value[], session: Session) => Value

/**
 * An operator node as a closure over its compiled operands. All operands are evaluated even where one is null: an
 * error in another is an error of the whole.
 */
export function operatorClosure(node: OperatorNode, args: readonly Evaluate[]): Evaluate {
  const [only] = node.overloads
  const [first, second] = args
  if (only !== undefined && node.overloads.length === 1) {
    if (args.length === 1 && first !== undefined) return unaryClosure(node, only, first)
    if (args.length === 2 && first !== undefined && second !== undefined)
      return binaryClosure(node, only, first, second)
  }
  const apply = applierOf(node)
  return (variables, session) =>
    apply(
      args.map((arg) => arg(variables, session)),
      session,
    )
}

/** The common case, without a list of operands: what most of the time is spent in. */
function unaryClosure(node: OperatorNode, { call, nulls }: Overload, arg: Evaluate): Evaluate {
  const { site } = node
  if (nulls === 'own' && !minds(node)) return (variables, session) => call(arg(variables, session), site, session.env)
  const apply = applierOf(node)
  const strict = nulls === 'strict'
  return (variables, session) => {
    const operand = arg(variables, session)
    if (operand === null && strict) return null
    return operand instanceof Uncertain ? apply([operand], session) : call(operand, site, session.env)
  }
}

function binaryClosure(node: OperatorNode, { call, nulls }: Overload, left: Evaluate, right: Evaluate): Evaluate {
  const { site } = node
  if (nulls === 'own' && !minds(node))
    return (variables, session) => call(left(variables, session), right(variables, session), site, session.env)
  const apply = applierOf(node)
  const strict = nulls === 'strict'
  return (variables, session) => {
    const a = left(variables, session)
    const b = right(variables, session)
    if (strict && (a === null || b === null)) return null
    if (a instanceof Uncertain || b instanceof Uncertain) return apply([a, b], session)
    return call(a, b, site, session.env)
  }
}

/** True where uncertain operands are no concern of the operator's own: it lifts over them, or refuses them. */
function minds(node: OperatorNode): boolean {
  return node.lifts || (!node.takesUncertain && node.overloads.some(takesPlainValues))
}

/** One overload with its null rule. */
function runner(overload: Overload, site: CallSite): Apply {
  if (overload.nulls === 'own') return (operands, session) => overload.run(operands, site, session.env)
  return (operands, session) => (operands.includes(null) ? null : overload.run(operands, site, session.env))
}

function applierOf(node: OperatorNode): Apply {
  const [only] = node.overloads
  const site: CallSite = node.site
  const run: Apply =
    only !== undefined && node.overloads.length === 1
      ? runner(only, site)
      : (operands, session) => runner(chosen(node, operands), site)(operands, session)
  if (node.lifts)
    return (operands, session) =>
      operands.some(isUncertain)
        ? runLifted((corner) => run(corner, session), operands, session.env)
        : run(operands, session)
  return minds(node) ? refusingUncertain(node, run) : run
}

const isUncertain = (operand: Value): boolean => operand instanceof Uncertain

/** Operators over any type (equality, null tests, lists) compare or pass uncertain values on; others compute. */
function takesPlainValues({ signature }: Overload): boolean {
  return signature.takes.some((pattern) => pattern.kind === 'type' && !isAny(pattern.type))
}

/** What cannot be computed over a range of values is a fault, never a wrong number. */
function refusingUncertain(node: OperatorNode, run: Apply): Apply {
  return (operands, session) => {
    if (operands.some(isUncertain))
      throw runFault(
        'uncertain-operand',
        `${node.name} needs a certain value: a duration between imprecise dates is none.`,
      )
    return run(operands, session)
  }
}

/** Where static types left a choice, the values make it. */
function chosen(node: OperatorNode, operands: readonly Value[]): Overload {
  const overload = overloadFor(node.overloads, operands)
  if (overload === undefined)
    throw runFault('no-overload', `${node.name} does not take (${operands.map(kindOf).join(', ')}).`)
  return overload
}
