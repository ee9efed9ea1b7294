import {
  type CallSite,
  type CoreNode,
  kindOf,
  type Overload,
  overloadFor,
  runFault,
  runLifted,
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
  if (!node.lifts) return run
  return (operands, session) =>
    operands.some((operand) => kindOf(operand) === 'uncertain')
      ? runLifted((corner) => run(corner, session), operands, session.env)
      : run(operands, session)
}

/** Where static types left a choice, the values make it. */
function chosen(node: OperatorNode, operands: readonly Value[]): Overload {
  const overload = overloadFor(node.overloads, operands)
  if (overload === undefined)
    throw runFault('no-overload', `${node.name} does not take (${operands.map(kindOf).join(', ')}).`)
  return overload
}
