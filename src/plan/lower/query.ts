import type { CoreNode, RowsNode } from '../../core/index.ts'
import {
  alongWith,
  both,
  call,
  choose,
  either,
  isComputed,
  isNotNull,
  not,
  nothing,
  pack,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { faultOf } from '../algebra/fault.ts'
import { cannotFail } from '../algebra/parts.ts'
import type { Plan } from '../algebra/relation.ts'
import { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, integerTypeOf, listOf } from '../algebra/types.ts'
import { convert } from '../formula/convert.ts'
import { carriedOver } from './carried.ts'
import type { Lowering } from './context.ts'
import { emptyList, isEmptyList } from './in-row.ts'
import { asRows, exprAt, keyColumn, type Opened, open, orderOf, soundness } from './list.ts'
import { type Frame, type Lowered, type Picked, type Rows, scalar } from './lowered.ts'
import { pickedWhere } from './picked.ts'
import { sortable, sortKeys } from './sort-key.ts'
import { distinct } from './united-list.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>

/** Rows of a query's clauses: the scope that they narrowed, and the variables that hold in it. */
interface Clauses {
  readonly at: Scope
  readonly frame: Frame
  /** True where a source is not null; undefined where one never is. */
  readonly present: Expr | undefined
  /** While all sources are single values, the one row is not filtered: what it must meet is kept here. */
  readonly condition?: Expr
  /** The one list that was read, its scope while nothing narrowed its rows, and the filters that did. */
  readonly source?: Source
  /** It is known that no row is left, for anybody, nor a fault in a row's place. */
  readonly isEmpty?: boolean
}

interface Source {
  readonly list: Lowered
  readonly opened: Scope
  readonly item: Expr
  /** What each row had to meet; undefined where other lists were asked for it. */
  readonly filters: readonly Expr[] | undefined
}

/** Rows for which a condition is true; of single sources the condition is only noted. */
function narrowed(input: Clauses, condition: Expr): Clauses {
  if (input.condition === undefined) {
    const { source } = input
    const filters = source?.filters === undefined ? undefined : [...source.filters, condition]
    return {
      ...input,
      at: input.at.filtered(condition),
      ...(source === undefined ? {} : { source: { ...source, filters } }),
      ...(isNeverTrue(condition) && input.at.fault === undefined ? { isEmpty: true } : {}),
    }
  }
  return { ...input, condition: both(input.condition, test('isTrue', condition)) }
}

const isNeverTrue = (condition: Expr): boolean => condition.kind === 'const' && condition.value !== true

/** The same with its condition made a filter, before rows are opened. */
function filteredRows({ condition, ...input }: Clauses): Clauses {
  const isMet = condition === undefined || (condition.kind === 'const' && condition.value === true)
  return isMet ? input : { ...input, at: input.at.filtered(condition) }
}

function clausesOf(rows: RowsNode, frame: Frame, at: Scope, lowering: Lowering): Clauses {
  switch (rows.kind) {
    case 'for':
      return sources(rows, frame, at, lowering)
    case 'let': {
      const input = clausesOf(rows.rows, frame, at, lowering)
      const value = lowering.lower(rows.value, input.frame, input.at)
      const bound =
        value.kind === 'scalar' && value.scope === input.at ? bind(value.expr, input.at, rows.variable.name) : value
      return { ...input, frame: input.frame.with(rows.variable.id, bound) }
    }
    case 'where': {
      const input = clausesOf(rows.rows, frame, at, lowering)
      const condition = exprAt(lowering.lower(rows.condition, input.frame, input.at), input.at)
      return narrowed(input, condition)
    }
    case 'semi':
      return semi(rows, clausesOf(rows.rows, frame, at, lowering), lowering)
  }
}

/** A value that several clauses read is computed once; structures stay parallel columns. */
function bind(expr: Expr, at: Scope, name: string): Lowered {
  return scalar(at, isComputed(expr) ? at.bind(expr, name) : expr)
}

/** The rows of all sources beside each other. No source sees another's rows; of several, one that is null has none. */
function sources(rows: Extract<RowsNode, { kind: 'for' }>, frame: Frame, at: Scope, lowering: Lowering): Clauses {
  const values = rows.sources.map((source) => ({ source, value: lowering.lower(source.value, frame, at) }))
  const whole = values.map(({ source, value }) =>
    source.list ? listPresence(asRows(value), at, values.length > 1) : isNotNull(exprAt(value, at)),
  )
  const start: Clauses = { at, frame, present: anyPresent(whole), condition: truth(true) }
  return values.reduce<Clauses>((clauses, { source, value }) => {
    if (!source.list) return singleSource(source.variable.id, value, clauses)
    const opened = open(asRows(value), filteredRows(clauses).at)
    return {
      at: opened.scope,
      frame: clauses.frame.with(source.variable.id, scalar(opened.scope, opened.item)),
      present: clauses.present,
      ...(values.length === 1 ? { source: { list: value, opened: opened.scope, item: opened.item, filters: [] } } : {}),
    }
  }, start)
}

/**
 * Whether a list is there, undefined where it always is. Of several sources, faults in rows of one stand whether or not
 * another has rows beside them.
 */
function listPresence(list: Rows, at: Scope, oneOfMany: boolean): Expr | undefined {
  const present = list.present === undefined ? undefined : at.carry(list.present, list.scope)
  const sound = oneOfMany ? soundness(open(list, at).scope, at) : undefined
  return sound === undefined ? present : alongWith(sound, present ?? truth(true))
}

/** True where any source is there (FHIR-40225), with the faults of all; undefined where one always is. */
function anyPresent(sources: readonly (Expr | undefined)[]): Expr | undefined {
  const asked = sources.filter((one) => one !== undefined)
  if (asked.length === sources.length) return asked.length === 0 ? undefined : asked.reduce(either)
  const failing = asked.filter((one) => !cannotFail(one))
  return failing.length === 0 ? undefined : failing.reduce<Expr>((whole, one) => alongWith(one, whole), truth(true))
}

function singleSource(id: number, value: Lowered, clauses: Clauses): Clauses {
  const there = isNotNull(exprAt(value, clauses.at))
  return { ...narrowed(clauses, there), frame: clauses.frame.with(id, value) }
}

function semi(rows: Extract<RowsNode, { kind: 'semi' }>, input: Clauses, lowering: Lowering): Clauses {
  const { at } = input
  const value = lowering.lower(rows.source, input.frame, at)
  if (!rows.list) {
    const frame = input.frame.with(rows.variable.id, value)
    const condition = exprAt(lowering.lower(rows.condition, frame, at), at)
    const found = both(isNotNull(exprAt(value, at)), test('isTrue', condition))
    return narrowed(input, rows.negated ? not(found) : found)
  }
  if (isEmptyList(value)) return rows.negated ? input : narrowed(input, truth(false))
  const list = asRows(value)
  const opened = open(list, at)
  const frame = input.frame.with(rows.variable.id, scalar(opened.scope, opened.item))
  const condition = exprAt(lowering.lower(rows.condition, frame, opened.scope), opened.scope)
  const { found } = at.aggregate(opened.scope, { found: { name: 'anyTrue', type: booleanTypeOf, value: condition } })
  const seen = test('isTrue', found ?? nothing(booleanTypeOf))
  const fault = list.present === undefined ? undefined : at.carry(list.present, list.scope)
  const whole = fault !== undefined && faultOf(fault) !== undefined ? both(test('isTrue', fault), seen) : seen
  return narrowed(input, rows.negated ? not(whole) : whole)
}

/** Is a list that a query reads known to be empty, and can none of its other sources fail? Then no clause is ever asked. */
function isOverNothing(rows: RowsNode, frame: Frame, at: Scope, lowering: Lowering): boolean {
  if (rows.kind !== 'for') return isOverNothing(rows.rows, frame, at, lowering)
  const values = rows.sources.map(({ list, value }) => ({ list, value: lowering.lower(value, frame, at) }))
  if (!values.some(({ list, value }) => list && isEmptyList(value))) return false
  return values.every(({ list, value }) => (list ? isSoundList(value) : cannotFail(exprAt(value, at))))
}

/** Is there no fault in a list's place, nor in that of any of its items? */
function isSoundList(list: Lowered): boolean {
  if (list.kind === 'scalar') return cannotFail(list.expr)
  return list.rows.fault === undefined && [list.item, list.present].every((one) => one === undefined || cannotFail(one))
}

/** A list of a value for each row; of single sources the value itself, null where its row fell away. */
export function lowerReturn(node: Node<'return'>, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  if (isOverNothing(node.rows, frame, at, lowering)) return emptyList(at, node.type)
  const clauses = clausesOf(node.rows, frame, at, lowering)
  if (clauses.isEmpty === true && clauses.present === undefined && !node.single) return emptyList(at, node.type)
  const value = lowering.lower(node.value, clauses.frame, clauses.at)
  if (node.single && value.kind === 'rows' && clauses.condition?.kind === 'const') return value
  const item = exprAt(value, clauses.at)
  if (node.single) return scalar(clauses.at, whereTrue(clauses.condition ?? truth(true), item))
  const same = itself(clauses.source, clauses.at, item)
  if (same !== undefined && !node.distinct) return same
  const order = clauses.at.keys.filter((key) => !at.keys.includes(key))
  const opened: Opened = { ...unguarded(clauses.at, item), order }
  const items = itemsOf(clauses, item)
  const kept = node.distinct && items?.once !== true ? distinct(opened, at, lowering.setting.offset) : opened
  const { present } = clauses
  const picked = items === undefined || present !== undefined ? undefined : pickedOf(clauses, items)
  return {
    kind: 'rows',
    scope: at,
    rows: kept.scope,
    order: kept.order,
    item: kept.item,
    ...(present === undefined ? {} : { present }),
    ...(node.distinct || items?.once === true ? { once: true } : {}),
    ...(picked === undefined ? {} : { picked }),
  }
}

/** Items and the rows they are of. What fails as a whole fails as its row does, so that its parts stay parallel columns. */
function unguarded(scope: Scope, item: Expr): { readonly scope: Scope; readonly item: Expr } {
  let value = item
  while (value.kind === 'guard' && value.lazy !== true) value = value.value
  const fault = value === item || value.kind !== 'pack' ? undefined : faultOf(item)
  return fault === undefined ? { scope, item } : { scope: scope.failing(fault), item: value }
}

/** The one list whose items a query gives, some of them, as they are. */
function itemsOf({ source }: Clauses, item: Expr): Rows | undefined {
  return source?.list.kind === 'rows' && source.item === item ? source.list : undefined
}

function pickedOf({ source }: Clauses, list: Rows): Picked | undefined {
  return source?.filters === undefined ? undefined : pickedWhere(list, source.item, source.filters)
}

/** A value where a condition is true. */
function whereTrue(condition: Expr, value: Expr): Expr {
  if (value.kind === 'pack' && value.present !== undefined) return { ...value, present: both(condition, value.present) }
  return choose(value.type, [[condition, value]])
}

/** The list that a query reads, where each row gives its element as it is, part by part. */
function itself(source: Clauses['source'], at: Scope, item: Expr): Lowered | undefined {
  if (source === undefined || source.opened !== at || source.list.kind !== 'scalar') return undefined
  const packed = item.kind === 'case' ? item.branches.length === 1 && item.otherwise : item
  if (packed === false || packed === undefined || packed.kind !== 'pack') return undefined
  const parts = Object.entries(packed.fields)
  const alike = parts.every(
    ([name, part]) => part.kind === 'field' && part.name === name && part.source === source.item,
  )
  return alike ? scalar(source.list.scope, { ...source.list.expr, type: listOf(packed.type) }) : undefined
}

/** A list in a total order: by the keys, nulls lowest, ties by position. */
export function lowerSort(node: Node<'sort'>, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  const value = lowering.lower(node.list, frame, at)
  if (isEmptyList(value)) return value
  const list = asRows(value)
  const opened = open(list, list.scope)
  const inner = frame.with(node.item.id, scalar(opened.scope, opened.item))
  const keys = node.keys.flatMap((key) => {
    const value = sortable(
      exprAt(lowering.lower(key.value, inner, opened.scope), opened.scope),
      opened.scope,
      list.scope,
    )
    return sortKeys(value, lowering.setting.offset).map((one) => ({ value: one, descending: key.descending }))
  })
  const position = at.names.next('pos')
  const input = opened.scope.relation
  const relation: Plan = {
    op: 'window',
    input,
    number: position,
    partition: list.scope.keys.map(keyColumn),
    order: [...keys, ...orderOf(opened)],
    columns: [...input.columns, { name: position, type: integerTypeOf, nonNull: true }],
  }
  const faults = keys.map((key) => faultOf(key.value)).filter((fault) => fault !== undefined)
  const fault = [opened.scope.fault, ...faults].filter((one) => one !== undefined)
  const first = fault.length === 0 ? undefined : fault.reduce((a, b) => call('firstOf', a.type, a, b))
  const rows = new Scope(at.names, relation, [...list.scope.keys, position], list.scope, opened.scope.holds, first)
  return { ...list, rows, order: [position], item: opened.item }
}

/** Rows whose sources are equal are one. */
function distinctRows(node: Node<'fold'>, clauses: Clauses, at: Scope, lowering: Lowering): Clauses {
  if (!node.distinct) return clauses
  const values = variablesOf(node.rows)
    .map((id) => clauses.frame.get(id))
    .filter((value) => value !== undefined)
  const parts = values.map((value, index) => [`v${index}`, exprAt(value, clauses.at)] as const)
  const elements = parts.map(([name, value]) => ({ name, type: value.type }))
  const item = pack({ kind: 'tuple', elements }, Object.fromEntries(parts))
  const order = clauses.at.keys.filter((key) => !at.keys.includes(key))
  return { ...clauses, at: distinct({ scope: clauses.at, item, order }, at, lowering.setting.offset).scope }
}

function variablesOf(rows: RowsNode): readonly number[] {
  if (rows.kind === 'for') return rows.sources.map((source) => source.variable.id)
  return rows.kind === 'let' ? [...variablesOf(rows.rows), rows.variable.id] : variablesOf(rows.rows)
}

/** The aggregate clause: a value carried over the rows, step by step in their order. */
export function lowerFold(node: Node<'fold'>, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  const clauses = distinctRows(node, filteredRows(clausesOf(node.rows, frame, at, lowering)), at, lowering)
  const order = orderOf({ order: clauses.at.keys.filter((key) => !at.keys.includes(key)) })
  const initial = { total: convert(exprAt(lowering.lower(node.initial, frame, at), at), node.type) }
  const { scope, step, state } = carriedOver(
    at,
    clauses.at,
    order,
    initial,
    (inner, { total = nothing(node.type) }) => {
      const known = clauses.frame.with(node.accumulator.id, scalar(inner, total))
      return { total: convert(exprAt(lowering.lower(node.step, known, inner), inner), node.type) }
    },
  )
  const { last } = at.aggregate(scope, {
    last: {
      name: 'last',
      type: node.type,
      value: state['total'] ?? nothing(node.type),
      order: orderOf({ order: [step] }),
    },
  })
  const value = last ?? nothing(node.type)
  return scalar(at, clauses.present === undefined ? value : choose(node.type, [[clauses.present, value]]))
}
