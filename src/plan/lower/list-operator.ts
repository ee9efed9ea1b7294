import { type CoreNode, type CoreType, joinTypes } from '../../core/index.ts'
import { both, call, choose, either, guard, integer, isNotNull, isNull, not, nothing, test, truth } from '../build.ts'
import type { Expr } from '../expr.ts'
import { convert } from '../formula/convert.ts'
import { equal } from '../formula/equality.ts'
import type { At } from '../operator/formula.ts'
import type { AggregateName, Plan } from '../relation.ts'
import { narrow, Scope } from '../scope.ts'
import { booleanTypeOf, integerTypeOf } from '../types.ts'
import { anyOf, asRows, asScalar, identityOf, keyColumn, mapped, numbered, type Opened, open, orderOf } from './list.ts'
import { type Lowered, type Rows, scalar } from './lowered.ts'

/** The place of an operator over lists: its scope, and the lowered operands. */
export interface ListSite {
  readonly node: Extract<CoreNode, { kind: 'operator' }>
  readonly at: Scope
  readonly with: At
  /** What may be compared in an inner scope. */
  within(scope: Scope): At
  refuse(what: string): never
}

type ListFormula = (site: ListSite, ...operands: readonly [Lowered, Lowered, Lowered, ...Lowered[]]) => Lowered

/** A single operand as an expression of a scope. */
export const exprAt = (value: Lowered, at: Scope): Expr => {
  const one = asScalar(value)
  return at.carry(one.expr, one.scope)
}

/** True where a list is null, over the scope. */
const absent = (list: Rows, at: Scope): Expr =>
  list.present === undefined ? truth(false) : not(at.carry(list.present, list.scope))

const answer = (at: Scope, list: Rows, value: Expr, whenNull: Expr): Expr =>
  choose(value.type, [[absent(list, at), whenNull]], value)

/** An aggregate of a list's items, null where there are none. */
function aggregate(
  site: ListSite,
  opened: Opened,
  name: AggregateName,
  type: CoreType,
  value: Expr,
  where?: Expr,
  ordered = false,
): Expr {
  const one = {
    name,
    type,
    value,
    ...(where === undefined ? {} : { where }),
    ...(ordered ? { order: orderOf(opened) } : {}),
  }
  const { value: made } = site.at.aggregate(opened.scope, { value: one })
  return made ?? nothing(type)
}

const orZero = (value: Expr): Expr => choose(integerTypeOf, [[isNotNull(value), value]], integer(0))

function countOf(site: ListSite, opened: Opened, where: Expr): Expr {
  return orZero(aggregate(site, opened, 'count', integerTypeOf, where))
}

const exists: ListFormula = (site, operand) => {
  const list = asRows(operand)
  const opened = open(list, site.at)
  const found = aggregate(site, opened, 'anyTrue', booleanTypeOf, isNotNull(opened.item))
  return scalar(site.at, answer(site.at, list, test('isTrue', found), truth(false)))
}

const count =
  (ofAll: boolean): ListFormula =>
  (site, operand) => {
    const list = asRows(operand)
    const opened = open(list, site.at)
    const number = countOf(site, opened, ofAll ? truth(true) : isNotNull(opened.item))
    return scalar(site.at, answer(site.at, list, number, integer(0)))
  }

/** Two values side by side in a scope, as equal where both are null. */
const matches = (item: Expr, other: Expr, at: At): Expr =>
  choose(
    booleanTypeOf,
    [
      [isNull(item), isNull(other)],
      [isNull(other), truth(false)],
    ],
    equal(other, item, at),
  )

/** Three-valued membership; a null list holds nothing. */
function holds(site: ListSite, at: Scope, list: Rows, item: Expr, from: Scope): Expr {
  const opened = open(list, at)
  const wanted = opened.scope.carry(item, from)
  const found = anyOf(at, opened.scope, matches(wanted, opened.item, site.within(opened.scope)))
  return answer(at, list, found, truth(false))
}

const membership =
  (listFirst: boolean): ListFormula =>
  (site, left, right) => {
    const [list, item] = listFirst ? [left, right] : [right, left]
    return scalar(site.at, holds(site, site.at, asRows(list), exprAt(item, site.at), site.at))
  }

