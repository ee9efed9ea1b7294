import { type CoreNode, type CoreType, isAny } from '../../core/index.ts'
import {
  alongWith,
  both,
  call,
  choose,
  isNull,
  neverNull,
  nothing,
  nothingOf,
  test,
  truth,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, integerTypeOf, listOf, systemName } from '../algebra/types.ts'
import { convert, settle } from '../formula/convert.ts'
import { equal, equivalent } from '../formula/equality.ts'
import { lifted } from '../formula/lift.ts'
import type { At, Formula } from '../operator/formula.ts'
import { formulas } from '../operator/registry.ts'
import { aggregateFormulas } from './aggregate-operator.ts'
import { lowerCodedTest } from './coded-test.ts'
import type { Lowering } from './context.ts'
import { asRows, exprAt, keyColumn, open } from './list.ts'
import { listFormulas } from './list-operator.ts'
import { type Frame, type Lowered, scalar } from './lowered.ts'

type OperatorNode = Extract<CoreNode, { kind: 'operator' }>
type Signed = OperatorNode['overloads'][number]

/** An operator by its overload: a relation over lists, or an expression over single values. */
export function lowerOperator(node: OperatorNode, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  const coded = lowerCodedTest(node, frame, at, lowering)
  if (coded !== undefined) return coded
  const args = node.args.map((arg) => lowering.lower(arg, frame, at))
  const overload = chosen(node, args)
  if (overload === undefined) {
    const absent = node.args.some((arg) => isAny(arg.type)) && node.overloads.every((one) => one.nulls === 'strict')
    if (absent)
      return scalar(
        at,
        nothingOf(
          node.type,
          args.filter(mayFail).map((arg) => exprAt(arg, at)),
        ),
      )
    throw lowering.refuse(node, `${node.name} over values whose type only they can tell`)
  }
  const key = `${node.name}${overload.signature.text}`
  const within = (scope: Scope): At => comparingIn(scope, node, lowering)
  const listFormula = listFormulas[key] ?? aggregateFormulas[key]
  const refuse = (what: string): never => {
    throw lowering.refuse(node, what)
  }
  const [first, second, third] = args
  const site = { node, at, with: within(at), within, refuse }
  if (listFormula !== undefined) {
    const none = scalar(at, nothing(node.type))
    return listFormula(site, first ?? none, second ?? none, third ?? none)
  }
  const formula = formulas.get(key)
  if (formula === undefined) throw lowering.refuse(node, `${node.name} of ${overload.signature.text}`)
  return scalar(
    at,
    apply(
      node,
      overload,
      formula,
      args.map((arg, index) => typed(exprAt(arg, at), overload, index)),
      site.with,
    ),
  )
}

/** An operand of no type, which can only be null, as a null of the type that the operator takes. */
function typed(value: Expr, { signature }: Signed, index: number): Expr {
  const pattern = signature.takes[index]
  return isAny(value.type) && pattern?.kind === 'type' ? convert(value, pattern.type) : value
}

/** Single values, and lists in whose rows a fault may stand. */
const mayFail = (arg: Lowered): boolean => arg.kind === 'scalar' || arg.rows.fault !== undefined

/** The overload that static types choose; where several may be meant, the first if an operand is a bare null. */
function chosen(node: OperatorNode, args: readonly Lowered[]): Signed | undefined {
  if (node.overloads.length === 1) return node.overloads[0]
  const nulls = args.map((arg) => arg.kind === 'scalar' && arg.expr.kind === 'const' && arg.expr.value === null)
  const strictNull = nulls.includes(true) && node.overloads.every((overload) => overload.nulls === 'strict')
  return strictNull ? undefined : nulls.includes(true) ? node.overloads[0] : undefined
}

