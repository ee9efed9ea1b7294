import { KeptWith } from '../base/index.ts'
import { Instance, type Value } from '../core/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { classNameOf } from './fhir-values.ts'

/** Code and system of a coding. */
export type CodingPair = readonly [code: string, system: string | null]

/** What a define came to. */
interface FoundValue {
  readonly value: Value
}

/**
 * A person's resources as values, in order of rid, and what was found out about them: shared by all retrieves of
 * all measures over the same record.
 */
export class RecordIndex {
  readonly #types = new Map<string, Instance[]>()
  readonly #kept = new Map<string, unknown>()
  readonly #keptFor = new Map<object, Map<string, unknown>>()
  readonly #calls = new Map<string, Map<Instance, Value>>()
  readonly #defines = new Map<string, FoundValue>()

  constructor(record: PersonRecord) {
    const patient = record.entries.find((one) => one.resource === record.patient)
    for (const entry of record.entries) if (entry.type !== 'Patient') this.#add(entry.type, entry.resource, entry.rid)
    this.#add('Patient', record.patient, patient?.rid)
  }

  #add(type: string, data: unknown, rid: string | undefined): void {
    const instance = new Instance(classNameOf(type), data, undefined, rid)
    const list = this.#types.get(type)
    if (list === undefined) this.#types.set(type, [instance])
    else list.push(instance)
  }

  ofType(type: string): readonly Instance[] {
    return this.#types.get(type) ?? []
  }

  /** The value of a define under a key of `sharedDefines`, where some program found it. */
  define(key: string): FoundValue | undefined {
    return this.#defines.get(key)
  }

  keepDefine(key: string, found: FoundValue): void {
    this.#defines.set(key, found)
  }

  /** What `find` gives, found once for a key. */
  keep<T>(key: string, find: () => T): T {
    if (this.#kept.has(key)) return this.#kept.get(key) as T
    const found = find()
    this.#kept.set(key, found)
    return found
  }

  /** What `find` gives, found once for a thing and a key. */
  keepFor<T>(thing: object, key: string, find: () => T): T {
    const kept = this.#keptFor.get(thing) ?? new Map<string, unknown>()
    this.#keptFor.set(thing, kept)
    if (kept.has(key)) return kept.get(key) as T
    const found = find()
    kept.set(key, found)
    return found
  }

  /** What a function under a key of `sharedFunctions` gave for the objects of the record. */
  callsOf(key: string): Map<Instance, Value> {
    const known = this.#calls.get(key)
    if (known !== undefined) return known
    const calls = new Map<Instance, Value>()
    this.#calls.set(key, calls)
    return calls
  }
}

const indexes = new KeptWith<PersonRecord, Map<number, RecordIndex>>()

/** The index of a record whose times are read at an offset where they name none: made once, whoever asks. */
export function recordIndex(record: PersonRecord, offset: number): RecordIndex {
  const known = indexes.of(record, () => new Map<number, RecordIndex>())
  const index = known.get(offset) ?? new RecordIndex(record)
  known.set(offset, index)
  return index
}