/** Is the element in the list, with another one beside it? */
const properMembership =
  (listFirst: boolean): ListFormula =>
  (site, left, right) => {
    const [one, item] = listFirst ? [left, right] : [right, left]
    const list = asRows(one)
    const expr = exprAt(item, site.at)
    const opened = open(list, site.at)
    const wanted = opened.scope.carry(expr, site.at)
    const differs = choose(
      booleanTypeOf,
      [
        [isNull(wanted), isNotNull(opened.item)],
        [isNull(opened.item), truth(null)],
      ],
      not(equal(wanted, opened.item, site.within(opened.scope))),
    )
    const another = anyOf(site.at, opened.scope, differs)
    const found = holds(site, site.at, list, expr, site.at)
    return scalar(site.at, answer(site.at, list, both(found, another), truth(false)))
  }

/** Is each element of the second list in the first? */
function includesAll(site: ListSite, left: Rows, right: Rows): Expr {
  const opened = open(right, site.at)
  const inside = holds(site, opened.scope, left, opened.item, opened.scope)
  return not(anyOf(site.at, opened.scope, not(inside)))
}

const unlessAbsent = (site: ListSite, lists: readonly Rows[], value: Expr): Expr =>
  choose(
    value.type,
    lists.map((list) => [absent(list, site.at), nothing(value.type)] as const),
    value,
  )

const includes =
  (flipped: boolean, properly: boolean): ListFormula =>
  (site, first, second) => {
    const [left, right] = (flipped ? [second, first] : [first, second]).map(asRows) as [Rows, Rows]
    const all = includesAll(site, left, right)
    const more = () => test('less', sizeOf(site, right), sizeOf(site, left))
    return scalar(site.at, unlessAbsent(site, [left, right], properly ? both(all, more()) : all))
  }

const sizeOf = (site: ListSite, list: Rows): Expr => countOf(site, open(list, site.at), truth(true))

/** A list holds an element; null where either is. */
const includesOne =
  (listFirst: boolean): ListFormula =>
  (site, left, right) => {
    const [list, item] = listFirst ? [left, right] : [right, left]
    const [rows, expr] = [asRows(list), exprAt(item, site.at)]
    const found = holds(site, site.at, rows, expr, site.at)
    return scalar(site.at, unlessAbsent(site, [rows], choose(booleanTypeOf, [[isNull(expr), truth(null)]], found)))
  }

/** The rows of a list without doubles, the first of each kept. */
export function distinct(opened: Opened, at: Scope, offset: number): Opened {
  const number = at.names.next('n')
  const input = opened.scope.withColumns({})
  const relation: Plan = {
    op: 'window',
    input,
    number,
    partition: [...at.keys.map(keyColumn), ...identityOf(opened.item, offset)],
    order: orderOf(opened),
    columns: [...input.columns, { name: number, type: integerTypeOf, nonNull: true }],
  }
  const { scope } = opened
  const numberedScope = new Scope(scope.names, relation, scope.keys, at, scope.holds, scope.fault)
  return { ...opened, scope: numberedScope.filtered(test('equals', keyColumn(number), integer(1))) }
}

const distinctList: ListFormula = (site, operand) => {
  const list = asRows(operand)
  const opened = distinct(open(list, site.at), site.at, site.with.offset)
  return mapped(opened, site.at, opened.item, presence(list, site.at))
}

function presence(list: Rows, at: Scope): Expr | undefined {
  return list.present === undefined ? undefined : at.carry(list.present, list.scope)
}

