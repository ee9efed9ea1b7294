import type { Session } from '../duck/index.ts'
import { typedResourceTypes } from '../fhir/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'
import type { AskedElements } from './typed-element.ts'
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
  /**
   * The resources that may say of which value set nothing was done (QI-Core's `notDoneValueSet`), as evaluation reads them, with
   * references resolved and codes mapped: (`rid`, `raw`).
   */
  readonly notDone: string
  /** The typed table of each resource type; it is there, with the columns that are read, once `holdElements` made it so. */
  readonly typed: ReadonlyMap<string, string>
}

/** What each is called in every session. */
export const setTables: SetTables = {
  persons: 'set_person',
  codings: 'set_coding',
  notDone: 'set_not_done',
  typed: new Map(typedResourceTypes.map((type) => [type, typedTableName(type)])),
}

/**
 * Makes the session's own of them, without the persons: the codings and the lines that tell negations. Codings are those of
 * now: call it when all that is read is held.
 */
export async function prepareSetTables(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${setTables.codings} AS
     SELECT t.cid, list(struct_pack(code := d.code, "system" := d.system, "version" := d.version, display := d.display)
       ORDER BY t.coding_id) AS codings
     FROM (SELECT cid, unnest(coding_ids) AS coding_id FROM concept) t JOIN coding d USING (coding_id) GROUP BY t.cid`,
  )
  await session.run(`CREATE OR REPLACE TEMP VIEW ${setTables.notDone} AS ${notDoneSql}`)
}

/** Lines that name the extension, or may: JSON can spell a letter as `\u006e`, and spells other signs so often. */
const notDoneSql = `
  SELECT l.rid, coalesce(m.raw, ${resolvedText}) AS raw
  FROM (SELECT rid, hash, raw FROM raw_line WHERE contains(raw, 'notDoneValueSet')
    OR (contains(raw, '\\u') AND regexp_matches(raw, '\\\\u00[4-7]'))) l
  JOIN resource_current c ON c.rid = l.rid AND c.hash = l.hash AND NOT c.deleted
  ${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash`

/** Finds these lines once for whoever reads them again and again: it takes a look at every line. */
export async function holdNotDone(session: Session): Promise<void> {
  await session.run(`CREATE OR REPLACE TEMP TABLE held_not_done AS ${notDoneSql}`)
  await session.run(`CREATE OR REPLACE TEMP VIEW ${setTables.notDone} AS SELECT rid, raw FROM held_not_done`)
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

/**
 * Persons with a resource whose columns cannot show an element that is read, each with the first such element: they are
 * evaluated from raw.
 */
export async function findIrregularPersons(
  session: Session,
  reads: readonly AskedElements[],
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>()
  for (const { type, elements } of reads) {
    const rows = await session.all<{ pid: number; element: string }>(
      `SELECT pid, min(shown) AS element FROM (
         SELECT pid, unnest(list_intersect(irregular, from_json($names::JSON, '["VARCHAR"]'))) AS shown
         FROM ${typedTableName(type)} WHERE pid IS NOT NULL AND irregular IS NOT NULL)
       GROUP BY pid`,
      { names: JSON.stringify(elements) },
    )
    for (const { pid, element } of rows)
      if (!found.has(pid)) found.set(pid, `${type}.${element} in a form that no column shows`)
  }
  return found
}
