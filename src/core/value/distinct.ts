import type { Environment } from './environment.ts'
import { equal } from './equality.ts'
import { type Instance, kindOf, type Logical, type Value } from './value.ts'

/**
 * The elements without doubles, the first of each kept in its place; nulls are doubles of each other. Values
 * whose equality is not known are both kept.
 */
export function distinctValues(values: readonly Value[], env: Environment): readonly Value[] {
  if (values.length < 2) return values
  const keys = new Set<unknown>()
  const kept: Value[] = []
  const unkeyed: Value[] = []
  for (const value of values) {
    const key = quickKey(value)
    if (key === undefined) {
      if (unkeyed.some((other) => equal(other, value, env) === true)) continue
      unkeyed.push(value)
    } else if (keys.has(key)) continue
    else keys.add(key)
    kept.push(value)
  }
  return kept
}

/** A key that is the same exactly where two values are equal, for the kinds that have one. */
function quickKey(value: Value): unknown {
  switch (kindOf(value)) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'long':
    case 'string':
      return value
    case 'instance':
      return (value as Instance).rid === undefined ? undefined : `\u0000rid ${(value as Instance).rid}`
    default:
      return undefined
  }
}

/**
 * Three-valued membership: true where an element equals the item (two nulls do), null where one may, else
 * false. A null list holds nothing.
 */
export function holds(list: readonly Value[] | null, item: Value, env: Environment): Logical {
  if (list === null) return false
  if (item === null) return list.includes(null)
  let answer: Logical = false
  for (const other of list) {
    const same = other === null ? false : equal(other, item, env)
    if (same === true) return true
    if (same === null) answer = null
  }
  return answer
}