/** Rows of several lists one after the other, in a relation of (key, tag, positions, item). */
export function concatenated(lists: readonly Rows[], at: Scope): Opened {
  const type = joinTypes(lists.map((list) => list.item.type))
  const width = Math.max(...lists.map((list) => list.order.length))
  const [tag, item, fault] = [at.names.next('part'), at.names.next('item'), at.names.next('fault')]
  const positions = Array.from({ length: width }, () => at.names.next('pos'))
  const wanted = [...at.keys, tag, ...positions, item, fault]
  const inputs = lists.map((list, index) => {
    const opened = open(list, at)
    const exprs = {
      [tag]: integer(index),
      ...Object.fromEntries(
        positions.map((name, place) => {
          const own = opened.order[place]
          return [name, own === undefined ? integer(0) : keyColumn(own)]
        }),
      ),
      [item]: convert(opened.item, type),
      [fault]: opened.scope.fault ?? noFault,
    }
    return narrow(opened.scope.withColumns(exprs), wanted)
  })
  const columns = wanted.map((name) => ({
    name,
    type: name === item ? type : name === fault ? noFault.type : integerTypeOf,
    ...(name === item || name === fault ? {} : { nonNull: true }),
  }))
  const relation: Plan = { op: 'union', inputs, columns }
  const order = [tag, ...positions]
  const failing = lists.some((list) => list.rows.fault !== undefined)
  const faultColumn: Expr = { kind: 'column', name: fault, type: noFault.type }
  const scope = new Scope(at.names, relation, [...at.keys, ...order], at, [], failing ? faultColumn : undefined)
  return { scope, item: { kind: 'column', name: item, type }, order }
}

const noFault = nothing({ kind: 'system', name: 'String' })

const union: ListFormula = (site, left, right) => {
  const lists = [asRows(left), asRows(right)]
  const opened = distinct(concatenated(lists, site.at), site.at, site.with.offset)
  const present = lists.every((list) => list.present !== undefined)
    ? lists.map((list) => not(absent(list, site.at))).reduce(either)
    : undefined
  return mapped(opened, site.at, opened.item, present)
}

const narrowedBy =
  (keep: 'inside' | 'outside'): ListFormula =>
  (site, left, right) => {
    const [list, other] = [asRows(left), asRows(right)]
    const opened = distinct(open(list, site.at), site.at, site.with.offset)
    const inside = holds(site, opened.scope, other, opened.item, opened.scope)
    const kept = opened.scope.filtered(keep === 'inside' ? inside : not(test('isTrue', inside)))
    const needed = keep === 'inside' ? [list, other] : [list]
    const present = needed.map((one) => presence(one, site.at)).filter((one) => one !== undefined)
    return mapped(
      { ...opened, scope: kept },
      site.at,
      opened.item,
      present.length === 0 ? undefined : present.reduce(both),
    )
  }

const flatten: ListFormula = (site, operand) => {
  const list = asRows(operand)
  const outer = open(list, site.at)
  const inner = open(asRows(scalar(outer.scope, outer.item)), outer.scope)
  const order = [...outer.order, ...inner.order]
  return mapped({ ...inner, order }, site.at, inner.item, presence(list, site.at))
}

const edge =
  (name: 'first' | 'last'): ListFormula =>
  (site, operand) => {
    const list = asRows(operand)
    const opened = open(list, site.at)
    const found = aggregate(site, opened, name, opened.item.type, opened.item, undefined, true)
    return scalar(site.at, answer(site.at, list, found, nothing(found.type)))
  }

const firstPresent: ListFormula = (site, operand) => {
  const opened = open(asRows(operand), site.at)
  return scalar(site.at, aggregate(site, opened, 'first', opened.item.type, opened.item, isNotNull(opened.item), true))
}

const indexer: ListFormula = (site, operand, index) => {
  const list = asRows(operand)
  const wanted = exprAt(index, site.at)
  const opened = open(list, site.at)
  const { scope, number } = numbered(opened, site.at)
  const at = call('addInteger', integerTypeOf, scope.carry(wanted, site.at), integer(1))
  const found = aggregate(
    site,
    { ...opened, scope },
    'first',
    opened.item.type,
    opened.item,
    test('equals', number, at),
    true,
  )
  return scalar(site.at, answer(site.at, list, found, nothing(found.type)))
}

const indexOf: ListFormula = (site, operand, element) => {
  const list = asRows(operand)
  const wanted = exprAt(element, site.at)
  const opened = open(list, site.at)
  const { scope, number } = numbered(opened, site.at)
  const same = test('isTrue', equal(opened.item, scope.carry(wanted, site.at), site.within(scope)))
  const found = aggregate(site, { ...opened, scope }, 'min', integerTypeOf, number, same)
  const index = choose(
    integerTypeOf,
    [[isNotNull(found), call('subtractInteger', integerTypeOf, found, integer(1))]],
    integer(-1),
  )
  const known = choose(integerTypeOf, [[isNull(wanted), nothing(integerTypeOf)]], index)
  return scalar(site.at, answer(site.at, list, known, nothing(integerTypeOf)))
}

