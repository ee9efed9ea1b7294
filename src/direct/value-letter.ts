import { Instance, isList, Tuple, type Value } from '../core/index.ts'

/** t true, f false, n null, e error, l list with members, z empty list, v another value. */
export type ValueLetter = 't' | 'f' | 'n' | 'e' | 'l' | 'z' | 'v'

/** The letter of a value. */
export function letterOf(value: Value): ValueLetter {
  if (value === null) return 'n'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (!isList(value)) return 'v'
  return value.some((item) => item !== null) ? 'l' : 'z'
}

/** Resources inside a value (lists and tuples are searched), in order, each once. */
export function ridsOf(value: Value): readonly string[] {
  if (value === null || typeof value !== 'object') return []
  const found = new Set<string>()
  collect(value, found)
  return [...found]
}

function collect(value: Value, found: Set<string>): void {
  if (value instanceof Instance) {
    if (value.rid !== undefined) found.add(value.rid)
  } else if (value instanceof Tuple) for (const field of value.fields.values()) collect(field, found)
  else if (isList(value)) for (const item of value) collect(item, found)
}
