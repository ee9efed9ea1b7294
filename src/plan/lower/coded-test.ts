import { type CoreNode, isList, Vocabulary } from '../../core/index.ts'
import { choose, constant, guard, isNull, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { heldBy } from '../algebra/held-type.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, integerTypeOf, listOf } from '../algebra/types.ts'
import type { Lowering } from './context.ts'
import { exprAt } from './list.ts'
import { type Frame, type Lowered, scalar } from './lowered.ts'

type OperatorNode = Extract<CoreNode, { kind: 'operator' }>

/**
 * A test of a stored concept's codes against constants: membership of a value set, or equivalence with a code. Which of
 * the stored concepts meet them is known when the plan is made, so that a row compares one number and no codes.
 * Undefined where it is no such test: the general way takes it.
 */
export function lowerCodedTest(node: OperatorNode, frame: Frame, at: Scope, lowering: Lowering): Lowered | undefined {
  if (node.name === 'Exists') return lowerCodedExists(node, frame, at, lowering)
  for (const { of, cids } of askedOf(node, lowering)) {
    const concept = storedConcept(of, frame, at, lowering)
    if (concept === undefined) continue
    const found = cids()
    if (node.name !== 'Equivalent') return scalar(at, memberOf(concept, found))
    if (found !== undefined && concept.type.kind !== 'list') return scalar(at, memberOf(concept, found))
  }
  return undefined
}

/** What may be a stored concept, and the stored concepts that meet the constants it is compared with. */
interface Asked {
  readonly of: CoreNode
  /** Undefined where no expansion is at hand. */
  readonly cids: () => readonly number[] | undefined
}

function askedOf(node: OperatorNode, { program: { data } }: Lowering): readonly Asked[] {
  const [first, second] = node.args
  if (data === undefined || first === undefined || second === undefined) return []
  if (node.name === 'InValueSet' || node.name === 'AnyInValueSet') {
    const set = second.kind === 'const' && second.value instanceof Vocabulary ? second.value : undefined
    return set === undefined ? [] : [{ of: first, cids: () => data.cidsOf(set, 'in') }]
  }
  if (node.name !== 'Equivalent') return []
  return [[first, second] as const, [second, first] as const].flatMap(([of, other]) => {
    const value = codesOf(other)?.value
    return value === undefined || value === null || isList(value) ? [] : [{ of, cids: () => data.cidsOf(value, '~') }]
  })
}

/** `exists (list of concepts) C where C ~ code`: one look at the numbers of the list, and no rows are made of it. */
function lowerCodedExists(node: OperatorNode, frame: Frame, at: Scope, lowering: Lowering): Lowered | undefined {
  const [list] = node.args
  if (list?.kind !== 'return' || list.rows.kind !== 'where' || list.rows.rows.kind !== 'for') return undefined
  const { condition } = list.rows
  const { sources } = list.rows.rows
  const [source] = sources
  if (sources.length !== 1 || source?.list !== true || condition.kind !== 'operator') return undefined
  const isItem = (one: CoreNode) => one.kind === 'variable' && one.variable.id === source.variable.id
  const asked = askedOf(condition, lowering).find(({ of }) => isItem(of))
  if (asked === undefined || !isItem(list.value)) return undefined
  const concepts = storedConcept(source.value, frame, at, lowering)
  const cids = concepts?.type.kind === 'list' ? asked.cids() : undefined
  return concepts === undefined || cids === undefined ? undefined : scalar(at, memberOf(concepts, cids))
}

/** Membership is false for null; without an expansion at hand it is a fault. */
function memberOf(concept: Expr, cids: readonly number[] | undefined): Expr {
  if (cids === undefined) return guard(truth(false), truth(true), 'no-expansion')
  const template = concept.type.kind === 'list' ? 'anyInList' : 'inList'
  const found = test('isTrue', test(template, concept, constant(cids, listOf(integerTypeOf))))
  return choose(booleanTypeOf, [[isNull(concept), truth(false)]], found)
}

const toConcept = /^FHIRHelpers\b.*\.ToConcept\(/

/** The stored concept (or list of them) that FHIRHelpers makes a Concept of. */
function storedConcept(node: CoreNode, frame: Frame, at: Scope, lowering: Lowering): Expr | undefined {
  if (node.kind === 'call' && toConcept.test(node.function) && node.args.length === 1) {
    const [arg] = node.args
    return arg === undefined ? undefined : heldConcept(lowering.lower(arg, frame, at), at)
  }
  if (node.kind !== 'return' || node.single || node.value.kind !== 'call') return undefined
  const [arg] = node.value.args
  if (arg === undefined || node.value.args.length > 1 || !toConcept.test(node.value.function)) return undefined
  // Whether a list has a concept more than once is all the same to a test of any of them.
  return heldConcept(lowering.lower({ ...node, distinct: false, value: arg }, frame, at), at)
}

/** A value that is held as a concept's key in a column, or a list of such. */
function heldConcept(value: Lowered, at: Scope): Expr | undefined {
  const type = value.kind === 'rows' ? value.item.type : value.expr.type
  const held = heldBy(type.kind === 'list' ? type.of : type)
  return held?.kind === 'concept' ? exprAt(value, at) : undefined
}

/** A code or concept that is written in the logic, also where it is made a Concept of. */
function codesOf(node: CoreNode): Extract<CoreNode, { kind: 'const' }> | undefined {
  if (node.kind === 'const') return node
  if (node.kind !== 'operator' || node.name !== 'ToConcept') return undefined
  const [arg] = node.args
  return arg?.kind === 'const' ? arg : undefined
}