const singleton: ListFormula = (site, operand) => {
  const list = asRows(operand)
  const opened = open(list, site.at)
  const size = countOf(site, opened, truth(true))
  const found = aggregate(site, opened, 'first', opened.item.type, opened.item, undefined, true)
  const checked = guard(found, test('less', integer(1), size), 'not-a-singleton')
  return scalar(site.at, answer(site.at, list, checked, nothing(found.type)))
}

const slice: ListFormula = (site, operand, start, end) => {
  const list = asRows(operand)
  const size = sizeOf(site, list)
  const opened = open(list, site.at)
  const { scope, number } = numbered(opened, site.at)
  const bound = (value: Lowered, otherwise: Expr) => {
    const given = exprAt(value, site.at)
    const fromEnd = call('addInteger', integerTypeOf, size, given)
    const placed = choose(integerTypeOf, [[test('less', given, integer(0)), fromEnd]], given)
    return scope.carry(choose(integerTypeOf, [[isNull(given), otherwise]], placed), site.at)
  }
  const after = test('less', bound(start, integer(0)), number)
  const upTo = test('lessOrEqual', number, bound(end, size))
  return mapped({ ...opened, scope: scope.filtered(both(after, upTo)) }, site.at, opened.item, presence(list, site.at))
}

const combine: ListFormula = (site, operand, separator) => {
  const list = asRows(operand)
  const opened = open(list, site.at)
  const texts = aggregate(
    site,
    opened,
    'list',
    { kind: 'list', of: opened.item.type },
    opened.item,
    isNotNull(opened.item),
    true,
  )
  const between = exprAt(separator, site.at)
  const joined = call(
    'joinTexts',
    opened.item.type,
    texts,
    choose(opened.item.type, [[isNotNull(between), between]], emptyText),
  )
  return scalar(site.at, answer(site.at, list, joined, nothing(joined.type)))
}

const emptyText: Expr = { kind: 'const', value: '', type: { kind: 'system', name: 'String' } }

const toList: ListFormula = (site, operand) =>
  operand.kind === 'rows'
    ? scalar(site.at, call('singleList', { kind: 'list', of: asScalar(operand).expr.type }, exprAt(operand, site.at)))
    : scalar(operand.scope, call('singleList', { kind: 'list', of: operand.expr.type }, operand.expr))

/** Operators over lists, by name and signature: relations keyed by the scope's key and a position. */
export const listFormulas: Readonly<Record<string, ListFormula>> = {
  'Exists(List<T>): Boolean': exists,
  'Count(List<T>): Integer': count(false),
  'Length(List<T>): Integer': count(true),
  'In(T, List<T>): Boolean': membership(false),
  'Contains(List<T>, T): Boolean': membership(true),
  'ProperIn(T, List<T>): Boolean': properMembership(false),
  'ProperContains(List<T>, T): Boolean': properMembership(true),
  'Includes(List<T>, List<T>): Boolean': includes(false, false),
  'Includes(List<T>, T): Boolean': includesOne(true),
  'IncludedIn(List<T>, List<T>): Boolean': includes(true, false),
  'IncludedIn(T, List<T>): Boolean': includesOne(false),
  'ProperIncludes(List<T>, List<T>): Boolean': includes(false, true),
  'ProperIncludedIn(List<T>, List<T>): Boolean': includes(true, true),
  'Union(List<T>, List<U>): List<T>': union,
  'Intersect(List<T>, List<T>): List<T>': narrowedBy('inside'),
  'Except(List<T>, List<U>): List<T>': narrowedBy('outside'),
  'Distinct(List<T>): List<T>': distinctList,
  'Flatten(List<List<T>>): List<T>': flatten,
  'First(List<T>): T': edge('first'),
  'Last(List<T>): T': edge('last'),
  'Coalesce(List<T>): T': firstPresent,
  'Indexer(List<T>, Integer): T': indexer,
  'IndexOf(List<T>, T): Integer': indexOf,
  'SingletonFrom(List<T>): T': singleton,
  'Slice(List<T>, Integer, Integer): List<T>': slice,
  'Combine(List<String>, String): String': combine,
  'ToList(T): List<T>': toList,
}
