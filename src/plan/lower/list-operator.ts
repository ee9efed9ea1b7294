import {
  alongWith,
  both,
  call,
  choose,
  either,
  guard,
  integer,
  isNotNull,
  isNull,
  not,
  nothing,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { cannotFail } from '../algebra/parts.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, integerTypeOf } from '../algebra/types.ts'
import { equal } from '../formula/equality.ts'
import { collapseList } from './collapse.ts'
import { expandInterval, expandList } from './expand.ts'
import { emptyList, inRow, isEmptyList, itemAt } from './in-row.ts'
import { absentFrom, asRows, asScalar, exprAt, mapped, numbered, open, presentWithFaults } from './list.ts'
import { aggregate, answer, countOf, onlyOf, orZero, picked } from './list-fold.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered, type Rows, scalar } from './lowered.ts'
import {
  holds,
  includes,
  includesOne,
  membership,
  properMembership,
  rowsCannotFail,
  soundnessOf,
} from './membership.ts'
import { unitedPicked } from './picked.ts'
import { childrenOperator, descendantsOperator } from './structure-operator.ts'
import { concatenated, distinct } from './united-list.ts'

type ListFormula = (site: ListSite, ...operands: readonly [Lowered, Lowered, Lowered, ...Lowered[]]) => Lowered

const absent = absentFrom

const exists: ListFormula = (site, operand) => {
  const own = inRow(operand, site.at)
  if (own !== undefined)
    return scalar(site.at, test('isTrue', test('less', integer(0), call('countPresent', integerTypeOf, own))))
  const list = asRows(operand)
  const opened = open(list, site.at)
  const found = aggregate(site, opened, 'anyTrue', booleanTypeOf, isNotNull(opened.item))
  return scalar(site.at, answer(site.at, list, test('isTrue', found), truth(false)))
}

const count =
  (ofAll: boolean): ListFormula =>
  (site, operand) => {
    const own = inRow(operand, site.at)
    if (own !== undefined)
      return scalar(site.at, orZero(call(ofAll ? 'listLength' : 'countPresent', integerTypeOf, own)))
    const list = asRows(operand)
    const opened = open(list, site.at)
    const number = countOf(site, opened, ofAll ? truth(true) : isNotNull(opened.item))
    return scalar(site.at, answer(site.at, list, number, integer(0)))
  }

const distinctList: ListFormula = (site, operand) => {
  if (isEmptyList(operand) || (operand.kind === 'rows' && operand.once === true)) return operand
  const list = asRows(operand)
  const opened = distinct(open(list, site.at), site.at, site.with.offset)
  return { ...mapped(opened, site.at, opened.item, presence(list, site.at)), once: true }
}

function presence(list: Rows, at: Scope): Expr | undefined {
  return list.present === undefined ? undefined : at.carry(list.present, list.scope)
}

/** A list that is empty where it was null; undefined where whether it is null may fail. */
function neverNullList(list: Lowered): Lowered | undefined {
  if (list.kind !== 'rows') return undefined
  const { present, ...rows } = list
  return present === undefined || cannotFail(present) ? rows : undefined
}

/** True, with the faults that stand where it is asked whether lists are there; undefined where none can fail. */
function faultsOfPresence(lists: readonly Rows[], at: Scope): Expr | undefined {
  const failing = lists.filter(({ present }) => present !== undefined && !cannotFail(present))
  return failing.length === 0
    ? undefined
    : failing.reduce((whole, list) => alongWith(not(absent(list, at)), whole), truth(true) as Expr)
}

const union: ListFormula = (site, left, right) => {
  const other = isEmptyList(left) ? right : isEmptyList(right) ? left : undefined
  if (other !== undefined && isEmptyList(other)) return other
  const only = other === undefined ? undefined : neverNullList(distinctList(site, other, other, other))
  if (only !== undefined) return only
  const lists: readonly [Rows, Rows] = [asRows(left), asRows(right)]
  const picked = unitedPicked(...lists)
  if (picked !== undefined) return picked
  const opened = distinct(concatenated(lists, site.at), site.at, site.with.offset)
  const present = lists.every((list) => list.present !== undefined)
    ? lists.map((list) => not(absent(list, site.at))).reduce(either)
    : faultsOfPresence(lists, site.at)
  return { ...mapped(opened, site.at, opened.item, present), once: true }
}

const narrowedBy =
  (keep: 'inside' | 'outside'): ListFormula =>
  (site, left, right) => {
    if (isEmptyList(left) && keep === 'outside' && rowsCannotFail(right)) return left
    if (isEmptyList(right) && keep === 'outside') return distinctList(site, left, left, left)
    const [list, other] = [asRows(left), asRows(right)]
    const opened = distinct(open(list, site.at), site.at, site.with.offset)
    const inside = holds(site, opened.scope, other, opened.item, opened.scope)
    const kept = opened.scope.filtered(keep === 'inside' ? inside : not(test('isTrue', inside)))
    const needed = keep === 'inside' ? [list, other] : [list]
    const all = [...needed.map((one) => presence(one, site.at)), soundnessOf(other, site.at)]
    const present = all.filter((one) => one !== undefined)
    return mapped(
      { ...opened, scope: kept },
      site.at,
      opened.item,
      present.length === 0 ? undefined : present.reduce(both),
    )
  }

const flatten: ListFormula = (site, operand) => {
  if (isEmptyList(operand)) return emptyList(site.at, site.node.type)
  const list = asRows(operand)
  const outer = open(list, site.at)
  const inner = open(asRows(scalar(outer.scope, outer.item)), outer.scope)
  const order = [...outer.order, ...inner.order]
  const present = presentWithFaults(site.at, outer, presence(list, site.at))
  return mapped({ ...inner, order }, site.at, inner.item, present)
}

/** A value where its list is not null; of resources, whose structure says whether it is there, that says so too. */
function presentOnly(at: Scope, list: Rows, value: Expr): Expr {
  if (list.present === undefined) return value
  if (value.kind === 'pack' && value.present !== undefined)
    return { ...value, present: both(not(absent(list, at)), value.present) }
  return answer(at, list, value, nothing(value.type))
}

/** A fault in a value's place; a resource bears it where it says whether it is there. */
function guardedBy(value: Expr, when: Expr, code: string): Expr {
  if (value.kind === 'pack' && value.present !== undefined)
    return { ...value, present: guard(value.present, when, code) }
  return guard(value, when, code)
}

const edge =
  (name: 'first' | 'last'): ListFormula =>
  (site, operand) => {
    const own = inRow(operand, site.at)
    if (own !== undefined) return scalar(site.at, itemAt(own, integer(name === 'first' ? 1 : -1)))
    const list = asRows(operand)
    const opened = open(list, site.at)
    return scalar(site.at, presentOnly(site.at, list, picked(site, opened, name)))
  }

const firstPresent: ListFormula = (site, operand) => {
  const opened = open(asRows(operand), site.at)
  return scalar(site.at, picked(site, opened, 'first', isNotNull(opened.item)))
}

const indexer: ListFormula = (site, operand, index) => {
  const wanted = exprAt(index, site.at)
  const own = inRow(operand, site.at)
  if (own !== undefined) {
    const place = call('addInteger', integerTypeOf, wanted, integer(1))
    const found = itemAt(own, place)
    return scalar(site.at, choose(found.type, [[test('lessOrEqual', integer(0), wanted), found]]))
  }
  const list = asRows(operand)
  const opened = open(list, site.at)
  const { scope, number } = numbered(opened, site.at)
  const at = call('addInteger', integerTypeOf, scope.carry(wanted, site.at), integer(1))
  const found = picked(site, { ...opened, scope }, 'first', test('equals', number, at))
  return scalar(site.at, presentOnly(site.at, list, found))
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
  return scalar(site.at, alongWith(wanted, answer(site.at, list, known, nothing(integerTypeOf))))
}

const singleton: ListFormula = (site, operand) => {
  const own = inRow(operand, site.at)
  if (own !== undefined) {
    const several = test('less', integer(1), call('listLength', integerTypeOf, own))
    return scalar(site.at, guard(itemAt(own, integer(1)), several, 'not-a-singleton'))
  }
  const list = asRows(operand)
  const opened = open(list, site.at)
  if (list.single === true) return scalar(site.at, onlyOf(site, opened))
  const size = countOf(site, opened, truth(true))
  const checked = guardedBy(picked(site, opened, 'first'), test('less', integer(1), size), 'not-a-singleton')
  return scalar(site.at, presentOnly(site.at, list, checked))
}

const slice: ListFormula = (site, operand, start, end) => {
  const list = asRows(operand)
  const size = countOf(site, open(list, site.at), truth(true))
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
    ? scalar(
        site.at,
        call('singleList', { kind: 'list', of: asScalar(operand, site.at).expr.type }, exprAt(operand, site.at)),
      )
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
  'Expand(List<Interval<T>>, Quantity): List<Interval<T>>': expandList,
  'Expand(Interval<T>, Quantity): List<T>': expandInterval,
  'Children(Any): List<Any>': childrenOperator,
  'Descendents(Any): List<Any>': descendantsOperator,
  'Collapse(List<Interval<T>>, Quantity): List<Interval<T>>': collapseList,
}
