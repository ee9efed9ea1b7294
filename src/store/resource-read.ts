import type { Session } from '../duck/index.ts'
import { ridSql } from './rid.ts'

/** A current resource of a person's record, as received. `rid` is text: it may exceed 2^53. */
export interface RawRow {
  readonly pid: number
  /** NULL for a resource of no patient that the record refers to (a Practitioner, a Medication). */
  readonly spid: number | null
  readonly source: string
  readonly type: string
  readonly id: string
  readonly rid: string
  readonly raw: string
}

/** Which persons: a range (both ends included) or a list of pids. */
export type PersonSelection =
  | { readonly fromPid: number; readonly toPid: number }
  | { readonly pids: readonly number[] }

/** So many persons are read by one query; bounds memory, and costs one scan start each. */
const personsPerQuery = 500

/**
 * The raw resources of persons: all of their compartments, of every source, and the patient-less resources
 * of the same source that these refer to (one hop). Batches are whole persons, ordered by pid, then rid.
 */
export async function* streamRawByPerson(session: Session, selection: PersonSelection): AsyncGenerator<RawRow[]> {
  const pids =
    'pids' in selection ? [...new Set(selection.pids)].sort((a, b) => a - b) : await pidsBetween(session, selection)
  for (let start = 0; start < pids.length; start += personsPerQuery) {
    const rows = await readPersons(session, pids.slice(start, start + personsPerQuery))
    if (rows.length > 0) yield rows
  }
}

async function pidsBetween(session: Session, range: { fromPid: number; toPid: number }): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT coalesce(pid, spid) AS pid FROM source_patient
     WHERE coalesce(pid, spid) BETWEEN $fromPid AND $toPid ORDER BY 1`,
    range,
  )
  return rows.map((row) => row.pid)
}

async function readPersons(session: Session, pids: readonly number[]): Promise<RawRow[]> {
  const members = await session.all<{ spid: number }>(
    `SELECT spid FROM source_patient WHERE coalesce(pid, spid) IN (SELECT unnest(from_json($pids, '["INTEGER"]'))) ORDER BY spid`,
    { pids: JSON.stringify(pids) },
  )
  if (members.length === 0) return []
  // Numbers of our own, written out: DuckDB prunes row groups by a literal list, not by a subquery.
  const spids = members.map((row) => row.spid).join(', ')
  return session.all<RawRow>(
    `WITH own AS MATERIALIZED (
       SELECT coalesce(p.pid, p.spid) AS pid, c.spid, c.source_id, c.type, c.id, c.rid, l.raw
       FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
       JOIN source_patient p ON p.spid = c.spid
       WHERE c.spid IN (${spids}) AND l.spid IN (${spids}) AND NOT c.deleted),
     referred AS (
       SELECT DISTINCT pid, source_id, reference
       FROM (SELECT pid, source_id, unnest(regexp_extract_all(raw, '"reference"\\s*:\\s*"([^"#]+)"', 1)) AS reference FROM own)),
     target AS (
       SELECT DISTINCT pid, ${ridSql('s.name', 'r.parts[1]', 'r.parts[2]')} AS rid
       FROM (SELECT pid, source_id, reference, string_split(reference, '/') AS parts FROM (
         SELECT pid, r.source_id, CASE WHEN b.base_url IS NOT NULL AND starts_with(reference, b.base_url)
           THEN substr(reference, length(b.base_url) + 1) ELSE reference END AS reference
         FROM referred r JOIN source b USING (source_id))) r JOIN source s ON s.source_id = r.source_id
       WHERE len(r.parts) IN (2, 4)),
     outside AS (
       SELECT t.pid, c.spid, c.source_id, c.type, c.id, c.rid, l.raw
       FROM target t JOIN resource_current c ON c.rid = t.rid AND c.spid IS NULL AND NOT c.deleted
       JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash AND l.spid IS NULL)
     SELECT o.pid, o.spid, s.name AS source, o.type, o.id, o.rid, o.raw
     FROM (FROM own UNION ALL FROM outside) o JOIN source s ON s.source_id = o.source_id
     ORDER BY o.pid, o.rid`,
  )
}