function apply(node: OperatorNode, overload: Signed, formula: Formula, args: readonly Expr[], at: At): Expr {
  const run = (operands: readonly Expr[]): Expr => {
    const [first = truth(null), second = truth(null), third = truth(null), ...rest] = operands
    const given = operands.length
    const all =
      given <= 3
        ? ([first, second, third].slice(0, given) as unknown as [Expr, Expr, Expr])
        : ([first, second, third, ...rest] as const)
    return formula(at, ...(all as [Expr, Expr, Expr]))
  }
  const value = node.lifts ? lifted(run, args, at) : run(takesUncertain.has(node.name) ? args : args.map(settle))
  const made = overload.nulls === 'strict' ? unlessNull(args.filter(needsCheck), value) : value
  // All operands are evaluated, whichever of them the answer rests on.
  return args.reduce<Expr>((whole, arg) => alongWith(arg, whole), made)
}

/** Operators that take uncertain values as they are: they compare points, or ask nothing of them. */
const takesUncertain = new Set(
  `Equal Equivalent Less LessOrEqual Greater GreaterOrEqual IsNull Before After SameOrBefore SameOrAfter SameAs Includes
  IncludedIn ProperIncludes ProperIncludedIn Overlaps OverlapsBefore OverlapsAfter Starts Ends Meets MeetsBefore MeetsAfter
  In Contains ProperIn ProperContains Start End Intersect Union Except Successor Predecessor Message`.split(/\s+/),
)

/** Structures whose parts may be null where they are not: only of those does a null not make all parts null. */
function needsCheck(value: Expr): boolean {
  const structured = ['interval', 'list', 'tuple', 'choice'].includes(value.type.kind)
  const named = ['Code', 'Concept', 'Ratio', 'ValueSet'].includes(systemName(value.type) ?? '')
  return (structured || named) && !neverNull(value)
}

/** What operators know of a place, with the comparison of lists that need its scope. */
function comparingIn(scope: Scope, node: OperatorNode, lowering: Lowering): At {
  const at: At = {
    offset: lowering.setting.offset,
    site: node.site,
    now: lowering.now,
    codesOf: (valueSet) => lowering.program.data?.codesOf(valueSet),
    refuse: (what) => {
      throw lowering.refuse(node, what)
    },
    lists: (left, right, how) => compareLists(scope, left, right, how, (inner) => comparingIn(inner, node, lowering)),
  }
  return at
}

const size = (list: Expr) => call('listLength', integerTypeOf, list)

/** Lists element by element: the first pair that is not alike decides; lists of different length never are. */
function compareLists(
  scope: Scope,
  left: Expr,
  right: Expr,
  how: 'equal' | 'equivalent',
  within: (scope: Scope) => At,
): Expr {
  const [a, b] = [scope.bind(left, 'left'), scope.bind(right, 'right')]
  const places = call('positionsOf', listOf(integerTypeOf), a)
  const opened = open(asRows(scalar(scope, places)), scope)
  const at = within(opened.scope)
  const element = (list: Expr) => call('elementAt', itemOf(list.type), opened.scope.carry(list, scope), opened.item)
  const [x, y] = [element(a), element(b)]
  const alike =
    how === 'equal'
      ? choose(booleanTypeOf, [[both(isNull(x), isNull(y)), truth(true)]], equal(x, y, at))
      : equivalent(x, y, at)
  const { odd, first } = scope.aggregate(opened.scope, {
    odd: { name: 'anyTrue', type: booleanTypeOf, value: test('not', test('isTrue', alike)) },
    first: {
      name: 'first',
      type: booleanTypeOf,
      value: alike,
      where: test('not', test('isTrue', alike)),
      order: opened.order.map((name) => ({ value: keyColumn(name), descending: false })),
    },
  })
  const same = choose(booleanTypeOf, [[odd ?? truth(null), first ?? truth(null)]], truth(true))
  const known = choose(booleanTypeOf, [[test('equals', size(a), size(b)), same]], truth(false))
  return unlessNull([a, b], known)
}

const itemOf = (type: CoreType): CoreType => (type.kind === 'list' ? type.of : type)
