import type { ElmNode } from '../../elm/index.ts'
import { declaredType } from '../elm-type.ts'
import type { CoreNode } from '../node.ts'
import { operators } from '../operator/registry.ts'
import { isAny, joinTypes } from '../type.ts'
import { type Context, child, children, type LowerNode } from './context.ts'
import { applyOperator, lowerOperator } from './operator.ts'

type Branch = { readonly when: CoreNode; readonly result: CoreNode }

function lazyChoice(branches: readonly Branch[], otherwise: CoreNode, node: ElmNode, context: Context): CoreNode {
  const joined = joinTypes([...branches.map((branch) => branch.result.type), otherwise.type])
  const type = isAny(joined) ? (declaredType(node) ?? joined) : joined
  return { kind: 'case', branches, otherwise, type, origin: context.originOf(node) }
}

const lowerIf: LowerNode = (node, context) =>
  lazyChoice(
    [{ when: context.lower(child(node, 'condition')), result: context.lower(child(node, 'then')) }],
    context.lower(child(node, 'else')),
    node,
    context,
  )

/** With a comparand, a branch is taken where it equals the comparand (ELM writes the comparison as `Equal`'s). */
const lowerCase: LowerNode = (node, context) => {
  const comparand = node['comparand'] === undefined ? undefined : context.lower(child(node, 'comparand'))
  const equal = operators.get('Equal')
  const branches = children(node, 'caseItem').map((item) => {
    const when = context.lower(child(item, 'when'))
    const test =
      comparand === undefined || equal === undefined ? when : applyOperator(equal, [comparand, when], item, context)
    return { when: test, result: context.lower(child(item, 'then')) }
  })
  return lazyChoice(branches, context.lower(child(node, 'else')), node, context)
}

/** Of one list, its first element that is not null; of several operands, the first that is not, lazily. */
const lowerCoalesce: LowerNode = (node, context) => {
  const operands = children(node, 'operand')
  if (operands.length === 1) return lowerOperator(node, context) ?? context.refuse(node, 'unsupported', 'Coalesce')
  const args = operands.map((operand) => context.lower(operand))
  return { kind: 'coalesce', args, type: joinTypes(args.map((arg) => arg.type)), origin: context.originOf(node) }
}

/** Choices that evaluate only what they need. https://cql.hl7.org/09-b-cqlreference.html#conditional-operators */
export const choiceTable: Readonly<Record<string, LowerNode>> = {
  If: lowerIf,
  Case: lowerCase,
  Coalesce: lowerCoalesce,
}
