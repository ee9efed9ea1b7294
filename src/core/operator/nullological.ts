import type { Value } from '../value/value.ts'
import { type Operator, overload, ownNulls } from './operator.ts'

/**
 * Operators that ask for null. Coalesce of several operands is a node of its own, for it evaluates only what
 * it needs. https://cql.hl7.org/09-b-cqlreference.html#nullological-operators-3
 */
export const nullologicalOperators: readonly Operator[] = [
  ownNulls('nullological', 'IsNull', [overload('(Any): Boolean', (value: Value) => value === null)]),
  ownNulls('nullological', 'IsTrue', [overload('(Boolean): Boolean', (value: Value) => value === true)]),
  ownNulls('nullological', 'IsFalse', [overload('(Boolean): Boolean', (value: Value) => value === false)]),
  ownNulls('nullological', 'Coalesce', [
    overload('(List<T>): T', (values: readonly Value[] | null) => values?.find((value) => value !== null) ?? null),
  ]),
]
