import { alongWith, both, choose, isNotNull, isNull, not, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { cannotFail } from '../algebra/parts.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf } from '../algebra/types.ts'
import { equal } from '../formula/equality.ts'
import { isOneOf, matches, writtenItems } from './in-row.ts'
import { absentFrom, anyOf, asRows, exprAt, open, soundness } from './list.ts'
import { answer, countOf } from './list-fold.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered, type Rows, scalar } from './lowered.ts'

/** A question about two lists, or a list and an element. */
type Membership = (site: ListSite, left: Lowered, right: Lowered) => Lowered

/** Three-valued membership; a null list holds nothing. */
export function holds(site: ListSite, at: Scope, list: Rows, item: Expr, from: Scope): Expr {
  const opened = open(list, at)
  const wanted = opened.scope.carry(item, from)
  const found = anyOf(at, opened.scope, matches(wanted, opened.item, site.within(opened.scope)))
  return answer(at, list, found, truth(false))
}

export const membership =
  (listFirst: boolean): Membership =>
  (site, left, right) => {
    const [list, item] = listFirst ? [left, right] : [right, left]
    const [written, expr] = [writtenItems(list, site.at), exprAt(item, site.at)]
    const found =
      written === undefined ? holds(site, site.at, asRows(list), expr, site.at) : isOneOf(written, expr, site.with)
    return scalar(site.at, alongWith(expr, found))
  }

/** Is the element in the list, with another one beside it? */
export const properMembership =
  (listFirst: boolean): Membership =>
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
    return scalar(site.at, alongWith(expr, answer(site.at, list, both(found, another), truth(false))))
  }

/** Is there no row of a list in whose place a fault may stand? */
export const rowsCannotFail = (list: Lowered): boolean =>
  list.kind === 'rows' ? list.rows.fault === undefined : cannotFail(list.expr)

/** The faults of a list whose rows are asked only beside those of another. */
export const soundnessOf = (list: Rows, at: Scope): Expr | undefined =>
  list.rows.fault === undefined ? undefined : soundness(open(list, at).scope, at)

/** Is each element of the second list in the first? */
function includesAll(site: ListSite, left: Rows, right: Rows): Expr {
  const opened = open(right, site.at)
  const inside = holds(site, opened.scope, left, opened.item, opened.scope)
  const all = not(anyOf(site.at, opened.scope, not(inside)))
  return both(soundnessOf(left, site.at) ?? truth(true), all)
}

const unlessAbsent = (site: ListSite, lists: readonly Rows[], value: Expr): Expr =>
  choose(
    value.type,
    lists.map((list) => [absentFrom(list, site.at), nothing(value.type)] as const),
    value,
  )

export const includes =
  (flipped: boolean, properly: boolean): Membership =>
  (site, first, second) => {
    const [left, right] = (flipped ? [second, first] : [first, second]).map(asRows) as [Rows, Rows]
    const all = includesAll(site, left, right)
    const more = () => test('less', sizeOf(site, right), sizeOf(site, left))
    return scalar(site.at, unlessAbsent(site, [left, right], properly ? both(all, more()) : all))
  }

const sizeOf = (site: ListSite, list: Rows): Expr => countOf(site, open(list, site.at), truth(true))

/** A list holds an element; null where either is. */
export const includesOne =
  (listFirst: boolean): Membership =>
  (site, left, right) => {
    const [list, item] = listFirst ? [left, right] : [right, left]
    const [rows, expr] = [asRows(list), exprAt(item, site.at)]
    const found = holds(site, site.at, rows, expr, site.at)
    const known = unlessAbsent(site, [rows], choose(booleanTypeOf, [[isNull(expr), truth(null)]], found))
    return scalar(site.at, alongWith(expr, known))
  }
