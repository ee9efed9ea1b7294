import { both, choose, either, integer, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { columnsIn, faultOf, substitute } from '../algebra/fault.ts'
import { Scope } from '../algebra/scope.ts'
import { integerTypeOf } from '../algebra/types.ts'
import type { Picked, Rows } from './lowered.ts'

/** Beyond so many, conditions that are asked twice (for the row and for its place) cost more than a second reading. */
const mostConditions = 40

/**
 * The union of lists that are picked out of one relation: it is read once, a resource is there once, and the first
 * condition that it meets says where. Undefined where that cannot be said of the lists.
 */
export function unitedPicked(left: Rows, right: Rows): Rows | undefined {
  const [first, second] = [left.picked, right.picked]
  if (first === undefined || second === undefined || first.from !== second.from) return undefined
  const conditions = [...first.conditions, ...second.conditions]
  return conditions.length > mostConditions ? undefined : rowsOf({ ...first, conditions }, left.scope)
}

function rowsOf(picked: Picked, at: Scope): Rows {
  const { from, item, rid, conditions } = picked
  const place = at.names.next('place')
  const first = choose(
    integerTypeOf,
    conditions.map((condition, index) => [condition, integer(index)] as const),
  )
  const kept = from.filtered(conditions.reduce(either))
  const placed = kept.withColumns({ [place]: first })
  const rows = new Scope(at.names, placed, [...at.keys, place, rid], at)
  return { kind: 'rows', scope: at, rows, order: [place, rid], item, once: true, picked }
}

/** What is picked of a list when its rows are filtered by conditions on items as they are read; undefined: unknown. */
export function pickedWhere(list: Rows, item: Expr, conditions: readonly Expr[]): Picked | undefined {
  const { picked } = list
  if (picked === undefined) return undefined
  const [own, read] = [[...columnsIn(picked.item).values()], [...columnsIn(item).keys()]]
  if (own.length !== read.length) return undefined
  const names = new Map(read.map((name, index) => [name, own[index] ?? truth(null)]))
  const isSaid = (condition: Expr) =>
    faultOf(condition) === undefined && [...columnsIn(condition).keys()].every((name) => names.has(name))
  if (!conditions.every(isSaid)) return undefined
  const all = conditions.map((one) => test('isTrue', substitute(one, names))).reduce(both, truth(true))
  return { ...picked, conditions: picked.conditions.map((one) => both(one, all)) }
}
