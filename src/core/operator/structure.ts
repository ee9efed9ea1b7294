import { runFault } from '../value/run-fault.ts'
import { isList, kindOf, type Tuple, type Value } from '../value/value.ts'
import { type Operator, overload, strict } from './operator.ts'

/** The elements of a structured value, in order; a plain value has none. */
function children(value: Value): readonly Value[] {
  if (value === null) return []
  if (isList(value)) return value
  const kind = kindOf(value)
  if (kind === 'tuple') return [...(value as Tuple).fields.values()]
  if (typeof value !== 'object') return []
  if (kind === 'instance') throw runFault('unsupported', 'Children of a model object are not supported.')
  return Object.values(value).filter((part): part is Value => part !== kind)
}

function descendants(value: Value): readonly Value[] {
  return children(value).flatMap((child) => [child, ...descendants(child)])
}

/** https://cql.hl7.org/09-b-cqlreference.html#children and #descendents */
export const structureOperators: readonly Operator[] = [
  strict('type', 'Children', [overload('(Any): List<Any>', children)], { fields: ['source'] }),
  strict('type', 'Descendents', [overload('(Any): List<Any>', descendants)], { fields: ['source'] }),
]
