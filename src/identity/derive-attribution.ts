import type { Session } from '../duck/index.ts'
import { type AttributionCounts, fillAttribution } from '../store/index.ts'

/**
 * Whom each person sees, and where: from Encounter.participant (by NPI, through PractitionerRole too) and
 * serviceProvider, with the practice of the roster in force on the visit's day. Planned, cancelled and
 * erroneous encounters do not count. Run it after `resolvePersons` and `importRoster`; the whole
 * attribution is made anew in one transaction. The rules: docs/identity.md.
 */
export async function deriveAttribution(session: Session): Promise<AttributionCounts> {
  return fillAttribution(session)
}
