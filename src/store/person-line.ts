import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

/** Resources that change: their keys, and the source patients whose they are from now on; each a query. */
export interface TouchedLines {
  readonly rids: string
  readonly spids?: string
}

/**
 * Takes out the persons whose resources these were or are, and follows what is of no patient; within the caller's transaction,
 * after the change.
 */
export async function forgetPersonLines(session: Session, { rids, spids }: TouchedLines): Promise<void> {
  if ((await session.first('SELECT 1 FROM person_line LIMIT 1')) === undefined) return
  // Until then nobody's references to such a type were followed.
  const first = await session.first(
    `SELECT 1 FROM resource_current SEMI JOIN (${rids}) USING (rid)
     WHERE spid IS NULL AND NOT list_contains((SELECT follows FROM person_line_state), type) LIMIT 1`,
  )
  if (first !== undefined) return forgetAllPersonLines(session)
  const others =
    spids === undefined ? '' : `UNION SELECT coalesce(pid, spid) FROM source_patient WHERE spid IN (${spids})`
  await session.run(
    `DELETE FROM person_line WHERE pid IN (
       SELECT pid FROM (SELECT * FROM person_line WHERE spid IS NOT NULL) SEMI JOIN (${rids}) USING (rid) ${others})`,
  )
  const referred = await session.first(
    `SELECT 1 FROM (SELECT rid FROM person_line WHERE spid IS NULL) SEMI JOIN (${rids}) USING (rid) LIMIT 1`,
  )
  if (referred === undefined) return
  await session.run(
    `UPDATE person_line AS p SET source_id = o.source_id, type = o.type, id = o.id, mark = o.mark, line = o.line FROM (
       SELECT c.rid, c.source_id, c.type, c.id, ${markOf('c.hash')} AS mark,
         CASE WHEN c.spid IS NULL AND NOT c.deleted THEN l.rowid END AS line
       FROM (SELECT * FROM resource_current SEMI JOIN (${rids}) USING (rid)) c
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

/**
 * Puts in whoever is not in the table, once it is known what refers to what (`recordDataState`). Each pid's rows lie together,
 * and once more than half of all rows came later all are put in order, which takes as long as making them.
 */
export async function refreshPersonLines(session: Session): Promise<void> {
  await session.transaction(async () => {
    if (await haveLinesMoved(session)) await forgetAllPersonLines(session)
    await findMissing(session)
    const counts = await session.first<{ held: number; missing: number; added: number }>(
      `SELECT (SELECT count(*) FROM person_line)::DOUBLE AS held, (SELECT count(*) FROM temp.new_line)::DOUBLE AS missing,
         added::DOUBLE AS added FROM person_line_state`,
    )
    const { held, missing, added } = counts ?? { held: 0, missing: 0, added: 0 }
    const isScattered = held > 0 && (added + missing) * 2 > held + missing
    if (isScattered) {
      await session.run('INSERT INTO temp.new_line FROM person_line')
      await forgetAllPersonLines(session)
    }
    if (isScattered || missing > 0)
      await session.run('INSERT INTO person_line SELECT * FROM temp.new_line ORDER BY pid, rid')
    await session.run(
      `UPDATE person_line_state SET added = $added, follows = (
         SELECT coalesce(list(DISTINCT type), []) FROM resource_current WHERE spid IS NULL)`,
      { added: isScattered || held === 0 ? 0 : added + missing },
    )
    await session.run('DROP TABLE temp.new_line')
  })
}

/** Where rows were deleted from `raw_line` a checkpoint may give the others new numbers. */
async function haveLinesMoved(session: Session): Promise<boolean> {
  const row = await session.first<{ whole: boolean }>(
    'SELECT count(*) = coalesce(max(rowid) + 1, 0) AS whole FROM raw_line',
  )
  if (row?.whole === true) return false
  const moved = await session.first(
    `SELECT 1 FROM person_line p WHERE line IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM raw_line l WHERE l.rowid = p.line AND l.rid = p.rid AND ${markOf('l.hash')} = p.mark) LIMIT 1`,
  )
  return moved !== undefined
}

/** What tells the text of a line from another of the same resource. */
export const markOf = (hash: string): string => `(${hash} & 4294967295)::UINTEGER`

/** Makes `new_line` of all who are not in the table: their own resources, and what these refer to once for each person. */
async function findMissing(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_missing AS
     SELECT p.spid, coalesce(p.pid, p.spid) AS pid FROM source_patient p
     ANTI JOIN (SELECT DISTINCT pid FROM person_line) held ON held.pid = coalesce(p.pid, p.spid)`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE new_line AS
     SELECT m.pid, c.spid, c.source_id, c.type, c.id, c.rid, ${markOf('c.hash')} AS mark, l.rowid AS line
     FROM resource_current c JOIN temp.line_missing m ON m.spid = c.spid
     JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash WHERE NOT c.deleted`,
  )
  await session.run(
    `INSERT INTO temp.new_line
     SELECT t.pid, NULL, o.source_id, coalesce(o.type, ''), o.id, t.rid, ${markOf('o.hash')}, o.line FROM (
       SELECT DISTINCT m.pid, r.target AS rid FROM outside_reference r JOIN temp.line_missing m ON m.spid = r.spid) t
     LEFT JOIN (
       SELECT c.source_id, c.type, c.id, c.rid, c.hash, l.rowid AS line FROM resource_current c
       JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash WHERE c.spid IS NULL AND NOT c.deleted) o ON o.rid = t.rid`,
  )
  await session.run('DROP TABLE temp.line_missing')
}

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
type CheckedRow = PersonLineRow & { readonly lines: number; readonly same: boolean; readonly retold: boolean }

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
  await seekRows(session)
  const read = (retells: boolean) => session.allOften<CheckedRow>(linesSql(types, retells), { pid })
  let rows = await read(retelling.has(session))
  if (rows[0]?.retold === true) {
    retelling.add(session)
    rows = await read(true)
  }
  if (rows.length === 0 || rows.some(({ same, lines }) => !same || lines !== rows.length)) return undefined
  return rows.map(({ rid, spid, sourceId, type, id, raw }) => ({ rid, spid, sourceId, type, id, raw }))
}

function linesSql(types: LineTypes | undefined, retells: boolean): string {
  const asked =
    types === undefined
      ? ''
      : `AND CASE WHEN spid IS NOT NULL THEN ${among(types.own)} ELSE ${among(types.referred)} END`
  const text = retells ? `coalesce(m.raw, ${resolvedText})` : 'l.raw'
  const texts = retells ? `${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash` : ''
  const retold = retells ? 'false' : 'EXISTS (SELECT 1 FROM resolved_line) OR EXISTS (SELECT 1 FROM mapped_line)'
  // Each column that is read from `raw_line` makes this a tenth longer: the others stand in the table.
  return `SELECT p.rid, p.spid, p.source_id AS "sourceId", p.type, p.id, ${text} AS raw, p.lines, ${retold} AS retold,
     ${markOf('l.hash')} = p.mark AS same
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
