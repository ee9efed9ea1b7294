import { invariant } from '../base/index.ts'
import { isResource, type PersonRecord, type RecordEntry, type Resource } from '../fhir/index.ts'
import { mergePatients, type PatientVersion } from './merged-patient.ts'
import { qualifiedId, qualifyInPlace, type ReferenceRewriter } from './qualify.ts'

/** One resource on its way into a record: parsed for it alone, not yet qualified. */
export interface LooseEntry {
  readonly rid: string
  readonly source: string
  readonly type: string
  readonly id: string
  readonly resource: Resource
}

/** A patient of a source who is this person, whether or not the source sent a Patient resource. */
export interface Member {
  readonly source: string
  readonly patientId: string
}

/**
 * One person's record of entries in rid order. References to any member lead to the one merged Patient,
 * which takes the place and the id of the first member's Patient; where no member has one, the record has a
 * Patient of id alone, without demographics and without an entry. Changes the entries' resources in place.
 */
export function assembleRecord(pid: number, members: readonly Member[], entries: readonly LooseEntry[]): PersonRecord {
  const isMember = new Set(members.map(({ source, patientId }) => qualifiedId(source, patientId)))
  const own = entries.filter((entry) => entry.type === 'Patient' && isMember.has(qualifiedId(entry.source, entry.id)))
  const first = own[0] ?? members.map(({ source, patientId }) => ({ source, id: patientId }))[0]
  invariant(first !== undefined, `person ${pid} has a source patient`)
  const patientId = qualifiedId(first.source, first.id)
  const rewriterOf = memoize((source) => rewriter(source, isMember, `Patient/${patientId}`))
  for (const entry of entries) qualifyInPlace(entry.resource, entry.source, rewriterOf(entry.source))
  const patient = patientOf(own, patientId)
  const kept = entries.filter((entry) => !own.includes(entry) || entry === own[0])
  return { pid, patient, entries: kept.map((entry) => (entry === own[0] ? { ...entry, resource: patient } : entry)) }
}

function patientOf(own: readonly PatientVersion[], id: string): Resource {
  const [only, ...others] = own
  if (only === undefined) return { resourceType: 'Patient', id }
  return others.length === 0 ? only.resource : mergePatients(own, id)
}

function rewriter(source: string, isMember: ReadonlySet<string>, patient: string): ReferenceRewriter {
  return (type, id) => {
    const qualified = qualifiedId(source, id)
    return type === 'Patient' && isMember.has(qualified) ? patient : `${type}/${qualified}`
  }
}

function memoize<T>(make: (source: string) => T): (source: string) => T {
  const made = new Map<string, T>()
  return (source) => {
    const present = made.get(source) ?? make(source)
    made.set(source, present)
    return present
  }
}

/** A raw line as a loose entry. Stored lines were checked when they were loaded: anything else is our fault. */
export function parseEntry(row: Omit<RecordEntry, 'resource'> & { readonly raw: string }): LooseEntry {
  const resource: unknown = JSON.parse(row.raw)
  invariant(isResource(resource), `the stored line of ${row.type}/${row.id} is a resource`)
  return { rid: row.rid, source: row.source, type: row.type, id: row.id, resource }
}
