import { call, integer } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { isTemporal, systemName } from '../algebra/types.ts'
import { momentOf } from '../formula/point.ts'

/** What SQL sorts by, least first: of a date its first moment, then its precision. */
export function sortKeys(value: Expr, offset: number): readonly Expr[] {
  const { type } = value
  if (type.kind === 'uncertain') return sortKeys({ kind: 'field', source: value, name: 'low', type: type.of }, offset)
  if (type.kind === 'interval')
    return ['low', 'high'].flatMap((side) =>
      sortKeys({ kind: 'field', source: value, name: side, type: type.of }, offset),
    )
  if (isTemporal(type)) return [momentOf(value, { offset }) ?? call('sortKey', type, value, integer(offset))]
  return systemName(type) === 'Quantity' ? [call('canonicalQuantity', type, value)] : [value]
}
