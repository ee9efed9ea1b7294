import type { Session } from '../duck/index.ts'
import { typedResourceTypes } from '../fhir/index.ts'
import { typedTableName } from './typed-table.ts'

/** A coding of a concept, its system folded. */
export interface ConceptCoding {
  readonly cid: number
  readonly system: string | null
  readonly code: string | null
}

/** What evaluating many persons at once reads from: tables of the session, by name. */
export interface SetTables {
  /** The persons (`pid`). */
  readonly persons: string
  /** The codings of each concept: (`cid`, `codings`, a list of code, system, version and display). */
  readonly codings: string
  /** The resources as they were received: (`rid`, `raw`). */
  readonly raw: string
  /** The typed table of each resource type that there is. */
  readonly typed: ReadonlyMap<string, string>
}

/** Makes the session's tables of persons (all, or those named) and of codings, and finds the typed tables. */
export async function prepareSetTables(session: Session, pids?: readonly number[]): Promise<SetTables> {
  const chosen =
    pids === undefined ? '' : `WHERE coalesce(pid, spid) IN (SELECT unnest(from_json($pids::JSON, '["INTEGER"]')))`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE set_person AS
     SELECT DISTINCT coalesce(pid, spid) AS pid FROM source_patient ${chosen} ORDER BY pid`,
    pids === undefined ? undefined : { pids: JSON.stringify(pids) },
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE set_coding AS
     SELECT t.cid, list(struct_pack(code := d.code, "system" := d.system, "version" := d.version, display := d.display)
       ORDER BY t.coding_id) AS codings
     FROM (SELECT cid, unnest(coding_ids) AS coding_id FROM concept) t JOIN coding d USING (coding_id) GROUP BY t.cid`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP VIEW set_raw AS
     SELECT l.rid, l.raw FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
     WHERE NOT c.deleted`,
  )
  const rows = await session.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE table_name LIKE 'typed%'`,
  )
  const present = new Set(rows.map((row) => row.name))
  const typed = typedResourceTypes
    .map((type) => [type, typedTableName(type)] as const)
    .filter(([, table]) => present.has(table))
  return { persons: 'set_person', codings: 'set_coding', raw: 'set_raw', typed: new Map(typed) }
}

/** The codings of all concepts met so far; a concept without any has one of nulls. */
export async function readConceptCodings(session: Session): Promise<readonly ConceptCoding[]> {
  return session.all<ConceptCoding>(
    `SELECT t.cid, d.system, d.code
     FROM (SELECT cid, unnest(CASE WHEN len(coding_ids) = 0 THEN [NULL] ELSE coding_ids END) AS coding_id FROM concept) t
     LEFT JOIN coding d USING (coding_id)
     ORDER BY t.cid, t.coding_id`,
  )
}

/** Columns of a typed table that an evaluation reads, with the elements that they belong to. */
export interface ReadElements {
  readonly type: string
  readonly elements: readonly string[]
  readonly columns: readonly string[]
}

/**
 * Persons with a resource whose columns cannot show an element that is read, and those of several Patients that do
 * not say the same: they are evaluated from raw.
 */
export async function findIrregularPersons(session: Session, reads: readonly ReadElements[]): Promise<number[]> {
  const found = new Set<number>()
  for (const { type, elements, columns } of reads) {
    const names = elements.flatMap((element) => [element, `_${element}`])
    const rows = await session.all<{ pid: number }>(
      `SELECT DISTINCT pid FROM ${typedTableName(type)} WHERE pid IS NOT NULL
       AND list_has_any(irregular, from_json($names::JSON, '["VARCHAR"]'))`,
      { names: JSON.stringify(names) },
    )
    for (const row of rows) found.add(row.pid)
    if (type !== 'Patient' || columns.length === 0) continue
    const values = columns.map((column) => `"${column}"`).join(', ')
    const differing = await session.all<{ pid: number }>(
      `SELECT pid FROM ${typedTableName(type)} WHERE pid IS NOT NULL GROUP BY pid HAVING count(DISTINCT row(${values})) > 1`,
    )
    for (const row of differing) found.add(row.pid)
  }
  return [...found].sort((a, b) => a - b)
}
