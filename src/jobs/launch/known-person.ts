import { type Principal, personFilter } from '../../access/index.ts'
import { findPid, readPersonHeader, readSourceBases } from '../../store/index.ts'
import type { Application } from '../application.ts'

/** Who a caller says that the patient is. */
export interface NamedPatient {
  /** The caller's FHIR server. */
  readonly fhirServer: string
  readonly patientId: string
  readonly birthDate: unknown
  readonly gender: unknown
  /** The source whose patients they are, where the configuration says so; else the one whose base URL the server is. */
  readonly source?: string
}

export interface KnownPerson {
  readonly pid: number
  /** False where birth date or sex differ: then it may be somebody else. */
  readonly agrees: boolean
}

/**
 * A person whom we hold, and whom the user may see: the patient of a source that is mapped to the caller's server, with
 * whether birth date and sex agree. Undefined otherwise.
 */
export async function knownPerson(
  application: Application,
  patient: NamedPatient,
  principal: Principal,
): Promise<KnownPerson | undefined> {
  const { session } = application.store
  const base = `${patient.fhirServer.replace(/\/+$/, '')}/`
  const source = patient.source ?? [...(await readSourceBases(session))].find(([, known]) => known === base)?.[0]
  if (source === undefined) return undefined
  const pid = await findPid(session, source, patient.patientId)
  if (pid === undefined) return undefined
  const today = application.clock.now().toISOString().slice(0, 10)
  const person = await readPersonHeader(session, pid, today, personFilter(principal))
  if (person === undefined) return undefined
  const agrees = person.birthDate !== null && person.birthDate === patient.birthDate && person.sex === patient.gender
  return { pid, agrees }
}
