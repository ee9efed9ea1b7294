import { compareText } from '../base/index.ts'
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
  const rows =
    only !== undefined && pids.length === 1
      ? await session.allOften<MemberRow>(membersSql('= $pid'), { pid: only })
      : await session.all<MemberRow>(membersSql(`IN (${pids.map(Number).join(', ')})`))
  // To sort the few of one person there costs a third of the query.
  return rows.sort(byPersonAndSource)
}

const membersSql = (whom: string): string =>
  `SELECT coalesce(p.pid, p.spid) AS pid, s.name AS source, p.patient_id AS "patientId", p.spid,
       s.source_id AS "sourceId", ${baseOf} AS base
     FROM source_patient p JOIN source s USING (source_id)
     WHERE coalesce(p.pid, p.spid) ${whom}`

const byPersonAndSource = (a: MemberRow, b: MemberRow): number =>
  a.pid - b.pid || compareText(a.source, b.source) || compareText(a.patientId, b.patientId)

/** The base URL of the source `s`, ending in a slash; NULL where it has none. */
export const baseOf = `CASE WHEN s.base_url <> '' THEN rtrim(s.base_url, '/') || '/' END`

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

/** A source with what a call about one of its patients must know. */
export interface SourceRow {
  readonly sourceId: number
  readonly name: string
  /** Base URL, ending in a slash; NULL where it has none. */
  readonly base: string | null
  /** When its facts were last loaded; ISO text, NULL where none were. */
  readonly loadedAt: string | null
}

export function readSources(session: Session): Promise<SourceRow[]> {
  return session.all<SourceRow>(
    `SELECT s.source_id AS "sourceId", s.name, ${baseOf} AS base,
       (SELECT strftime(max(coalesce(j.finished_at, j.started_at)), '%Y-%m-%dT%H:%M:%S.%gZ') FROM job j
        WHERE j.source_id = s.source_id AND j.published_seq IS NOT NULL) AS "loadedAt"
     FROM source s`,
  )
}

/** Who a source's patient is here, with what a caller's Patient must agree with. */
export interface HeldPerson {
  readonly pid: number
  readonly birthDate: string | null
  readonly sex: string | null
  /** The source patients who are this person, by source, then patient id. */
  readonly members: readonly MemberRow[]
}

interface HeldRow extends Pick<MemberRow, 'pid' | 'patientId' | 'spid' | 'sourceId'> {
  readonly birthDate: string | null
  readonly sex: string | null
}

/**
 * The person whom a source names so, where the filter lets them be seen; undefined otherwise. `sources` may be some seconds
 * old: one that is missing there is read. Two queries over one table each, and one join: that costs a third of one that joins all.
 */
export async function readHeldPerson(
  session: Session,
  { source, patientId }: { readonly source: SourceRow; readonly patientId: string },
  sources: readonly SourceRow[],
  visible: PersonFilter,
): Promise<HeldPerson | undefined> {
  const [named] = await session.allOften<{ pid: number }>(
    `SELECT coalesce(pid, spid) AS pid FROM source_patient WHERE source_id = $sourceId AND patient_id = $patientId`,
    { sourceId: source.sourceId, patientId },
  )
  if (named === undefined) return undefined
  const allowed = personPredicate(visible, 'h.pid')
  const rows = await session.allOften<HeldRow>(
    `SELECT h.pid, h.birth_date AS "birthDate", h.sex, p.patient_id AS "patientId", p.spid, p.source_id AS "sourceId"
     FROM person h JOIN source_patient p ON coalesce(p.pid, p.spid) = h.pid WHERE h.pid = $pid AND ${allowed.sql}`,
    { pid: named.pid, ...allowed.parameters },
  )
  const [first] = rows
  if (first === undefined) return undefined
  const isKnown = rows.every(({ sourceId }) => sources.some((one) => one.sourceId === sourceId))
  const members = membersOf(rows, isKnown ? sources : await readSources(session))
  return { pid: first.pid, birthDate: first.birthDate, sex: first.sex, members }
}

function membersOf(rows: readonly HeldRow[], sources: readonly SourceRow[]): readonly MemberRow[] {
  return rows
    .flatMap(({ pid, patientId, spid, sourceId }): readonly MemberRow[] => {
      const source = sources.find((one) => one.sourceId === sourceId)
      return source === undefined ? [] : [{ pid, patientId, spid, sourceId, source: source.name, base: source.base }]
    })
    .sort(byPersonAndSource)
}
