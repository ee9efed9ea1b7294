import type { Session } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** One patient of one source who is the person `pid`. */
export interface PersonMember {
  readonly pid: number
  readonly source: string
  readonly patientId: string
}

/** A source patient with what tells their rows and references apart. */
export interface MemberRow extends PersonMember {
  readonly spid: number
  readonly sourceId: number
  /** Base URL of the source, ending in a slash; NULL where it has none. */
  readonly base: string | null
}

/**
 * The source patients of persons, by pid, then source, then patient id. The pids are numbers of our own, written out: a
 * list of them is planned in a fraction of the time that a subquery takes.
 */
export async function readMembers(session: Session, pids: readonly number[]): Promise<MemberRow[]> {
  if (pids.length === 0) return []
  const [only] = pids
  return only !== undefined && pids.length === 1
    ? session.allOften<MemberRow>(membersSql('= $pid'), { pid: only })
    : session.all<MemberRow>(membersSql(`IN (${pids.map(Number).join(', ')})`))
}

const membersSql = (whom: string): string =>
  `SELECT coalesce(p.pid, p.spid) AS pid, ${memberColumns}
     FROM source_patient p JOIN source s USING (source_id)
     WHERE coalesce(p.pid, p.spid) ${whom}
     ORDER BY 1, s.name, p.patient_id`

const memberColumns = `s.name AS source, p.patient_id AS "patientId", p.spid, s.source_id AS "sourceId",
       CASE WHEN s.base_url <> '' THEN rtrim(s.base_url, '/') || '/' END AS base`

const baseOf = `CASE WHEN s.base_url <> '' THEN rtrim(s.base_url, '/') || '/' END`

/** The pid of a patient as a source names it; undefined where that source has no such patient. */
export async function findPid(session: Session, source: string, patientId: string): Promise<number | undefined> {
  const row = await session.first<{ pid: number }>(
    `SELECT coalesce(p.pid, p.spid) AS pid FROM source_patient p JOIN source s USING (source_id)
     WHERE s.name = $source AND p.patient_id = $patientId`,
    { source, patientId },
  )
  return row?.pid
}

/** The base URL of each source that has one, ending in a slash: references below it are the source's own. */
export async function readSourceBases(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await session.all<{ name: string; base: string }>(
    `SELECT name, base FROM (SELECT name, ${baseOf} AS base FROM source s) WHERE base IS NOT NULL`,
  )
  return new Map(rows.map((row) => [row.name, row.base]))
}

/** Who a source's patient is here, with what a caller's Patient must agree with. */
export interface HeldPerson {
  readonly pid: number
  readonly birthDate: string | null
  readonly sex: string | null
  /** When the facts of that source were last loaded; ISO text, null where none were. */
  readonly loadedAt: string | null
  /** The source patients who are this person, by source, then patient id. */
  readonly members: readonly MemberRow[]
}

type HeldRow = Omit<HeldPerson, 'members'> & MemberRow

/** The person whom a source names so, where the filter lets them be seen; undefined otherwise. One query. */
export async function readHeldPerson(
  session: Session,
  { source, patientId }: { readonly source: string; readonly patientId: string },
  visible: PersonFilter,
): Promise<HeldPerson | undefined> {
  const allowed = personPredicate(visible, 'h.pid')
  const rows = await session.allOften<HeldRow>(
    `SELECT h.pid, h.birth_date AS "birthDate", h.sex,
       (SELECT strftime(max(coalesce(j.finished_at, j.started_at)), '%Y-%m-%dT%H:%M:%S.%gZ') FROM job j JOIN source o USING (source_id)
        WHERE o.name = $source AND j.published_seq IS NOT NULL) AS "loadedAt", ${memberColumns}
     FROM (SELECT coalesce(sp.pid, sp.spid) AS pid FROM source_patient sp JOIN source USING (source_id)
       WHERE name = $source AND sp.patient_id = $patientId) named
     JOIN person h ON h.pid = named.pid
     JOIN source_patient p ON coalesce(p.pid, p.spid) = named.pid JOIN source s ON s.source_id = p.source_id
     WHERE ${allowed.sql} ORDER BY s.name, p.patient_id`,
    { source, patientId, ...allowed.parameters },
  )
  const [first] = rows
  if (first === undefined) return undefined
  const { pid, birthDate, sex, loadedAt } = first
  return { pid, birthDate, sex, loadedAt, members: rows.map((row) => memberOf(row)) }
}

const memberOf = ({ pid, source, patientId, spid, sourceId, base }: MemberRow): MemberRow => ({
  pid,
  source,
  patientId,
  spid,
  sourceId,
  base,
})
