import { less, lessOrEqual, not } from '../value/compare.ts'
import type { Environment } from '../value/environment.ts'
import { equal, equivalent } from '../value/equality.ts'
import type { Value } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'

type Test = (left: Value, right: Value, site: CallSite, env: Environment) => Value

/** Types that have an order. Strings go by code unit, quantities by their common unit, dates field by field. */
const orderedTypes = ['Integer', 'Long', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity']

function ordered(name: string, test: Test): Operator {
  return strict(
    'comparison',
    name,
    orderedTypes.map((type) => overload(`(${type}, ${type}): Boolean`, test)),
    { takesUncertain: true },
  )
}

/** https://cql.hl7.org/09-b-cqlreference.html#comparison-operators-4 */
export const comparisonOperators: readonly Operator[] = [
  strict('comparison', 'Equal', [
    overload('(T, T): Boolean', (left: Value, right: Value, _: CallSite, env: Environment) => equal(left, right, env)),
  ]),
  strict('comparison', 'NotEqual', [
    overload('(T, T): Boolean', (left: Value, right: Value, _: CallSite, env: Environment) =>
      not(equal(left, right, env)),
    ),
  ]),
  ownNulls('comparison', 'Equivalent', [
    overload('(T, T): Boolean', (left: Value, right: Value, _: CallSite, env: Environment) =>
      equivalent(left, right, env),
    ),
  ]),
  ordered('Less', (left, right, _, env) => less(left, right, env)),
  ordered('LessOrEqual', (left, right, _, env) => lessOrEqual(left, right, env)),
  ordered('Greater', (left, right, _, env) => less(right, left, env)),
  ordered('GreaterOrEqual', (left, right, _, env) => lessOrEqual(right, left, env)),
]
