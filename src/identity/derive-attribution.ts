import type { Session } from '../duck/index.ts'
import { fillAttribution } from '../store/index.ts'

/**
 * Whom each person sees, and where: from Encounter.participant (by NPI, through PractitionerRole too) and
 * serviceProvider, with the practice of the roster in force on the visit's day. Planned, cancelled and
 * erroneous encounters do not count. Run it after `resolvePersons` and `importRoster`; it looks only at what changed
 * since it was last run, and gives what a derivation of everybody would, in one transaction. Returns how many persons have a
 * provider or a practice. The rules: docs/identity.md.
 */
export async function deriveAttribution(session: Session): Promise<number> {
  return fillAttribution(session)
}
