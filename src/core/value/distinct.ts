import type { Environment } from './environment.ts'
import { equal } from './equality.ts'
import { Instance, type Logical, type Value } from './value.ts'

/**
 * The elements without doubles, the first of each kept in its place; nulls are doubles of each other. Values
 * whose equality is not known are both kept.
 */
export function distinctValues(values: readonly Value[], env: Environment): readonly Value[] {
  if (values.length < 2) return values
  const [plain, rids] = [new Set<Value>(), new Set<string>()]
  const kept: Value[] = []
  const unkeyed: Value[] = []
  for (const value of values) {
    if (value instanceof Instance && value.rid !== undefined) {
      if (rids.has(value.rid)) continue
      rids.add(value.rid)
    } else if (value === null || typeof value !== 'object') {
      if (plain.has(value)) continue
      plain.add(value)
    } else {
      if (unkeyed.some((other) => equal(other, value, env) === true)) continue
      unkeyed.push(value)
    }
    kept.push(value)
  }
  return kept
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
