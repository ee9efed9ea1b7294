import type { Session } from '../duck/index.ts'
import { areRecent, recentLines } from './derived-state.ts'
import { forgetAllPersonLines, markOf, staleLine } from './person-line.ts'

/**
 * Brings the rows of what changed up to the lines, and puts in whoever is not in the table, once it is known what refers to what
 * (`followReferences`). Each pid's rows lie together, and once more than half of all rows came later all are put in order, which
 * takes as long as making them.
 */
export async function refreshPersonLines(session: Session): Promise<void> {
  await session.transaction(async () => {
    if (await haveLinesMoved(session)) await forgetAllPersonLines(session)
    await findMissing(session)
    await renewStale(session)
    await followNamed(session)
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
         SELECT coalesce(list(DISTINCT type ORDER BY type), []) FROM resource_current WHERE spid IS NULL)`,
      { added: isScattered || held === 0 ? 0 : added + missing },
    )
    for (const table of ['new_line', 'line_whose', 'line_named', 'line_held'])
      await session.run(`DROP TABLE temp.${table}`)
  })
}

/** Where rows were deleted from `raw_line` a checkpoint may give the others new numbers. */
async function haveLinesMoved(session: Session): Promise<boolean> {
  const row = await session.first<{ whole: boolean }>(
    'SELECT count(*) = coalesce(max(rowid) + 1, 0) AS whole FROM raw_line',
  )
  if (row?.whole === true) return false
  const moved = await session.first(
    `SELECT 1 FROM person_line p WHERE line <> ${staleLine}
       AND NOT EXISTS (SELECT 1 FROM raw_line l WHERE l.rowid = p.line AND l.rid = p.rid AND ${markOf('l.hash')} = p.mark) LIMIT 1`,
  )
  return moved !== undefined
}

/** Makes `line_whose` of all who are not in the table, and `new_line` of their own resources. */
async function findMissing(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_whose AS
     SELECT p.spid, coalesce(p.pid, p.spid) AS pid FROM source_patient p
     ANTI JOIN (SELECT DISTINCT pid FROM person_line) held ON held.pid = coalesce(p.pid, p.spid)`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE new_line AS
     SELECT w.pid, c.spid, c.source_id, c.type, c.id, c.rid, ${markOf('c.hash')} AS mark, l.rowid AS line
     FROM resource_current c JOIN temp.line_whose w ON w.spid = c.spid
     JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash WHERE NOT c.deleted`,
  )
}

/** Gives the rows of resources that changed their lines, and adds whose they are to `line_whose`. */
async function renewStale(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_stale AS
     SELECT pid, spid, rid FROM person_line WHERE line = ${staleLine}`,
  )
  const stale = await session.first<{ rows: number }>('SELECT count(*)::DOUBLE AS rows FROM temp.line_stale')
  if (stale !== undefined && stale.rows > 0) {
    let left = stale.rows
    if (await areRecent(session)) left -= await renew(session, recentLines)
    // What a refresh that was stopped left may have changed before that.
    if (left > 0) left -= await renew(session, allLines)
    if (left > 0) await session.run(`DELETE FROM person_line WHERE line = ${staleLine}`)
    await session.run(
      `INSERT INTO temp.line_whose SELECT p.spid, coalesce(p.pid, p.spid) FROM source_patient p
       SEMI JOIN temp.line_stale s ON s.pid = coalesce(p.pid, p.spid)`,
    )
  }
  await session.run('DROP TABLE temp.line_stale')
}

const allLines = `(SELECT c.*, l.rowid AS line_row
  FROM (SELECT * FROM resource_current c SEMI JOIN temp.line_stale s ON s.rid = c.rid AND s.spid = c.spid) c
  JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash)`

/** Gives rows their lines from a table of resources; how many. */
function renew(session: Session, lines: string): Promise<number> {
  return session.run(
    `UPDATE person_line SET mark = n.mark, line = n.line FROM (
       SELECT c.rid, ${markOf('c.hash')} AS mark, c.line_row AS line
       FROM ${lines} c SEMI JOIN temp.line_stale s ON s.rid = c.rid AND s.spid = c.spid WHERE NOT c.deleted) n
     WHERE person_line.line = ${staleLine} AND person_line.rid = n.rid`,
  )
}

/** Takes out what those in `line_whose` refer to no more, and adds to `new_line` what they came to refer to, once for each person. */
async function followNamed(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_named AS
     SELECT DISTINCT w.pid, r.target AS rid FROM outside_reference r JOIN temp.line_whose w ON w.spid = r.spid`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE line_held AS SELECT pid, rid FROM person_line
     WHERE spid IS NULL AND pid IN (SELECT pid FROM temp.line_whose)`,
  )
  const unnamed = 'SELECT pid, rid FROM temp.line_held ANTI JOIN temp.line_named USING (pid, rid)'
  if ((await session.first(`${unnamed} LIMIT 1`)) !== undefined)
    await session.run(`DELETE FROM person_line WHERE spid IS NULL AND (pid, rid) IN (${unnamed})`)
  await session.run(
    `INSERT INTO temp.new_line
     SELECT t.pid, NULL, o.source_id, coalesce(o.type, ''), o.id, t.rid, ${markOf('o.hash')}, o.line
     FROM (FROM temp.line_named ANTI JOIN temp.line_held USING (pid, rid)) t
     LEFT JOIN (
       SELECT c.source_id, c.type, c.id, c.rid, c.hash, l.rowid AS line FROM resource_current c
       JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash WHERE c.spid IS NULL AND NOT c.deleted) o ON o.rid = t.rid`,
  )
}
