import { Instance, isList, Tuple, type Value } from '../../src/core/index.ts'
import type { Run } from '../../src/direct/index.ts'

// The letter and resources of a run, told anew: what the code under test says of them is not asked.

export function letterOfRun({ fault, value }: Run): string {
  if (fault !== undefined) return 'e'
  if (value === null) return 'n'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (!isList(value)) return 'v'
  return value.some((item) => item !== null) ? 'l' : 'z'
}

export function ridsOfRun({ fault, value }: Run): readonly string[] {
  return fault === undefined ? [...new Set(ridsIn(value))] : []
}

function ridsIn(value: Value): string[] {
  if (value instanceof Instance) return value.rid === undefined ? [] : [value.rid]
  if (value instanceof Tuple) return [...value.fields.values()].flatMap(ridsIn)
  return isList(value) ? value.flatMap(ridsIn) : []
}
