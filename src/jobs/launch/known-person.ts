import { type Principal, personFilter } from '../../access/index.ts'
import type { Session } from '../../duck/index.ts'
import { type HeldPerson, readHeldPerson, type SourceRow } from '../../store/index.ts'

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
  /** When the facts of that source were last loaded; ISO text, null where none were. */
  readonly loadedAt: string | null
  /** False where birth date or sex differ: then it may be somebody else. */
  readonly agrees: boolean
}

/**
 * A person whom we hold, and whom the user may see: the patient of a source that is mapped to the caller's server, with
 * whether birth date and sex agree. Undefined otherwise.
 */
export async function knownPerson(
  session: Session,
  sources: readonly SourceRow[],
  patient: NamedPatient,
  principal: Principal,
): Promise<KnownPerson | undefined> {
  const { patientId, birthDate, gender } = patient
  const server = `${patient.fhirServer.replace(/\/+$/, '')}/`
  const source = sources.find(({ name, base }) =>
    patient.source === undefined ? base === server : name === patient.source,
  )
  if (source === undefined) return undefined
  const held = await readHeldPerson(session, { source, patientId }, sources, personFilter(principal))
  if (held === undefined) return undefined
  const agrees = held.birthDate !== null && held.birthDate === birthDate && held.sex === gender
  return { held, loadedAt: source.loadedAt, agrees }
}
