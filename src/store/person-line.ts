import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

/** The number of the row of a resource that changed, until the next refresh: no line has it, so that its person is read the long way. */
export const staleLine = -1

/**
 * Has the persons whose resources these were or are (a condition on `c`, resource_current) read the long way, and follows what is
 * of no patient; within the caller's transaction, after the change. What else these persons have keeps its rows: a refresh
 * costs what changed.
 */
export async function forgetPersonLines(session: Session, condition: string): Promise<void> {
  if ((await session.first('SELECT 1 FROM person_line LIMIT 1')) === undefined) return
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_touched AS
     SELECT c.rid, c.spid, coalesce(p.pid, p.spid) AS pid, c.source_id, c.type, c.id, c.hash, c.deleted
     FROM (SELECT * FROM resource_current c WHERE ${condition}) c LEFT JOIN source_patient p ON p.spid = c.spid`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_met AS
     SELECT h.rid, h.pid, h.spid IS NULL AS referred, h.spid IS NOT NULL AND h.spid IS DISTINCT FROM t.spid AS moved
     FROM person_line h JOIN temp.line_touched t ON t.rid = h.rid`,
  )
  await followTouched(session)
  await session.run('DROP TABLE temp.line_touched')
  await session.run('DROP TABLE temp.line_met')
}

