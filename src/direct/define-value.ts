import type { Diagnostic } from '../base/index.ts'
import { formatValue, Instance, isList, type Value } from '../core/index.ts'
import { isObject } from '../fhir/index.ts'
import type { DefineOutcome } from './evaluate.ts'
import { plainValue } from './plain-value.ts'
import { letterOf, ridsOf, type ValueLetter } from './value-letter.ts'

/** What one define is for one person: in the form in which every engine hands it to measures. */
export interface DirectDefineValue {
  readonly letter: ValueLetter
  /** The value as JSON (`plainValue`); undefined with a fault. */
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
  return new FoundDefineValue(outcome.value)
}

/** Most values are never looked at beyond their letter: all else is made when it is asked for. */
class FoundDefineValue implements DirectDefineValue {
  readonly letter: ValueLetter
  readonly #value: Value

  constructor(value: Value) {
    this.letter = letterOf(value)
    this.#value = value
  }

  get value(): unknown {
    return plainValue(this.#value)
  }

  get rids(): readonly string[] {
    return ridsOf(this.#value)
  }

  members(): readonly string[] {
    return membersOf(this.#value)
  }
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
