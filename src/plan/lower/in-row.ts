import { type CoreType, isAny } from '../../core/index.ts'
import { call, choose, constant, either, isNull, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, systemName } from '../algebra/types.ts'
import { equal } from '../formula/equality.ts'
import type { At } from '../operator/formula.ts'
import { exprAt } from './list.ts'
import { type Lowered, scalar } from './lowered.ts'

/** A list that stands inside the rows of a scope, its items no resources: what is asked of it is asked there. */
export function inRow(operand: Lowered, at: Scope): Expr | undefined {
  if (operand.kind !== 'scalar' || operand.expr.type.kind !== 'list' || isAny(operand.expr.type.of)) return undefined
  return exprAt(operand, at)
}

/** An item by its place from 1, or from the end by -1; null where there is none. */
export const itemAt = (list: Expr, place: Expr): Expr =>
  call('elementAt', list.type.kind === 'list' ? list.type.of : list.type, list, place)

/** Is it known that a list has no items, for anybody? */
export function isEmptyList(list: Lowered): boolean {
  return list.kind === 'scalar' && list.expr.kind === 'array' && list.expr.items.length === 0
}

/** The list that has no items. */
export const emptyList = (at: Scope, type: CoreType): Lowered => scalar(at, { kind: 'array', type, items: [] })

/** The items of a list that is written out, over the operator's scope; undefined where it is another. */
export function writtenItems(list: Lowered, at: Scope): readonly Expr[] | undefined {
  if (list.kind !== 'scalar' || list.expr.kind !== 'array' || list.expr.items.length > mostWritten) return undefined
  return list.expr.items.map((item) => at.carry(item, list.scope))
}

/** Beyond so many, comparing each in its turn is no longer the shorter way. */
const mostWritten = 64

/** Membership of a list that is written out, as one expression. Plain constants are looked up at once. */
export function isOneOf(items: readonly Expr[], wanted: Expr, at: At): Expr {
  const values = items.map((item) => (item.kind === 'const' ? item.value : undefined))
  const plain = ['String', 'Integer'].includes(systemName(wanted.type) ?? '')
  if (plain && items.length > 0 && values.every((value) => typeof value === 'string' || typeof value === 'number')) {
    const list = constant(values, { kind: 'list', of: wanted.type })
    return test('isTrue', test('inList', wanted, list))
  }
  return items.map((item) => matches(wanted, item, at)).reduce(either, truth(false))
}

/** Two values side by side in a scope, as equal where both are null. */
export const matches = (item: Expr, other: Expr, at: At): Expr =>
  choose(
    booleanTypeOf,
    [
      [isNull(item), isNull(other)],
      [isNull(other), truth(false)],
    ],
    equal(other, item, at),
  )
