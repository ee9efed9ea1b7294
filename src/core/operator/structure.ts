import { runFault } from '../value/run-fault.ts'
import { isList, kindOf, type Tuple, type Value, type ValueKind } from '../value/value.ts'
import { type Operator, overload, strict } from './operator.ts'

/** The elements of the structured System types, in their order; other values have none. */
const elements: Readonly<Partial<Record<ValueKind, readonly string[]>>> = {
  quantity: ['value', 'unit'],
  ratio: ['numerator', 'denominator'],
  code: ['code', 'system', 'version', 'display'],
  concept: ['codes', 'display'],
  valueset: ['id', 'version'],
  codesystem: ['id', 'version'],
  interval: ['low', 'high', 'lowClosed', 'highClosed'],
}

function partsOf(value: Value): readonly Value[] {
  const kind = kindOf(value)
  if (kind === 'instance') throw runFault('unsupported', 'Children of a model object are not supported.')
  if (kind === 'tuple') return [...(value as Tuple).fields.values()]
  const parts = value as unknown as Readonly<Record<string, Value>>
  return (elements[kind] ?? []).map((name) => parts[name] ?? null)
}

/** The elements of a list, or of a structured value: there those of its lists one by one. */
function children(value: Value): readonly Value[] {
  return isList(value) ? value : partsOf(value).flatMap((part) => (isList(part) ? part : [part]))
}

function descendants(value: Value): readonly Value[] {
  return children(value).flatMap((child) => [child, ...descendants(child)])
}

/** https://cql.hl7.org/09-b-cqlreference.html#children and #descendents */
export const structureOperators: readonly Operator[] = [
  strict('type', 'Children', [overload('(Any): List<Any>', children)], { fields: ['source'] }),
  strict('type', 'Descendents', [overload('(Any): List<Any>', descendants)], { fields: ['source'] }),
]
