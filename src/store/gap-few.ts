import { type Session, textLiteral } from '../duck/index.ts'
import { markOf, seekRows } from './person-line.ts'
import { resolvedJoin } from './resolved-line.ts'
import { typedTableName } from './typed-table.ts'

/** Relations of one session that say what is wanted of few persons. */
export interface FewWanted {
  /** `pid`, `rid`: resources of persons. */
  readonly held: string
  /** `pid`: of whom resources with some status are sought. */
  readonly whom: string
  /** Statuses by type. */
  readonly sought: ReadonlyMap<string, readonly string[]>
}

/** The lines that were found, `(is_held, pid, source, type, id, rid, raw)`: what is held, and among others what is sought. */
export const fewLines = 'gap_line'

/**
 * Finds the lines that are wanted of few persons, by their numbers in `person_line`: to look for them among all lines takes the
 * longer the more there are. Which resources may have a status the typed tables tell, where they hold it. False where a
 * line is not found so; then nothing is there.
 */
export async function findFewLines(session: Session, { held, whom, sought }: FewWanted): Promise<boolean> {
  await seekRows(session)
  const holding = await statusTables(session)
  const unheld = [...sought.keys()].filter((type) => !holding.has(typedTableName(type)))
  const candidates = [
    ...[...sought].filter(([type]) => !unheld.includes(type)).map(([type, statuses]) => byStatus(type, statuses, whom)),
    ...(unheld.length === 0 ? [] : [ofTypes(unheld, whom)]),
  ]
  await session.run(
    `CREATE OR REPLACE TEMP TABLE gap_number AS
     SELECT w.is_held, w.pid, w.rid, p.line, p.mark, p.source_id, p.type, p.id
     FROM (SELECT true AS is_held, pid, rid FROM ${held} h ${candidates.map((sql) => `UNION ALL SELECT false, pid, rid FROM (${sql})`).join(' ')}) w
     LEFT JOIN person_line p ON p.pid = w.pid AND p.rid = w.rid`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${fewLines} AS
     SELECT n.is_held, n.pid, s.name AS source, n.type, n.id, n.rid, coalesce(m.raw, u.raw, l.raw) AS raw
     FROM gap_number n JOIN raw_line l ON l.rowid = n.line AND ${markOf('l.hash')} = n.mark AND l.rid = n.rid
     JOIN source s ON s.source_id = n.source_id ${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash`,
  )
  const without = `SELECT 1 FROM ${whom} w WHERE NOT EXISTS (SELECT 1 FROM person_line p WHERE p.pid = w.pid)`
  const all = await session.first<{ whole: boolean }>(
    `SELECT (SELECT count(*) FROM gap_number) = (SELECT count(*) FROM ${fewLines})
        AND ${unheld.length > 0 ? `NOT EXISTS (${without})` : 'true'} AS whole`,
  )
  await session.run('DROP TABLE temp.gap_number')
  if (all?.whole === true) return true
  await session.run(`DROP TABLE temp.${fewLines}`)
  return false
}

/** The typed tables that hold a status, and say where columns do not represent it. */
async function statusTables(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_columns() WHERE database_name = current_database() AND column_name = 'status'
       AND data_type = 'VARCHAR' AND starts_with(table_name, 'typed_')`,
  )
  return new Set(rows.map(({ name }) => name))
}

const byStatus = (type: string, statuses: readonly string[], whom: string): string =>
  `SELECT pid, rid FROM ${typedTableName(type)} WHERE pid IN (SELECT pid FROM ${whom} w)
     AND (status IN (${statuses.map(textLiteral).join(', ')}) OR list_contains(irregular, 'status'))`

const ofTypes = (types: readonly string[], whom: string): string =>
  `SELECT pid, rid FROM person_line WHERE pid IN (SELECT pid FROM ${whom} w) AND spid IS NOT NULL
     AND type IN (${types.map(textLiteral).join(', ')})`