async function followTouched(session: Session): Promise<void> {
  const met = await session.first<{ unfollowed: boolean; referred: boolean; moved: boolean; fresh: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM temp.line_touched WHERE spid IS NULL
         AND NOT list_contains((SELECT follows FROM person_line_state), type)) AS unfollowed,
       EXISTS (SELECT 1 FROM temp.line_met WHERE referred) AS referred, EXISTS (SELECT 1 FROM temp.line_met WHERE moved) AS moved,
       EXISTS (SELECT 1 FROM temp.line_touched t WHERE pid IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM temp.line_met m WHERE m.rid = t.rid AND NOT m.referred)) AS fresh`,
  )
  // Until then nobody's references to such a type were followed.
  if (met?.unfollowed === true) return forgetAllPersonLines(session)
  await session.run(
    `UPDATE person_line SET line = ${staleLine} WHERE spid IS NOT NULL AND rid IN (SELECT rid FROM temp.line_met WHERE NOT referred)`,
  )
  if (met?.moved === true)
    await forgetPersons(
      session,
      `SELECT unnest([m.pid, t.pid]) FROM temp.line_met m JOIN temp.line_touched t ON t.rid = m.rid WHERE m.moved`,
    )
  if (met?.fresh === true)
    await session.run(
      `INSERT INTO person_line SELECT t.pid, t.spid, t.source_id, t.type, t.id, t.rid, NULL, ${staleLine}
       FROM temp.line_touched t SEMI JOIN person_line h ON h.pid = t.pid
       ANTI JOIN (SELECT rid FROM temp.line_met WHERE NOT referred) m ON m.rid = t.rid ORDER BY t.pid`,
    )
  if (met?.referred !== true) return
  await session.run(
    `UPDATE person_line AS p SET mark = o.mark, line = o.line, source_id = o.source_id, type = o.type, id = o.id FROM (
       SELECT c.rid, c.source_id, c.type, c.id, ${markOf('c.hash')} AS mark,
         CASE WHEN c.spid IS NULL AND NOT c.deleted THEN l.rowid END AS line
       FROM temp.line_touched c SEMI JOIN (SELECT rid FROM temp.line_met WHERE referred) m ON m.rid = c.rid
       JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash) o
     WHERE p.spid IS NULL AND p.rid = o.rid`,
  )
}

/** Takes out persons of before and now, by a query that gives their pids; within the transaction that makes them others. */
export async function forgetPersons(session: Session, pids: string): Promise<void> {
  await session.run(`DELETE FROM person_line WHERE pid IN (${pids})`)
}

/** Takes out everybody: rows of `raw_line` go, or references mean something else. */
export async function forgetAllPersonLines(session: Session): Promise<void> {
  await session.run('DELETE FROM person_line')
}

/** What tells the text of a line from another of the same resource. */
export const markOf = (hash: string): string => `(${hash} & 4294967295)::UINTEGER`

/** A row as `readPersonLines` gives it; `spid` is NULL for what may be referred to. */
export interface PersonLineRow {
  readonly rid: string
  readonly spid: number | null
  readonly sourceId: number
  readonly type: string
  readonly id: string
  readonly raw: string
}

/** `lines`: how many there are to be found; `same`: it is what it was; `retold`: its text may be another than `raw` says. */
interface Checked {
  readonly lines: number
  readonly same: boolean
  readonly retold: boolean
}

/** Such a row with the line that it is: what was received, and where. */
export interface PersonLineOrigin extends PersonLineRow {
  readonly hash: string
  readonly versionId: string | null
  readonly lastUpdated: string | null
  readonly fileId: number
  readonly line: number
}

const originColumns = `, l.hash, l.version_id AS "versionId", l.last_updated AS "lastUpdated", l.file_id AS "fileId",
  l.line_no::DOUBLE AS line`

/** Which of a person's resources are read, by type: their own, and what these refer to. */
export interface LineTypes {
  readonly own: readonly string[]
  readonly referred: readonly string[]
}

const among = (types: readonly string[]): string =>
  types.length === 0 ? 'false' : `type IN (${types.map((type) => `'${type}'`).join(', ')})`

/** Sessions that met a store with lines whose text is another than as received: two more joins, which take as long as all else. */
const retelling = new WeakSet<Session>()

/**
 * The current resources of a person, with codes mapped and references resolved, and those of no patient that they may refer to
 * (a reference to another server may look alike); of `types` alone where given. Undefined where the person is not in the
 * table, or a row was moved since: the long way tells then.
 */
export async function readPersonLines(
  session: Session,
  pid: number,
  types?: LineTypes,
): Promise<PersonLineRow[] | undefined> {
  const rows = await readChecked<PersonLineRow>(session, pid, { types })
  return rows?.map(({ rid, spid, sourceId, type, id, raw }) => ({ rid, spid, sourceId, type, id, raw }))
}

/** The same of all types, with the lines that they are. */
export async function readPersonOrigins(session: Session, pid: number): Promise<PersonLineOrigin[] | undefined> {
  const rows = await readChecked<PersonLineOrigin>(session, pid, { columns: originColumns })
  return rows?.map(({ lines: _lines, same: _same, retold: _retold, ...row }) => row)
}

/** What of a person is read: of some types, and these columns of the line beside. */
interface LineQuery {
  readonly types?: LineTypes | undefined
  readonly columns?: string
}

async function readChecked<Row>(
  session: Session,
  pid: number,
  query: LineQuery,
): Promise<(Row & Checked)[] | undefined> {
  await seekRows(session)
  const read = (retells: boolean) => session.allOften<Row & Checked>(linesSql(query, retells), { pid })
  let rows = await read(retelling.has(session))
  if (rows[0]?.retold === true) {
    retelling.add(session)
    rows = await read(true)
  }
  return rows.length === 0 || rows.some(({ same, lines }) => !same || lines !== rows.length) ? undefined : rows
}

function linesSql({ types, columns = '' }: LineQuery, retells: boolean): string {
  const asked =
    types === undefined
      ? ''
      : `AND CASE WHEN spid IS NOT NULL THEN ${among(types.own)} ELSE ${among(types.referred)} END`
  const text = retells ? `coalesce(m.raw, ${resolvedText})` : 'l.raw'
  const texts = retells ? `${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash` : ''
  const retold = retells ? 'false' : 'EXISTS (SELECT 1 FROM resolved_line) OR EXISTS (SELECT 1 FROM mapped_line)'
  // Each column that is read from `raw_line` makes this a tenth longer: the others stand in the table.
  return `SELECT p.rid, p.spid, p.source_id AS "sourceId", p.type, p.id, ${text} AS raw, p.lines, ${retold} AS retold,
     ${markOf('l.hash')} = p.mark AS same${columns}
   FROM (SELECT *, count(line) OVER ()::INTEGER AS lines FROM person_line WHERE pid = $pid ${asked}) p
   JOIN raw_line l ON l.rowid = p.line ${texts}`
}

const seeking = new WeakMap<Session, Promise<unknown>>()

/**
 * Lets the session go to the rows of a join by their numbers though they are many: by its default of 50 DuckDB looks
 * through all rows between the first and the last.
 */
export function seekRows(session: Session): Promise<unknown> {
  const known = seeking.get(session)
  if (known !== undefined) return known
  const set = session.run(`SET SESSION dynamic_or_filter_threshold = 20000`)
  seeking.set(session, set)
  set.catch(() => seeking.delete(session))
  return set
}
