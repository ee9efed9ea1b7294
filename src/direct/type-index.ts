import { Instance } from '../core/index.ts'
import type { PersonRecord } from '../fhir/index.ts'

/** A person's resources by type, as values, in order of rid. */
export type TypeIndex = ReadonlyMap<string, readonly Instance[]>

/** Indexes a record, once per person; the merged Patient stands for the person. */
export function indexRecord(record: PersonRecord): TypeIndex {
  const index = new Map<string, Instance[]>()
  const add = (type: string, data: unknown, rid: string | undefined) => {
    const list = index.get(type)
    const instance = new Instance(`FHIR.${type}`, data, undefined, rid)
    if (list === undefined) index.set(type, [instance])
    else list.push(instance)
  }
  for (const entry of record.entries) if (entry.type !== 'Patient') add(entry.type, entry.resource, entry.rid)
  const entry = record.entries.find((one) => one.resource === record.patient)
  add('Patient', record.patient, entry?.rid)
  return index
}
