import { call, field, guard, integer, isNotNull, nothing, test } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import type { Scope } from '../algebra/scope.ts'
import { decimalTypeOf, isTemporal, systemName, textTypeOf } from '../algebra/types.ts'
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
  return systemName(type) === 'Quantity' ? [field(canonical(value), 'value', decimalTypeOf)] : [value]
}

const canonical = (quantity: Expr): Expr => call('canonicalQuantity', quantity.type, quantity)

/**
 * A quantity that a list is sorted by; of quantities that cannot be compared closures know an order that goes by no key.
 * Those that can have one canonical unit.
 */
export function sortable(value: Expr, elements: Scope, list: Scope): Expr {
  if (systemName(value.type) !== 'Quantity') return value
  const unit = { type: textTypeOf, value: field(canonical(value), 'unit', textTypeOf), where: isNotNull(value) }
  const { least, most } = list.aggregate(elements, { least: { name: 'min', ...unit }, most: { name: 'max', ...unit } })
  const isMixed = test('isTrue', test('differs', least ?? nothing(textTypeOf), most ?? nothing(textTypeOf)))
  return guard(value, elements.carry(isMixed, list), irregularBy('quantities without a common unit'))
}
