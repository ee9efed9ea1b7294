import type { CoreType } from '../../core/index.ts'
import { both, choose, integer, isNotNull, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { AggregateName } from '../algebra/relation.ts'
import { ridOf } from '../algebra/resource-key.ts'
import type { Scope } from '../algebra/scope.ts'
import { integerTypeOf } from '../algebra/types.ts'
import { absentFrom, numbered, type Opened, orderOf } from './list.ts'
import type { ListSite } from './list-site.ts'
import type { Rows } from './lowered.ts'

/** What is computed over a list, or what is so where the list is null. */
export const answer = (at: Scope, list: Rows, value: Expr, whenNull: Expr): Expr =>
  choose(value.type, [[absentFrom(list, at), whenNull]], value)

/** An aggregate of a list's items, null where there are none. */
export function aggregate(
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

/** The first or last item: of resources the whole row, so that its elements stay parallel columns. */
export function picked(site: ListSite, opened: Opened, name: 'first' | 'last', where?: Expr): Expr {
  const { item } = opened
  if (ridOf(item) === undefined || item.kind !== 'pack')
    return aggregate(site, opened, name, item.type, item, where, true)
  const rows = { ...opened, scope: where === undefined ? opened.scope : opened.scope.filtered(where) }
  const { scope, number } = numbered(rows, site.at, name === 'last')
  const kept = scope.restricted(test('equals', number, integer(1))).renamed(site.at.keys)
  const found = rows.scope.fault === undefined ? truth(true) : isNotNull(countOf(site, rows, truth(true)))
  site.at.adopt(kept.scope)
  const value = kept.rename(item)
  return value.kind === 'pack' && value.present !== undefined
    ? { ...value, present: both(found, value.present) }
    : value
}

/** The item of a list of resources that never holds two. */
export function onlyOf(site: ListSite, opened: Opened): Expr {
  const only = opened.scope.renamed(site.at.keys)
  site.at.adopt(only.scope)
  return only.rename(opened.item)
}

/** A number, or zero where there is none. */
export const orZero = (value: Expr): Expr => choose(integerTypeOf, [[isNotNull(value), value]], integer(0))

/** How many items there are for which a condition is true. */
export function countOf(site: ListSite, opened: Opened, where: Expr): Expr {
  return orZero(aggregate(site, opened, 'count', integerTypeOf, where))
}
