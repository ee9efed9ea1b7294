import {
  type Code,
  type Concept,
  Instance,
  type Interval,
  isList,
  kindOf,
  type Quantity,
  type Ratio,
  runFault,
  type Tuple,
  type Value,
  type ValueKind,
  type Vocabulary,
} from '../core/index.ts'

import type { Session } from './closure.ts'

type ReadElement = (value: never, name: string) => Value | undefined

const own =
  <T extends object>(names: readonly (keyof T & string)[]) =>
  (value: T, name: string): Value | undefined =>
    names.includes(name as keyof T & string) ? (value[name as keyof T] as Value) : undefined

const vocabulary = own<Vocabulary>(['id', 'version', 'name'])

const readers: Readonly<Partial<Record<ValueKind, ReadElement>>> = {
  tuple: (value: Tuple, name) => value.fields.get(name) ?? null,
  interval: own<Interval>(['low', 'high', 'lowClosed', 'highClosed']),
  quantity: own<Quantity>(['value', 'unit']),
  ratio: own<Ratio>(['numerator', 'denominator']),
  code: own<Code>(['code', 'system', 'version', 'display']),
  concept: own<Concept>(['codes', 'display']),
  valueset: vocabulary,
  codesystem: vocabulary,
}

/** Reads the elements of an object of a data model. */
export type ReadInstance = (instance: Instance, name: string, session: Session) => Value

/**
 * An element of a value; null of null, of each element of a list. Null, too, of a value of a choice that has no such element,
 * though another alternative has; a fault where the value could be nothing else (`isSure`), which ELM of no translator asks.
 */
export function readElement(
  value: Value,
  name: string,
  readInstance: ReadInstance,
  session: Session,
  isSure = false,
): Value {
  if (value === null) return null
  if (value instanceof Instance) return readInstance(value, name, session)
  if (isList(value))
    return value.flatMap((item) => readElement(item, name, readInstance, session)).filter((item) => item !== null)
  const element = readers[kindOf(value)]?.(value as never, name)
  if (element === undefined && isSure) throw runFault('no-element', `A ${kindOf(value)} has no element "${name}".`)
  return element ?? null
}
