import type { Diagnostic } from '../base/index.ts'
import { formatValue, Instance, isList, Tuple, type Value } from '../core/index.ts'
import { isObject } from '../fhir/index.ts'
import type { DefineOutcome } from './evaluate.ts'

/** t true, f false, n null, e error, l list with members, z empty list, v another value. */
export type ValueLetter = 't' | 'f' | 'n' | 'e' | 'l' | 'z' | 'v'

/** What one define is for one person: in the form in which every engine hands it to measures. */
export interface DirectDefineValue {
  readonly letter: ValueLetter
  /** The value; undefined with a fault. */
  readonly value: unknown
  /** Resources that the value holds, in order, each once. */
  readonly rids: readonly string[]
  readonly fault?: Diagnostic
  /** What tells a list's members apart (nulls left out): rids of resources, else the value's text. */
  members(): readonly string[]
}

/** An outcome in the form of a define's value. */
export function defineValueOf(outcome: DefineOutcome): DirectDefineValue {
  if (!outcome.ok) return { letter: 'e', value: undefined, rids: [], members: () => [], fault: outcome.error }
  const { value } = outcome
  return { letter: letterOf(value), value, rids: ridsOf(value), members: () => membersOf(value) }
}

function letterOf(value: Value): ValueLetter {
  if (value === null) return 'n'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (!isList(value)) return 'v'
  return value.some((item) => item !== null) ? 'l' : 'z'
}

function ridsOf(value: Value): readonly string[] {
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

function membersOf(value: Value): readonly string[] {
  return isList(value) ? value.filter((item) => item !== null).map(memberKey) : []
}

function memberKey(value: Value): string {
  if (!(value instanceof Instance)) return formatValue(value)
  if (value.rid !== undefined) return value.rid
  const { data } = value
  return isObject(data) && typeof data['resourceType'] === 'string'
    ? `${data['resourceType']}/${String(data['id'])}`
    : JSON.stringify(data)
}
