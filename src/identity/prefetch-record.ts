import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { type PersonRecord, patientCompartment, type RecordEntry, type Resource } from '../fhir/index.ts'
import { compareKeys } from '../store/index.ts'
import { assembleRecord, type RecordParts } from './assemble-record.ts'
import { parseLocalReference } from './qualify.ts'
import { referencesAt } from './reference-path.ts'
import { resourceKey } from './resource-key.ts'

/** What there is to know beside the resources. */
export interface PrefetchOrigin {
  /** The server that they come from: absolute references below it (with its slash) are its own. */
  readonly base?: string
  /** The same person as stored here, of whatever sources: its members name this source's patient too. */
  readonly stored?: RecordParts
}

/**
 * The record of one patient from resources that a caller sent (a CDS Hooks prefetch): pid 0, rids, order
 * and qualification as in the store; each (type, id) once (the first counts). The resources handed in
 * stay as they are. Of what is `stored` too, the one sent counts; the Patients of all sources are one, as in a record of the store.
 * Refused, with every reason: no Patient or several, a resource about somebody else.
 */
export function recordFromResources(
  source: string,
  resources: readonly Resource[],
  { base, stored }: PrefetchOrigin = {},
): Result<PersonRecord> {
  const rows = distinctRows(source, resources)
  const patients = rows.filter((row) => row.type === 'Patient')
  const [patient] = patients
  if (patient === undefined || patients.length > 1 || patient.id === '') return failure(wrongPatients(patients.length))
  const strangers = resources.filter((resource) => isAboutAnother(resource, patient.id, base)).map(stranger)
  if (strangers.length > 0) return failure(...strangers)
  const sent = rows.map((row) => (base === undefined ? row : { ...row, base }))
  const member = { source, patientId: patient.id }
  if (stored === undefined) return success(assembleRecord({ pid: 0, members: [member], rows: sent, bases: new Map() }))
  const isSent = new Set(rows.map(({ rid }) => rid))
  const kept = stored.rows.filter(({ rid }) => !isSent.has(rid))
  return success(assembleRecord({ ...stored, pid: 0, rows: [...sent, ...kept].sort(byKey) }))
}

const byKey = (one: { readonly rid: string }, other: { readonly rid: string }): number =>
  compareKeys(one.rid, other.rid)

/** In the store's order. A resource without an id is a thing of its own, named by its place. */
function distinctRows(source: string, resources: readonly Resource[]): RecordEntry[] {
  const rows = new Map<bigint, RecordEntry>()
  for (const [index, resource] of resources.entries()) {
    const { resourceType: type, id } = resource
    const key = resourceKey(source, type, id ?? `#${index}`)
    if (!rows.has(key)) rows.set(key, { rid: String(key), source, type, id: id ?? '', resource })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
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

function stranger({ resourceType, id }: Resource): Diagnostic {
  return {
    code: 'identity/another-patient',
    severity: 'error',
    message: 'The resource is about somebody else than the patient sent along.',
    place: { resource: `${resourceType}/${id ?? '(no id)'}` },
    remedy: 'Send the resources of one patient only.',
  }
}
