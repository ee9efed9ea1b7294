import { contentHash, invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { readOutside } from './population.ts'

/**
 * What stands for the facts that a run reads: a hash over every current resource's content, over who is who, and over
 * which sources take part.
 * The same facts give the same text, in whatever order they were loaded; any change of either gives another.
 */
export async function dataSnapshot(session: Session): Promise<string> {
  // XOR of row hashes does not depend on row order; the counts keep pairs of equal rows from vanishing.
  const row = await session.first<{ resources: string; persons: string }>(
    `SELECT (SELECT count(*) || ':' || coalesce(bit_xor(hash(rid, c.hash)), 0)
             FROM resource_current c WHERE NOT deleted) AS resources,
            (SELECT count(*) || ':' || coalesce(bit_xor(hash(s.name, p.patient_id, coalesce(p.pid, p.spid))), 0)
             FROM source_patient p JOIN source s USING (source_id)) AS persons`,
  )
  invariant(row !== undefined, 'a count gives a row')
  const outside = await readOutside(session)
  return contentHash(row.resources, row.persons, ...(outside === '' ? [] : [outside]))
}

/** The pids of those who count: lowest, highest and how many; undefined where nobody does. */
export async function readPidRange(
  session: Session,
): Promise<{ readonly fromPid: number; readonly toPid: number; readonly persons: number } | undefined> {
  const row = await session.first<{ fromPid: number | null; toPid: number | null; persons: number }>(
    `SELECT min(pid) AS "fromPid", max(pid) AS "toPid", count(*)::INTEGER AS persons FROM population`,
  )
  const { fromPid = null, toPid = null, persons = 0 } = row ?? {}
  return fromPid === null || toPid === null ? undefined : { fromPid, toPid, persons }
}
