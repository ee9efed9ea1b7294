import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { type PersonRecord, patientCompartment, type Resource } from '../fhir/index.ts'
import { assembleRecord, type LooseEntry } from './assemble-record.ts'
import { parseLocalReference } from './qualify.ts'
import { referencesAt } from './reference-path.ts'

/**
 * The record of one patient from resources that a caller sent (a CDS Hooks prefetch): pid 0, qualified like
 * a stored record, ordered by type and id, each (type, id) once (the first counts). The resources handed in
 * stay as they are. Refused, with every reason: no Patient or several, a resource about somebody else.
 */
export function recordFromResources(source: string, resources: readonly Resource[]): Result<PersonRecord> {
  const entries = distinctEntries(source, resources)
  const patients = entries.filter((entry) => entry.type === 'Patient')
  const [patient] = patients
  if (patient === undefined || patients.length > 1 || patient.resource.id === undefined) {
    return failure(wrongPatients(patients.length))
  }
  const strangers = entries.filter((entry) => isAboutAnother(entry.resource, patient.id)).map(stranger)
  if (strangers.length > 0) return failure(...strangers)
  return success(assembleRecord(0, [{ source, patientId: patient.id }], entries))
}

function distinctEntries(source: string, resources: readonly Resource[]): LooseEntry[] {
  const entries = new Map<string, LooseEntry>()
  for (const [index, given] of resources.entries()) {
    const id = given.id ?? ''
    const rid = `${given.resourceType}/${id === '' ? `#${index}` : id}`
    if (entries.has(rid)) continue
    entries.set(rid, {
      rid,
      source,
      type: given.resourceType,
      id,
      resource: JSON.parse(JSON.stringify(given)) as Resource,
    })
  }
  return [...entries.values()].sort((a, b) => (a.rid < b.rid ? -1 : 1))
}

/** True where a resource says whom it is about and that is not this patient: another one, a group, anything else. */
function isAboutAnother(resource: Resource, patientId: string): boolean {
  const path = patientCompartment[resource.resourceType]?.[0]
  if (path === undefined) return false
  const named = referencesAt(resource, path)
  if (named.some((reference) => namesPatient(reference, patientId))) return false
  // One of several participants may be a practitioner or a room; that alone does not make it somebody else's.
  return path.includes('[*]') ? named.some((reference) => /(^|\/)Patient\//.test(reference)) : named.length > 0
}

function namesPatient(reference: string, patientId: string): boolean {
  const local = /^(?:https?:\/\/\S+\/)?(Patient\/[^/]+(?:\/_history\/[^/]+)?)$/.exec(reference)?.[1]
  return (local !== undefined && parseLocalReference(local)?.id === patientId) || reference === `urn:uuid:${patientId}`
}

function wrongPatients(count: number): Diagnostic {
  return {
    code: 'identity/not-one-patient',
    severity: 'error',
    message: `The resources hold ${count === 1 ? 'a Patient without an id' : `${count} Patient resources`}, not one with its id.`,
    remedy: 'Send exactly one Patient, with its id.',
  }
}

function stranger(entry: LooseEntry): Diagnostic {
  return {
    code: 'identity/another-patient',
    severity: 'error',
    message: 'The resource is about somebody else than the patient sent along.',
    place: { resource: entry.rid },
    remedy: 'Send the resources of one patient only.',
  }
}
