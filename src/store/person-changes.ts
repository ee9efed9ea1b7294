import type { Session } from '../duck/index.ts'

/** What a resolution changed, in pids, each list ascending. */
export interface PersonChanges {
  /** Persons all of whose source patients are new. */
  readonly created: readonly number[]
  /** Persons who were two or more before. */
  readonly merged: readonly number[]
  /** Persons (as they were before) whose source patients are now several persons. */
  readonly split: readonly number[]
  /** Persons of now whose set of source patients is another than before: their results are to be made anew. */
  readonly changed: readonly number[]
  /** Persons of before whose pid is nobody's now: their results are to be dropped. */
  readonly gone: readonly number[]
}

/** Compares the pids before with those after (the temporary table of `assignPids` must stand). */
export async function readPersonChanges(session: Session): Promise<PersonChanges> {
  const rows = await session.all<{ kind: keyof PersonChanges; pids: number[] }>(`
    WITH now AS (
      SELECT pid, count(DISTINCT former_pid) AS former, count(*) FILTER (former_pid IS NULL) AS fresh
      FROM identity_change GROUP BY pid),
    before AS (
      SELECT former_pid AS pid, count(DISTINCT pid) AS parts FROM identity_change
      WHERE former_pid IS NOT NULL GROUP BY former_pid),
    touched AS (
      SELECT pid FROM now WHERE former <> 1 OR fresh > 0
      UNION SELECT c.pid FROM identity_change c JOIN before b ON b.pid = c.former_pid
      WHERE b.parts > 1 OR c.pid <> c.former_pid)
    SELECT kind, list(pid ORDER BY pid) AS pids FROM (
      SELECT 'created' AS kind, pid FROM now WHERE former = 0
      UNION ALL SELECT 'merged', pid FROM now WHERE former > 1
      UNION ALL SELECT 'split', pid FROM before WHERE parts > 1
      UNION ALL SELECT 'changed', pid FROM touched
      UNION ALL SELECT 'gone', pid FROM before WHERE pid NOT IN (SELECT pid FROM now))
    GROUP BY kind`)
  const of = (kind: keyof PersonChanges) => rows.find((row) => row.kind === kind)?.pids ?? []
  return {
    created: of('created'),
    merged: of('merged'),
    split: of('split'),
    changed: of('changed'),
    gone: of('gone'),
  }
}

/** How many source patients there are, and how many persons they are. */
export async function countPersons(session: Session): Promise<{ sourcePatients: number; persons: number }> {
  const row = await session.first<{ sourcePatients: number; persons: number }>(
    'SELECT count(*)::INTEGER AS "sourcePatients", count(DISTINCT coalesce(pid, spid))::INTEGER AS persons FROM source_patient',
  )
  return row ?? { sourcePatients: 0, persons: 0 }
}
