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

/** An operator node as a closure over its compiled operands. */
export function operatorClosure(node: OperatorNode, args: readonly Evaluate[]): Evaluate {
  const apply = applierOf(node)
  const [first, second] = args
  if (args.length === 1 && first !== undefined)
    return (variables, session) => apply([first(variables, session)], session)
  if (args.length === 2 && first !== undefined && second !== undefined)
    return (variables, session) => apply([first(variables, session), second(variables, session)], session)
  return (variables, session) =>
    apply(
      args.map((arg) => arg(variables, session)),
      session,
    )
}

/** All operands are evaluated even where one is null: an error in another is an error of the whole. */
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
  return node.takesUncertain || !node.overloads.some(takesPlainValues) ? run : refusingUncertain(node, run)
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
