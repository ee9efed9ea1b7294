import { type Principal, personFilter } from '../../access/index.ts'
import type { Session } from '../../duck/index.ts'
import { type HeldPerson, readHeldPerson, readSourceBases } from '../../store/index.ts'

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
  readonly held: HeldPerson
  /** False where birth date or sex differ: then it may be somebody else. */
  readonly agrees: boolean
}

/**
 * A person whom we hold, and whom the user may see: the patient of a source that is mapped to the caller's server, with
 * whether birth date and sex agree. Undefined otherwise.
 */
export async function knownPerson(
  session: Session,
  patient: NamedPatient,
  principal: Principal,
): Promise<KnownPerson | undefined> {
  const base = `${patient.fhirServer.replace(/\/+$/, '')}/`
  const source = patient.source ?? [...(await readSourceBases(session))].find(([, known]) => known === base)?.[0]
  if (source === undefined) return undefined
  const { patientId, birthDate, gender } = patient
  const held = await readHeldPerson(session, { source, patientId }, personFilter(principal))
  if (held === undefined) return undefined
  return { held, agrees: held.birthDate !== null && held.birthDate === birthDate && held.sex === gender }
}
