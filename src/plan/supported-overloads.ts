import { aggregateFormulas } from './lower/aggregate-operator.ts'
import { listFormulas } from './lower/list-operator.ts'
import { formulas } from './operator/registry.ts'

/** The overloads of core's operator table that a relational plan can say, as `Add(Integer, Integer): Integer`. */
export function supportedOverloads(): ReadonlySet<string> {
  return new Set([...formulas.keys(), ...Object.keys(listFormulas), ...Object.keys(aggregateFormulas)])
}
