import type { Application } from '../jobs/index.ts'
import { findPid, type PersonFilter, readPersonHeader, readSourceBases } from '../store/index.ts'

/** Who a caller says that the patient is. */
export interface NamedPatient {
  /** The caller's FHIR server. */
  readonly fhirServer: string
  readonly patientId: string
  readonly birthDate: unknown
  readonly gender: unknown
}

/**
 * A person whom we hold, and whom the user may see: the caller's server is the base URL of a loaded source, that source
 * has the patient, and birth date and sex agree. Undefined otherwise: a link to somebody else is worse than none.
 */
export async function knownPid(
  application: Application,
  patient: NamedPatient,
  visible: PersonFilter,
): Promise<number | undefined> {
  const { session } = application.store
  const base = `${patient.fhirServer.replace(/\/+$/, '')}/`
  const source = [...(await readSourceBases(session))].find(([, known]) => known === base)?.[0]
  if (source === undefined) return undefined
  const pid = await findPid(session, source, patient.patientId)
  if (pid === undefined) return undefined
  const today = application.clock.now().toISOString().slice(0, 10)
  const person = await readPersonHeader(session, pid, today, visible)
  const agrees =
    person !== undefined &&
    person.birthDate !== null &&
    person.birthDate === patient.birthDate &&
    person.sex === patient.gender
  return agrees ? pid : undefined
}
