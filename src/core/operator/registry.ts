import { aggregateOperators } from './aggregate.ts'
import { arithmeticOperators } from './arithmetic.ts'
import { boundaryOperators } from './boundary.ts'
import { clinicalOperators } from './clinical.ts'
import { comparisonOperators } from './comparison.ts'
import { datetimeOperators } from './datetime.ts'
import { errorOperators } from './error.ts'
import { expandOperators } from './expand.ts'
import { intervalOperators } from './interval.ts'
import { intervalAlgebraOperators } from './interval-algebra.ts'
import { listOperators } from './list.ts'
import { logicalOperators } from './logical.ts'
import { nullologicalOperators } from './nullological.ts'
import type { Operator } from './operator.ts'
import { stringOperators } from './string.ts'
import { structureOperators } from './structure.ts'
import { typeOperators } from './type.ts'

/** All entries, in the order in which overloads are tried: intervals before lists, points before both. */
const entries: readonly Operator[] = [
  ...nullologicalOperators,
  ...logicalOperators,
  ...comparisonOperators,
  ...arithmeticOperators,
  ...boundaryOperators,
  ...stringOperators,
  ...datetimeOperators,
  ...intervalOperators,
  ...intervalAlgebraOperators,
  ...expandOperators,
  ...listOperators,
  ...aggregateOperators,
  ...clinicalOperators,
  ...typeOperators,
  ...structureOperators,
  ...errorOperators,
]

/** Operators by ELM name; entries of several chapters under one name (`Add`, `In`) are joined. */
export const operators: ReadonlyMap<string, Operator> = entries.reduce((table, entry) => {
  const before = table.get(entry.name)
  return table.set(entry.name, before === undefined ? entry : join(before, entry))
}, new Map<string, Operator>())

function join(first: Operator, second: Operator): Operator {
  return { ...first, overloads: [...first.overloads, ...second.overloads] }
}
