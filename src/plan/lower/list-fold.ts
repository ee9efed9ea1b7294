import type { CoreType } from '../../core/index.ts'
import { both, choose, integer, isNotNull, nothing, test, truth } from '../algebra/build.ts'
import type { Expr, PackExpr } from '../algebra/expr.ts'
import { faultOf } from '../algebra/fault.ts'
import type { AggregateName } from '../algebra/relation.ts'
import { ridOf } from '../algebra/resource-key.ts'
import type { Scope } from '../algebra/scope.ts'
import { integerTypeOf } from '../algebra/types.ts'
import { absentFrom, columnName, numbered, type Opened, orderOf } from './list.ts'
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

/** The first or last item: of resources, and of tuples with such, the whole row, so that elements stay parallel columns. */
export function picked(site: ListSite, opened: Opened, name: 'first' | 'last', where?: Expr): Expr {
  const { item } = opened
  const isResource = ridOf(item) !== undefined
  if (item.kind !== 'pack' || !(isResource || holdsResource(item)))
    return aggregate(site, opened, name, item.type, item, where, true)
  const filtered = where === undefined ? opened.scope : opened.scope.filtered(where)
  const own = isResource ? undefined : faultOf(item)
  const rows = { ...opened, scope: own === undefined ? filtered : filtered.failing(own) }
  const { scope, number } = numbered(rows, site.at, name === 'last')
  const kept = scope.restricted(test('equals', number, integer(1))).renamed(site.at.keys)
  const found = rows.scope.fault === undefined ? truth(true) : isNotNull(countOf(site, rows, truth(true)))
  site.at.adopt(kept.scope)
  const value = kept.rename(item)
  if (value.kind !== 'pack') return value
  if (!isResource) return tupleOf(value, found, kept.rename(number))
  return value.present === undefined ? value : { ...value, present: both(found, value.present) }
}

/** Does a tuple have a resource with its columns, however deep? */
function holdsResource({ type, fields }: PackExpr): boolean {
  return (
    type.kind === 'tuple' &&
    Object.values(fields).some((part) => part.kind === 'pack' && (ridOf(part) !== undefined || holdsResource(part)))
  )
}

/** A tuple of a row that may not be there: its columns are null then, and what is no column is made so. */
function tupleOf(value: PackExpr, found: Expr, number: Expr): Expr {
  const there = isNotNull({ kind: 'column', name: columnName(number), type: integerTypeOf })
  const within = (pack: PackExpr): PackExpr => ({
    ...pack,
    fields: Object.fromEntries(
      Object.entries(pack.fields).map(([name, part]) => {
        if (part.kind !== 'pack' || part.type.kind !== 'tuple')
          return [name, ridOf(part) === undefined ? choose(part.type, [[there, part]]) : part]
        const inner = within(part)
        return [name, { ...inner, present: both(there, inner.present ?? truth(true)) }]
      }),
    ),
  })
  const made = within(value)
  return { ...made, present: [found, there, made.present ?? truth(true)].reduce(both) }
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
