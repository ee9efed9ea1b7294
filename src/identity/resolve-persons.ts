import type { Session } from '../duck/index.ts'
import {
  assignPids,
  countIdentityFindings,
  countPersons,
  dropResolution,
  fillPersons,
  listIdentityFindings,
  type PersonChanges,
  readPatients,
  readPersonChanges,
  recordResolved,
  refillPersons,
  type Ties,
  tieSourcePatients,
} from '../store/index.ts'

/** An identifier value that more patients than this of one source bear is a default or a mistake. */
const mostBearers = 3

export interface IdentitySetting {
  /** Systems whose equal values mean one person: an enterprise MRN, a member id of one human being. */
  readonly identifierSystems: readonly string[]
}

/** What a resolution found and changed. */
export interface ResolvedPersons extends PersonChanges {
  readonly sourcePatients: number
  readonly persons: number
  /** Rows of `identity_finding` by code. */
  readonly findings: Readonly<Record<string, number>>
}

/**
 * Decides which source patients are one person, fills `person` and lists what it met, in one
 * transaction: anew, unless nobody came and nothing changed that anybody may be tied by. Two patients are tied where an identifier of a configured system has the same value (trimmed,
 * case-sensitive, not `old` or `temp`) and both state the same full birth date and the same sex; persons are
 * the connected groups of ties, so no group ever holds two birth dates or sexes. The pid is the lowest spid
 * of the group. The outcome depends on the data alone: running it twice changes nothing. docs/identity.md.
 */
export async function resolvePersons(session: Session, setting: IdentitySetting): Promise<ResolvedPersons> {
  const systems = setting.identifierSystems.map((system) => system.trim()).filter((system) => system !== '')
  const ties = { systems, mostBearers }
  return session.transaction(async () => {
    const mayDiffer = await readPatients(session, ties)
    const changes = mayDiffer ? await resolveAnew(session, ties) : await refillPersons(session)
    const resolved = { ...(await countPersons(session)), ...changes, findings: await countIdentityFindings(session) }
    await dropResolution(session)
    return resolved
  })
}

async function resolveAnew(session: Session, ties: Ties): Promise<PersonChanges> {
  await tieSourcePatients(session, ties)
  await assignPids(session)
  await fillPersons(session)
  await listIdentityFindings(session)
  await recordResolved(session, ties)
  return readPersonChanges(session)
}
