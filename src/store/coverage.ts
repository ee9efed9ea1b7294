import type { Session } from '../duck/index.ts'

/** How far one source's resources of a type are whole; type `*` speaks of all types without an entry of their own. */
export interface Coverage {
  readonly source: string
  readonly type: string
  /** As of when they were last whole, as the export said; null where they never were. */
  readonly completeThrough: string | null
  /** Why they are of two times now; null where they are whole. */
  readonly reason: string | null
  readonly pullId: number | null
}

export interface RefreshEnd {
  readonly source: string
  /** What the refresh was to bring; `*` for everything. */
  readonly types: readonly string[]
  readonly through: string | undefined
  /** What it lacks; undefined where it is whole. */
  readonly reason: string | undefined
  readonly pullId: number
}

/** Records how a pull left the data, in the transaction that published it. */
export async function recordCoverage(session: Session, end: RefreshEnd): Promise<void> {
  const { source, types, through, reason, pullId } = end
  // A whole refresh of everything settles what was said of single types.
  if (reason === undefined && types.includes('*')) {
    await session.run('DELETE FROM coverage WHERE source = $source', { source })
  }
  for (const type of types) {
    await session.run(
      `INSERT INTO coverage VALUES ($source, $type, $through, $reason, $pullId, now()::TIMESTAMP)
       ON CONFLICT (source, type) DO UPDATE SET complete_through = CASE WHEN excluded.reason IS NULL
         THEN coalesce(excluded.complete_through, complete_through) ELSE complete_through END,
         reason = excluded.reason, pull_id = excluded.pull_id, recorded_at = excluded.recorded_at`,
      { source, type, through: reason === undefined ? (through ?? null) : null, reason: reason ?? null, pullId },
    )
  }
}

/** Every entry, in order of source and type. */
export function readCoverage(session: Session): Promise<Coverage[]> {
  return session.all<Coverage>(
    `SELECT source, type, complete_through AS "completeThrough", reason, pull_id AS "pullId"
     FROM coverage ORDER BY source, type`,
  )
}

/** As of when each source's data are: the export's own time, else when it was loaded; null before the first load. */
export function readDataDates(
  session: Session,
): Promise<{ readonly source: string; readonly dataOf: string | null }[]> {
  return session.all(`SELECT source, data_of AS "dataOf" FROM (${dataDatesSql}) ORDER BY source`)
}

/** SQL of the same. */
export const dataDatesSql = `
  SELECT s.name AS source, coalesce(
    (SELECT min(complete_through) FROM coverage c WHERE c.source = s.name),
    (SELECT max(coalesce(transaction_time, strftime(finished_at, '%Y-%m-%dT%H:%M:%SZ'))) FROM job j
     WHERE j.source_id = s.source_id AND j.state = 'published')) AS data_of
  FROM source s`
