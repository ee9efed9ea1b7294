import type { CoreType } from '../../core/index.ts'
import {
  both,
  call,
  choose,
  constant,
  either,
  field,
  isNotNull,
  isNull,
  neverNull,
  not,
  nothing,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { faultOf } from '../algebra/fault.ts'
import type { Plan } from '../algebra/relation.ts'
import { ridOf } from '../algebra/resource-key.ts'
import { narrow, Scope } from '../algebra/scope.ts'
import { anyTypeOf, booleanTypeOf, integerTypeOf, isTemporal, listOf } from '../algebra/types.ts'
import { momentOf } from '../formula/point.ts'
import { type Lowered, type Rows, type Scalar, scalar } from './lowered.ts'

const itemTypeOf = (type: CoreType): CoreType => (type.kind === 'list' ? type.of : anyTypeOf)

/** A list as rows: one inside a row is unnested with its positions. */
export function asRows(value: Lowered): Rows {
  if (value.kind === 'rows') return value
  const { scope, expr } = value
  const names = scope.names
  const [list, item, position] = [names.next('list'), names.next('item'), names.next('pos')]
  const input = narrow(scope.withColumns({ [list]: expr }), [...scope.keys, list])
  const type = itemTypeOf(expr.type)
  const relation: Plan = {
    op: 'unnest',
    input,
    list: { kind: 'column', name: list, type: expr.type },
    item,
    position,
    columns: [
      ...input.columns.filter((column) => column.name !== list),
      { name: item, type },
      { name: position, type: integerTypeOf, nonNull: true },
    ],
  }
  const rows = new Scope(names, relation, [...scope.keys, position], scope)
  const present = presenceOf(expr)
  return {
    kind: 'rows',
    scope,
    rows,
    order: [position],
    item: { kind: 'column', name: item, type },
    ...(present === undefined ? {} : { present }),
  }
}

/** Whether a list is there. A fault in it stands in its place, though it never is null. */
function presenceOf(list: Expr): Expr | undefined {
  if (faultOf(list) === undefined) return neverNull(list) ? undefined : isNotNull(list)
  return test('isNotNull', list)
}

/** A list as one value of its scope's rows, or of the narrower rows of `at`. */
export function asScalar(value: Lowered, at: Scope): Scalar {
  if (value.kind === 'scalar') return value
  const scope = at.holds.has(value.scope) ? at : value.scope
  const type = listOf(value.item.type)
  const { list } = scope.aggregate(value.rows, {
    list: { name: 'list', type, value: value.item, order: orderOf(value) },
  })
  const filled = call('listOrEmpty', type, list ?? nothing(type))
  return scalar(scope, ifPresent(value, filled, nothing(type)))
}

/** A single operand as an expression of a scope. */
export const exprAt = (value: Lowered, at: Scope): Expr => {
  const one = asScalar(value, at)
  return at.carry(one.expr, one.scope)
}

export const orderOf = (rows: Pick<Rows, 'order'>) =>
  rows.order.map((name) => ({ value: keyColumn(name), descending: false }))

export const keyColumn = (name: string): Expr => ({ kind: 'column', name, type: integerTypeOf, nonNull: true })

/** A value where the list is not null, else another. */
export function ifPresent(rows: Rows, value: Expr, otherwise: Expr): Expr {
  return rows.present === undefined ? value : choose(value.type, [[rows.present, value]], otherwise)
}

/** A list's rows beside a scope's: each element with the scope's row that it belongs to. */
export interface Opened {
  readonly scope: Scope
  readonly item: Expr
  readonly order: readonly string[]
}

/** Opens a list over a scope that stands in the list's own one or further in. */
export function open(list: Rows, at: Scope): Opened {
  const own = list.scope === at
  const { scope: renamed, rename } = list.rows.renamed(own ? at.keys : [])
  const order = list.order.map((name) => columnName(rename(keyColumn(name))))
  const item = rename(list.item)
  if (own) {
    const scope = new Scope(at.names, renamed.relation, [...at.keys, ...order], at, [], renamed.fault)
    return { scope, item, order }
  }
  const on = list.scope.keys.map((key) => [key, columnName(rename(keyColumn(key)))] as const)
  const left = narrow(at.relation, at.keys)
  const relation: Plan = {
    op: 'join',
    how: 'inner',
    left,
    right: renamed.relation,
    on,
    columns: [...left.columns, ...renamed.relation.columns],
  }
  return { scope: new Scope(at.names, relation, [...at.keys, ...order], at, [], renamed.fault), item, order }
}

export const columnName = (expr: Expr): string => (expr.kind === 'column' ? expr.name : '')

/** A list whose elements are made of another's, row by row. */
export function mapped(opened: Opened, at: Scope, item: Expr, present?: Expr): Rows {
  return {
    kind: 'rows',
    scope: at,
    rows: opened.scope,
    order: opened.order,
    item,
    ...(present === undefined ? {} : { present }),
  }
}

/**
 * When a list of lists is opened, faults of the inner ones are on no row any more: they are told where it is asked
 * whether the whole is there.
 */
export function presentWithFaults(at: Scope, outer: Opened, present: Expr | undefined): Expr | undefined {
  if (outer.scope.fault === undefined && faultOf(outer.item) === undefined) return present
  const { told } = at.aggregate(outer.scope, {
    told: { name: 'count', type: integerTypeOf, value: isNotNull(outer.item) },
  })
  const always = told === undefined ? truth(true) : either(isNull(told), isNotNull(told))
  return both(present ?? truth(true), always)
}

/** True where a list is null, over a scope. */
export function absentFrom(list: Rows, at: Scope): Expr {
  return list.present === undefined ? truth(false) : not(at.carry(list.present, list.scope))
}

/**
 * True, with the fault that stands in any of a list's rows, for what would ask the rows of another list only; undefined
 * where none can fail.
 */
export function soundness(rows: Scope, at: Scope): Expr | undefined {
  if (rows.fault === undefined) return undefined
  const { some } = at.aggregate(rows, { some: { name: 'anyTrue', type: booleanTypeOf, value: truth(true) } })
  return not(test('isFalse', some ?? truth(null)))
}

/** Rows of a list with their number (from 1) within it. */
export function numbered(opened: Opened, at: Scope, fromEnd = false): { readonly scope: Scope; readonly number: Expr } {
  const number = at.names.next('n')
  const input = opened.scope.relation
  const relation: Plan = {
    op: 'window',
    input,
    number,
    partition: at.keys.map(keyColumn),
    order: orderOf(opened).map((key) => ({ ...key, descending: fromEnd })),
    columns: [...input.columns, { name: number, type: integerTypeOf, nonNull: true }],
  }
  const scope = new Scope(at.names, relation, opened.scope.keys, at, opened.scope.holds, opened.scope.fault)
  return { scope, number: keyColumn(number) }
}

/** Three-valued "for any row": true where one is, else null where one may be, else false. */
export function anyOf(at: Scope, inner: Scope, condition: Expr): Expr {
  const { found, open: unknown } = at.aggregate(inner, {
    found: { name: 'anyTrue', type: booleanTypeOf, value: condition },
    open: { name: 'anyNull', type: booleanTypeOf, value: condition },
  })
  return choose(
    booleanTypeOf,
    [
      [found ?? truth(null), truth(true)],
      [unknown ?? truth(null), truth(null)],
    ],
    truth(false),
  )
}

/** Keys by which two values are grouped exactly where CQL takes them as equal, or as both null. */
export function identityOf(value: Expr, offset: number): readonly Expr[] {
  const { type } = value
  const rid = ridOf(value)
  if (rid !== undefined) return [rid]
  if (type.kind === 'tuple')
    return [
      test('isNull', value),
      ...type.elements.flatMap((element) => identityOf(field(value, element.name, element.type), offset)),
    ]
  if (type.kind === 'interval')
    return [
      test('isNull', value),
      ...['low', 'high'].flatMap((side) => identityOf(boundKey(value, side, type.of), offset)),
    ]
  if (type.kind === 'uncertain')
    return ['low', 'high'].flatMap((side) => identityOf(field(value, side, type.of), offset))
  const name = type.kind === 'system' ? type.name : ''
  const moment = isTemporal(type) ? momentOf(value, { offset }, 'alike') : undefined
  if (moment !== undefined) return [moment]
  if (name === 'DateTime') return [call('instant', anyTypeOf, value, constant(offset, integerTypeOf))]
  if (name === 'Quantity') return [call('canonicalQuantity', anyTypeOf, value)]
  return [value]
}

function boundKey(interval: Expr, side: string, type: CoreType): Expr {
  return field(interval, side, type)
}
