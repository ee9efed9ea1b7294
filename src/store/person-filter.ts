import type { Session, SqlParameters } from '../duck/index.ts'

/** Which people a query may tell of: all, or only those with visits at one of these practices (by TIN). */
export interface PersonFilter {
  readonly practices: readonly string[] | undefined
}

/** No limit. */
export const everybody: PersonFilter = { practices: undefined }

/** A condition to put behind WHERE or AND, with the parameters that it reads (none where it reads none). */
export interface PersonPredicate {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * The filter as SQL over a pid column, e.g. `personPredicate(filter, 'r.pid')`. No practice at all means
 * nobody; a person without attribution is seen only by those who see everybody.
 */
export function personPredicate(filter: PersonFilter, pidColumn: string): PersonPredicate {
  if (filter.practices === undefined) return { sql: 'TRUE', parameters: {} }
  return {
    sql: `${pidColumn} IN (SELECT a.pid FROM attribution a
      WHERE a.tin IN (SELECT unnest(from_json($visible_practices::JSON, '["VARCHAR"]'))))`,
    parameters: { visible_practices: JSON.stringify(filter.practices) },
  }
}

/** Those of `pids` that the filter hides, ascending; also those that are nobody's. Empty for `everybody`. */
export async function readHiddenPids(
  session: Session,
  filter: PersonFilter,
  pids: readonly number[],
): Promise<number[]> {
  if (filter.practices === undefined || pids.length === 0) return []
  const predicate = personPredicate(filter, 'asked.pid')
  const parameters: SqlParameters = { ...predicate.parameters, pids: JSON.stringify(pids) }
  const rows = await session.all<{ pid: number }>(
    `SELECT asked.pid FROM (SELECT DISTINCT unnest(from_json($pids::JSON, '["INTEGER"]')) AS pid) asked
     WHERE NOT (${predicate.sql}) ORDER BY asked.pid`,
    parameters,
  )
  return rows.map((row) => row.pid)
}
