import { type CoreNode, type CoreType, formatType, isAny } from '../../core/index.ts'
import {
  alongWith,
  choose,
  constant,
  field,
  guard,
  integer,
  isNotNull,
  isNull,
  not,
  nothing,
  pack,
  test,
  truth,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { faultOf, isLazy } from '../algebra/fault.ts'
import type { Plan } from '../algebra/relation.ts'
import { isKeyAlone, ridOf } from '../algebra/resource-key.ts'
import type { Scope } from '../algebra/scope.ts'
import {
  anyTypeOf,
  booleanTypeOf,
  decimalTypeOf,
  integerTypeOf,
  listOf,
  systemName,
  textTypeOf,
} from '../algebra/types.ts'
import { isUnheld } from '../algebra/unheld.ts'
import { type CodingLookup, codingList, fhirElement, retype } from '../fhir/element.ts'
import { choiceField, convert, firstPresent, settle, widest, widestOf } from '../formula/convert.ts'
import { selectInterval } from '../formula/interval.ts'
import type { Lowering } from './context.ts'
import { asRows, exprAt, mapped, type Opened, open, presentWithFaults } from './list.ts'
import { Frame, type Lowered, type Rows, scalar, typeOf } from './lowered.ts'
import { lowerOperator } from './operator.ts'
import { lowerFold, lowerReturn, lowerSort } from './query.ts'
import { lowerRetrieve } from './retrieve.ts'
import { concatenated } from './united-list.ts'
import { isOneOf, lowerAs, lowerIs } from './value-type.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type LowerNode<K extends CoreNode['kind']> = (node: Node<K>, frame: Frame, at: Scope, lowering: Lowering) => Lowered
type Operand = (node: CoreNode) => Expr

const operands =
  (frame: Frame, at: Scope, lowering: Lowering): Operand =>
  (node) =>
    exprAt(lowering.lower(node, frame, at), at)

const lowerConst: LowerNode<'const'> = (node, _, at, { program }) => {
  const expr = constant(node.value, node.type)
  return node.value === null ? scalar(at, expr) : scalar(program.base, program.constantOf(node))
}

const lowerParam: LowerNode<'param'> = (node, _, at, lowering) => {
  const key = `${node.library}.${node.name}`
  const given = lowering.program.parameters.get(key)
  if (given !== undefined) return scalar(lowering.program.base, constant(given, node.type))
  const initial = lowering.program.core.parameters.get(key)?.initial
  return initial === undefined
    ? scalar(at, nothing(node.type))
    : lowering.lower(initial.root, new Frame(), lowering.program.base)
}

const lowerVariable: LowerNode<'variable'> = (node, frame, _, lowering) => {
  const value = frame.get(node.variable.id)
  if (value === undefined) throw lowering.refuse(node, `The name ${node.variable.name} in this place`)
  return value
}

const lowerCall: LowerNode<'call'> = (node, frame, at, lowering) => {
  const body = lowering.program.core.functions.get(node.function)
  if (body === undefined) throw lowering.refuse(node, `The function ${node.function}`)
  const args = node.args.map((arg) => lowering.lower(arg, frame, at))
  const inner = body.operands.reduce((made, operand, index) => {
    const arg = args[index]
    return arg === undefined ? made : made.with(operand.id, arg)
  }, new Frame())
  return lowering.lower(body.root, inner, at)
}

/** Elements of System structures; over a list, of each element, nulls left out. */
const lowerPath: LowerNode<'path'> = (node, frame, at, lowering) => {
  const source = lowering.lower(node.source, frame, at)
  const found = node.path.reduce((value, name) => element(value, name, node, at, lowering), source)
  if (found.kind !== 'scalar' || !isAny(found.expr.type)) return found
  const { expr } = found
  return scalar(found.scope, isUnheld(expr) ? retype(expr, node.type) : convert(expr, node.type))
}

function element(value: Lowered, name: string, node: CoreNode, at: Scope, lowering: Lowering): Lowered {
  const type = typeOf(value)
  if (type.kind === 'list') {
    const list = asRows(value)
    const opened = open(list, list.scope)
    const part = elementExpr(opened.item, name, node, opened.scope, lowering)
    if (part.type.kind === 'list') return flattened(part, opened, list)
    const kept = { ...opened, scope: opened.scope.filtered(isNotNull(part)) }
    return mapped(kept, list.scope, part, list.present)
  }
  const one = value.kind === 'scalar' ? value : scalar(at, exprAt(value, at))
  // A column that is found for it belongs to the rows that are there now, not to those before they were narrowed.
  const home = at.holds.has(one.scope) ? at : one.scope
  return scalar(home, elementExpr(one.expr, name, node, home, lowering))
}

/** Elements of each element, as one list. */
function flattened(part: Expr, opened: Opened, list: Rows): Lowered {
  const inner = open(asRows(scalar(opened.scope, part)), opened.scope)
  const present = presentWithFaults(list.scope, { ...opened, item: part }, list.present)
  return mapped({ ...inner, order: [...opened.order, ...inner.order] }, list.scope, inner.item, present)
}

/** The codings of a concept, found by its cid. */
function codingsIn({ program }: Lowering): CodingLookup {
  return {
    codingsOf(cid, at) {
      const [key, codings] = [at.names.next('cid'), at.names.next('codings')]
      const columns = [
        { name: key, type: cid.type },
        { name: codings, type: codingList },
      ]
      const table: Plan = {
        op: 'scan',
        table: program.data?.codings ?? '',
        sources: { [key]: 'cid', [codings]: 'codings' },
        columns,
      }
      return at.lookup('codings', cid, table, key, { kind: 'column', name: codings, type: codingList })
    },
  }
}

const systemElements: Readonly<Record<string, Readonly<Record<string, CoreType>>>> = {
  Quantity: { value: decimalTypeOf, unit: textTypeOf },
  Ratio: { numerator: { kind: 'system', name: 'Quantity' }, denominator: { kind: 'system', name: 'Quantity' } },
  Code: { code: textTypeOf, system: textTypeOf, version: textTypeOf, display: textTypeOf },
  Concept: { codes: listOf({ kind: 'system', name: 'Code' }), display: textTypeOf },
  ValueSet: { id: textTypeOf, version: textTypeOf },
  CodeSystem: { id: textTypeOf, version: textTypeOf },
}

function elementExpr(source: Expr, name: string, node: CoreNode, at: Scope, lowering: Lowering): Expr {
  if (source.type.kind === 'class') return fhirElement(source, name, at, codingsIn(lowering))
  if (isKeyAlone(source)) return fhirElement(source, name, at, codingsIn(lowering))
  if (source.type.kind === 'choice')
    return (
      elementOfChoice(source, source.type.of, name, node, at, lowering) ??
      fhirElement(source, name, at, codingsIn(lowering))
    )
  if (isAny(source.type)) return nothingLike(source, source.type)
  if (source.type.kind === 'uncertain') return elementExpr(settle(source), name, node, at, lowering)
  const type = elementType(source.type, name)
  if (type === undefined && source.type.kind === 'system') return noElement(source)
  if (type === undefined) throw lowering.refuse(node, `The element ${name} of ${formatType(source.type)}`)
  return field(source, name, type)
}

/** A value that can be nothing else, without such an element: a fault, where there is one. */
const noElement = (source: Expr): Expr => guard(nothing(anyTypeOf), isNotNull(source), 'no-element')

/** An element of whichever alternative the value is of, null of one that has none; undefined where these are held in different ways. */
function elementOfChoice(
  source: Expr,
  of: readonly CoreType[],
  name: string,
  node: CoreNode,
  at: Scope,
  lowering: Lowering,
): Expr | undefined {
  const parts = of.map((type) => {
    const own = field(source, choiceField(type), type)
    const lacks = type.kind === 'system' && elementType(type, name) === undefined
    const one = lacks ? nothingLike(own, anyTypeOf) : elementExpr(own, name, node, at, lowering)
    return [isOneOf(source, [type]), one] as const
  })
  const held = parts.map(([, part]) => part).filter((part) => !isUnheld(part))
  if (!areOneChoice(held.map((part) => part.type))) return undefined
  const type = widestOf(held.length === 0 ? parts.map(([, part]) => part) : held)
  return choose(
    type,
    parts.map(([when, part]) => [when, isUnheld(part) ? retype(part, type) : convert(part, type)] as const),
  )
}

/** Can values of these types be the alternatives of one structure: all lists alike, and one name held in one way? */
function areOneChoice(types: readonly CoreType[]): boolean {
  const ways = types.filter((type) => !isAny(type)).flatMap((type) => (type.kind === 'choice' ? type.of : [type]))
  const [first] = ways
  if (ways.some((type) => type.kind === 'list')) return ways.every((type) => isHeldAs(type, first))
  const byName = new Map(ways.map((type) => [formatType(type), type]))
  return ways.every((type) => isHeldAs(type, byName.get(formatType(type))))
}

const isHeldAs = (one: CoreType, other: CoreType | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Null, with the faults of a value that can have no such element. */
function nothingLike(source: Expr, type: CoreType): Expr {
  const none = nothing(type)
  return source.kind === 'const' ? none : choose(type, [[isNotNull(source), none]], none)
}

function elementType(type: CoreType, name: string): CoreType | undefined {
  if (type.kind === 'tuple') return type.elements.find((one) => one.name === name)?.type
  if (type.kind === 'interval') return name === 'low' || name === 'high' ? type.of : booleanTypeOf
  return systemElements[systemName(type) ?? '']?.[name]
}

const lowerCoalesce: LowerNode<'coalesce'> = (node, frame, at, lowering) => {
  const values = node.args.map(operands(frame, at, lowering))
  return scalar(at, firstPresent(values, widestOf(values)))
}

const lowerCase: LowerNode<'case'> = (node, frame, at, lowering) => {
  const of = operands(frame, at, lowering)
  const branches = reachable(node, of)
  const otherwise = of(node.otherwise)
  const type = widestOf([...branches.map(({ gives }) => gives), otherwise])
  const chosen = branches.map(({ when, gives }) => [when, convert(gives, type)] as const)
  return scalar(at, choose(type, chosen, convert(otherwise, type)))
}

/** The branches that may be chosen: of a test that types decide, what cannot be reached widens no type. */
function reachable(node: Node<'case'>, of: Operand): readonly { readonly when: Expr; readonly gives: Expr }[] {
  const found: { when: Expr; gives: Expr }[] = []
  for (const { when, result } of node.branches) {
    const condition = of(when)
    if (condition.kind === 'const' && condition.value !== true) continue
    found.push({ when: condition, gives: of(result) })
    if (condition.kind === 'const') break
  }
  return found
}

const lowerTuple: LowerNode<'tuple'> = (node, frame, at, lowering) => {
  const of = operands(frame, at, lowering)
  const fields = node.fields.map(({ name, value }) => [name, of(value)] as const)
  const elements = fields.map(([name, value]) => ({ name, type: value.type }))
  const failing = fields.map(([, value]) => value).filter((value) => faultOf(value) !== undefined && !isLazy(value))
  // A tuple is made as a whole: whoever reads one element meets the faults of the others too.
  const present = failing.reduce<Expr>((whole, value) => alongWith(value, whole), truth(true))
  return scalar(
    at,
    pack({ kind: 'tuple', elements }, Object.fromEntries(fields), failing.length === 0 ? undefined : present),
  )
}

/** System classes built by name; absent parts are null. */
const lowerInstance: LowerNode<'instance'> = (node, frame, at, lowering) => {
  const parts = systemElements[systemName(node.type) ?? '']
  if (parts === undefined) throw lowering.refuse(node, `An object of ${formatType(node.type)}`)
  const of = operands(frame, at, lowering)
  const given = new Map(node.fields.map(({ name, value }) => [name, of(value)]))
  const fields = Object.entries(parts).map(
    ([name, type]) => [name, convert(given.get(name) ?? nothing(type), type)] as const,
  )
  const made = Object.fromEntries(fields)
  if (systemName(node.type) !== 'Quantity') return scalar(at, pack(node.type, made))
  const magnitude = made['value'] ?? nothing(decimalTypeOf)
  const unit = made['unit'] ?? nothing(textTypeOf)
  const one = choose(textTypeOf, [[isNull(unit), constant('1', textTypeOf)]], unit)
  return scalar(at, unlessNull([magnitude], pack(node.type, { value: magnitude, unit: one })))
}

const lowerList: LowerNode<'list'> = (node, frame, at, lowering) => {
  const values = node.items.map((item) => lowering.lower(item, frame, at))
  const items = values.map((value) => exprAt(value, at))
  if (items.some((item) => ridOf(item) !== undefined)) return listOfResources(items, at)
  const joined = widestOf(items)
  const declared = node.type.kind === 'list' ? node.type.of : integerTypeOf
  const type = isAny(joined) ? declared : joined
  return scalar(at, { kind: 'array', type: listOf(type), items: items.map((item) => convert(item, type)) })
}

/** Resources written as a list: rows of their own, so that their elements stay columns. Absent ones are no rows. */
function listOfResources(items: readonly Expr[], at: Scope): Lowered {
  const lists = items.map((item): Rows => {
    const position = at.names.next('pos')
    const rows = at.extended({ [position]: integer(1) }, isNotNull(item))
    return { kind: 'rows', scope: at, rows, order: [position], item }
  })
  const [only] = lists
  if (lists.length === 1 && only !== undefined) return only
  const all = concatenated(lists, at)
  return mapped(all, at, all.item)
}

const lowerInterval: LowerNode<'interval'> = (node, frame, at, lowering) => {
  const of = operands(frame, at, lowering)
  const closed = (flag: CoreNode) => (flag.kind === 'const' ? constant(flag.value, booleanTypeOf) : of(flag))
  const parts = {
    low: of(node.low),
    high: of(node.high),
    lowClosed: closed(node.lowClosed),
    highClosed: closed(node.highClosed),
  }
  const made = selectInterval(intervalTypeOf(node, parts), parts, lowering.setting)
  if (node.expanded !== true || made.kind !== 'guard') return scalar(at, made)
  return scalar(at, choose(made.type, [[not(test('isTrue', made.when)), made.value]]))
}

function intervalTypeOf(node: Node<'interval'>, { low, high }: { low: Expr; high: Expr }): CoreType {
  const joined = widest([low.type, high.type])
  const declared = node.type.kind === 'interval' && joined.kind !== 'uncertain' ? node.type.of : joined
  return { kind: 'interval', of: isAny(declared) ? joined : declared }
}

/** How each kind of core node becomes rows or a value. */
export const nodeTable: { readonly [K in CoreNode['kind']]: LowerNode<K> } = {
  const: lowerConst,
  param: lowerParam,
  ref: (node, _, __, lowering) => lowering.define(node.define, node),
  call: lowerCall,
  variable: lowerVariable,
  path: lowerPath,
  operator: lowerOperator,
  coalesce: lowerCoalesce,
  case: lowerCase,
  is: lowerIs,
  as: lowerAs,
  tuple: lowerTuple,
  instance: lowerInstance,
  list: lowerList,
  interval: lowerInterval,
  return: lowerReturn,
  retrieve: lowerRetrieve,
  sort: lowerSort,
  fold: lowerFold,
}
