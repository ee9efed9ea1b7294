import type { Session } from '../duck/index.ts'
import { markOf } from './person-line.ts'
import type { MemberRow } from './person-members.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

/** The resources that one source has of a person, as one text. */
export interface PersonText {
  readonly pid: number
  readonly source: string
  /** False of what is of no patient and may be referred to (a reference to another server may look alike). */
  readonly isOwn: boolean
  /** A JSON list of `TextEntry`, in no order. */
  readonly text: string
  /** A JSON list of `rid` and `id` of the Patients among them. */
  readonly patients: string
}

/** One resource in a `PersonText`, as received. */
export interface TextEntry {
  readonly rid: string
  readonly type: string
  readonly id: string
  readonly resource: unknown
}

interface TextRow {
  readonly pid: number
  readonly sourceId: number
  readonly isOwn: boolean
  readonly text: string
  readonly patients: string
  /** How many resources there are to be found of the person, and how many of them this row holds. */
  readonly lines: number
  readonly found: number
  /** All are what they were when the table was made. */
  readonly same: boolean
}

/**
 * The current resources of persons by `person_line`, by pid: so few rows are read fast however many resources a person has, for
 * to make an object of a row takes longer than to parse the resource. Who is not in the table, or whose rows were moved since,
 * is left out: the long way tells of them.
 */
export async function readPersonTexts(
  session: Session,
  pids: readonly number[],
  members: readonly MemberRow[],
): Promise<ReadonlyMap<number, readonly PersonText[]>> {
  const nameOf = new Map(members.map(({ sourceId, source }) => [sourceId, source]))
  const rows = await session.all<TextRow>(textsSql(pids))
  const found = new Map<number, TextRow[]>()
  for (const row of rows) {
    const known = found.get(row.pid)
    if (known === undefined) found.set(row.pid, [row])
    else known.push(row)
  }
  const texts = new Map<number, readonly PersonText[]>()
  for (const [pid, of] of found) {
    const isWhole = of.every(({ same }) => same) && of.reduce((sum, row) => sum + row.found, 0) === of[0]?.lines
    const named = of.flatMap(({ sourceId, isOwn, text, patients }) => {
      const source = nameOf.get(sourceId)
      return source === undefined ? [] : [{ pid, source, isOwn, text, patients }]
    })
    if (isWhole && named.length === of.length) texts.set(pid, named)
  }
  return texts
}

const idText = `coalesce(to_json(p.id), 'null')`

/** The pids are numbers of our own, written out. */
const textsSql = (pids: readonly number[]): string =>
  `SELECT pid, "sourceId", "isOwn", '[' || string_agg(entry, ',') || ']' AS text,
     '[' || coalesce(string_agg(patient, ','), '') || ']' AS patients,
     any_value(lines) AS lines, count(*)::INTEGER AS found, bool_and(same) AS same
   FROM (
     SELECT p.pid, p.source_id AS "sourceId", p.spid IS NOT NULL AS "isOwn", p.lines, ${markOf('l.hash')} = p.mark AS same,
       '{"rid":"' || p.rid || '","type":' || to_json(p.type) || ',"id":' || ${idText} || ',"resource":'
         || coalesce(m.raw, ${resolvedText}) || '}' AS entry,
       CASE WHEN p.type = 'Patient' THEN '{"rid":"' || p.rid || '","id":' || ${idText} || '}' END AS patient
     FROM (SELECT *, count(line) OVER (PARTITION BY pid)::INTEGER AS lines FROM person_line
           WHERE pid IN (${pids.map(Number).join(', ')})) p
     JOIN raw_line l ON l.rowid = p.line ${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash)
   GROUP BY pid, "sourceId", "isOwn" ORDER BY pid`
