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

/** Reads one element of objects of a data model. */
type ReadInstance = (instance: Instance, session: Session) => Value

/** How the elements of a name are read of a data model's objects. */
export type ReaderOf = (name: string) => ReadInstance

type ReadValue = (value: Value, session: Session) => Value

/**
 * Reads an element of values; null of null, of each element of a list. Null, too, of a value of a choice that has no such
 * element, though another alternative has; a fault where the value could be nothing else (`isSure`), which ELM of no
 * translator asks.
 */
export function elementReader(name: string, readerOf: ReaderOf, isSure = false): ReadValue {
  const readInstance = readerOf(name)
  const ofItem: ReadValue = (value, session) => {
    if (value === null) return null
    if (value instanceof Instance) return readInstance(value, session)
    return isList(value) ? ofItems(value, session) : (readers[kindOf(value)]?.(value as never, name) ?? null)
  }
  const ofItems = (items: readonly Value[], session: Session): readonly Value[] => {
    const found: Value[] = []
    for (const item of items) {
      const value = ofItem(item, session)
      if (value === null) continue
      if (isList(value)) {
        for (const one of value) if (one !== null) found.push(one)
      } else found.push(value)
    }
    return found
  }
  if (!isSure) return ofItem
  return (value, session) => {
    if (value === null || value instanceof Instance || isList(value)) return ofItem(value, session)
    const element = readers[kindOf(value)]?.(value as never, name)
    if (element === undefined) throw runFault('no-element', `A ${kindOf(value)} has no element "${name}".`)
    return element
  }
}
