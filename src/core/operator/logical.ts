import { both, either, not } from '../value/compare.ts'
import type { Logical } from '../value/value.ts'
import { type Operator, overload, ownNulls } from './operator.ts'

/**
 * Logical operators: three-valued, and strict in errors (an error on either side is an error, whatever the
 * other side says), so that evaluation order never shows. https://cql.hl7.org/09-b-cqlreference.html#logical-operators-3
 */
export const logicalOperators: readonly Operator[] = [
  ownNulls('logical', 'And', [overload('(Boolean, Boolean): Boolean', both)]),
  ownNulls('logical', 'Or', [overload('(Boolean, Boolean): Boolean', either)]),
  ownNulls('logical', 'Not', [overload('(Boolean): Boolean', not)]),
  ownNulls('logical', 'Xor', [
    overload('(Boolean, Boolean): Boolean', (left: Logical, right: Logical) =>
      left === null || right === null ? null : left !== right,
    ),
  ]),
  ownNulls('logical', 'Implies', [
    overload('(Boolean, Boolean): Boolean', (left: Logical, right: Logical) => either(not(left), right)),
  ]),
]
