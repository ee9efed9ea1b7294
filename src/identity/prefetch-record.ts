import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { type PersonRecord, patientCompartment, type RecordEntry, type Resource } from '../fhir/index.ts'
import { assembleRecord } from './assemble-record.ts'
import { parseLocalReference } from './qualify.ts'
import { referencesAt } from './reference-path.ts'
import { resourceKey } from './resource-key.ts'

/** The server that the resources come from: absolute references below `base` (with its slash) are its own. */
export interface PrefetchOrigin {
  readonly base?: string
}

/**
 * The record of one patient from resources that a caller sent (a CDS Hooks prefetch): pid 0, rids, order
 * and qualification as in the store; each (type, id) once (the first counts). The resources handed in
 * stay as they are. Refused, with every reason: no Patient or several, a resource about somebody else.
 */
export function recordFromResources(
  source: string,
  resources: readonly Resource[],
  { base }: PrefetchOrigin = {},
): Result<PersonRecord> {
  const entries = distinctEntries(source, resources)
  const patients = entries.filter((entry) => entry.type === 'Patient')
  const [patient] = patients
  if (patient === undefined || patients.length > 1 || patient.resource.id === undefined) {
    return failure(wrongPatients(patients.length))
  }
  const strangers = entries.filter((entry) => isAboutAnother(entry.resource, patient.id, base)).map(stranger)
  if (strangers.length > 0) return failure(...strangers)
  const bases = new Map(base === undefined ? [] : [[source, base]])
  return success(assembleRecord({ pid: 0, members: [{ source, patientId: patient.id }], entries, bases }))
}

/** Copies, in the store's order. A resource without an id is a thing of its own, named by its place. */
function distinctEntries(source: string, resources: readonly Resource[]): RecordEntry[] {
  const entries = new Map<bigint, RecordEntry>()
  for (const [index, given] of resources.entries()) {
    const key = resourceKey(source, given.resourceType, given.id ?? `#${index}`)
    if (entries.has(key)) continue
    const resource = JSON.parse(JSON.stringify(given)) as Resource
    entries.set(key, { rid: String(key), source, type: given.resourceType, id: given.id ?? '', resource })
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

/** True where a resource says whom it is about and that is not this patient: another one, a group, anything else. */
function isAboutAnother(resource: Resource, patientId: string, base: string | undefined): boolean {
  const path = patientCompartment[resource.resourceType]?.[0]
  if (path === undefined) return false
  const named = referencesAt(resource, path)
  if (named.some((reference) => namesPatient(reference, patientId, base))) return false
  // One of several participants may be a practitioner or a room; that alone does not make it somebody else's.
  return path.includes('[*]') ? named.some((reference) => /(^|\/)Patient\//.test(reference)) : named.length > 0
}

function namesPatient(reference: string, patientId: string, base: string | undefined): boolean {
  const local = parseLocalReference(reference, base)
  return (local?.type === 'Patient' && local.id === patientId) || reference === `urn:uuid:${patientId}`
}

function wrongPatients(count: number): Diagnostic {
  return {
    code: 'identity/not-one-patient',
    severity: 'error',
    message: `The resources hold ${count === 1 ? 'a Patient without an id' : `${count} Patient resources`}, not one with its id.`,
    remedy: 'Send exactly one Patient, with its id.',
  }
}

function stranger(entry: RecordEntry): Diagnostic {
  return {
    code: 'identity/another-patient',
    severity: 'error',
    message: 'The resource is about somebody else than the patient sent along.',
    place: { resource: `${entry.type}/${entry.id}` },
    remedy: 'Send the resources of one patient only.',
  }
}
