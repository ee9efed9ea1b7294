import { groupBy } from '../base/index.ts'
import { type Session, textLiteral } from '../duck/index.ts'
import { typedFields } from '../fhir/index.ts'
import { typedTableName } from './typed-table.ts'

/** Facts that some logic retrieves: resources of a type, of all codes or of some. */
export interface FactsAsked {
  readonly type: string
  readonly coded?: {
    /** The element that holds the code. */
    readonly path: string
    /** The concepts of the store that have one of the codes. */
    readonly cids: readonly number[]
  }
}

/** How many such facts one source holds, and of how many people who count. */
export interface FactsHeld {
  readonly source: string
  readonly resources: number
  readonly persons: number
  /** Resources whose code the columns cannot show: they may be such facts too. */
  readonly unread: number
}

/**
 * For each kind, what every source that has any holds of it; undefined where no typed table tells. It counts in the typed tables, so
 * it is of the data that the last evaluation by SQL read. Give a session that nobody else uses.
 */
export async function countFacts(
  session: Session,
  kinds: readonly FactsAsked[],
): Promise<readonly (readonly FactsHeld[] | undefined)[]> {
  const tables = await typedColumns(session)
  const stored = new Set(
    (await session.all<{ type: string }>('SELECT DISTINCT type FROM resource_current WHERE NOT deleted')).map(
      ({ type }) => type,
    ),
  )
  const held = kinds.map((kind): FactsHeld[] | undefined => {
    if (!stored.has(kind.type) || kind.coded === undefined) return []
    const columns = tables.get(typedTableName(kind.type))
    return columns === undefined || codeColumns(kind.type, kind.coded.path, columns) === undefined ? undefined : []
  })
  const rows = kinds.flatMap(({ type, coded }, kind) =>
    held[kind] === undefined || !stored.has(type) ? [] : [{ kind, type, path: coded?.path ?? '', cids: coded?.cids }],
  )
  await session.run('CREATE OR REPLACE TEMP TABLE fact_person AS FROM population')
  for (const [, alike] of groupBy(rows, ({ type, path }) => `${type} ${path}`)) {
    const [first] = alike
    if (first === undefined) continue
    const table = tables.get(typedTableName(first.type))
    const columns = codeColumns(first.type, first.path, table ?? new Set())
    await session.run(
      `CREATE OR REPLACE TEMP TABLE fact_cid AS SELECT unnest(from_json($rows::JSON, '[{"kind":"INTEGER","cid":"INTEGER"}]'), recursive := true)`,
      { rows: JSON.stringify(alike.flatMap(({ kind, cids = [] }) => cids.map((cid) => ({ kind, cid })))) },
    )
    const sql =
      columns === undefined
        ? ofTypeSql(table === undefined ? rawOf(first.type) : typedTableName(first.type))
        : ofCodesSql(first.type, first.path, columns)
    for (const { kind, ...row } of await session.all<FactsHeld & { kind: number | null }>(sql))
      for (const one of kind === null ? alike : [{ kind }]) held[one.kind]?.push(row)
  }
  await session.run('DROP TABLE temp.fact_person')
  await session.run('DROP TABLE IF EXISTS temp.fact_cid')
  return held.map(merged)
}

/** A source has a row of what was found, and one of what could not be read. */
function merged(rows: readonly FactsHeld[] | undefined): readonly FactsHeld[] | undefined {
  if (rows === undefined) return undefined
  const bySource = groupBy(rows, ({ source }) => source)
  return [...bySource].map(([source, of]) => ({
    source,
    resources: of.reduce((sum, row) => sum + row.resources, 0),
    persons: of.reduce((sum, row) => sum + row.persons, 0),
    unread: of.reduce((sum, row) => sum + row.unread, 0),
  }))
}

async function typedColumns(session: Session): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await session.all<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, list(column_name) AS columns FROM duckdb_columns()
     WHERE starts_with(table_name, 'typed_') AND database_name = current_database() GROUP BY table_name`,
  )
  return new Map(rows.map(({ name, columns }) => [name, new Set(columns)]))
}

interface CodeColumns {
  readonly names: readonly string[]
  readonly repeats: boolean
}

/** The columns of an element's codes; undefined where the table has none of it, or the element is no code. */
function codeColumns(type: string, path: string, present: ReadonlySet<string>): CodeColumns | undefined {
  const field = typedFields(type)?.find(({ name }) => name === path)
  const names = (field?.options ?? [])
    .filter(({ shape }) => shape.kind === 'concept' || shape.kind === 'coding')
    .map(({ key }) => key)
  if (field === undefined || names.length === 0 || !names.every((name) => present.has(name))) return undefined
  return { names, repeats: field.repeats }
}

const personsSql = 'count(DISTINCT t.pid) FILTER (t.pid IN (SELECT pid FROM temp.fact_person))::INTEGER AS persons'

/** Of a type that no evaluation by SQL reads (a payer for a report alone, say) there is no typed table. */
const rawOf = (type: string): string =>
  `(SELECT c.source_id, coalesce(p.pid, p.spid) AS pid FROM resource_current c LEFT JOIN source_patient p ON p.spid = c.spid
    WHERE c.type = ${textLiteral(type)} AND NOT c.deleted)`

const ofTypeSql = (from: string): string =>
  `SELECT NULL::INTEGER AS kind, s.name AS source, count(*)::DOUBLE AS resources, ${personsSql}, 0::DOUBLE AS unread
   FROM ${from} t JOIN source s USING (source_id) GROUP BY ALL ORDER BY s.name`

function ofCodesSql(type: string, path: string, { names, repeats }: CodeColumns): string {
  const columns = names.map((name) => `"${name}"`)
  const cid = repeats ? `unnest(${columns.join(' || ')})` : `coalesce(${columns.join(', ')})`
  return `WITH coded AS (SELECT rid, pid, source_id, ${cid} AS cid FROM ${typedTableName(type)}),
     t AS (SELECT ${repeats ? 'DISTINCT' : ''} k.kind, c.rid, c.pid, c.source_id FROM coded c JOIN temp.fact_cid k USING (cid))
   SELECT t.kind, s.name AS source, count(*)::DOUBLE AS resources, ${personsSql}, 0::DOUBLE AS unread
   FROM t JOIN source s USING (source_id) GROUP BY ALL
   UNION ALL
   SELECT NULL, s.name, 0, 0, count(*)::DOUBLE FROM ${typedTableName(type)} t JOIN source s USING (source_id)
   WHERE list_has_any(t.irregular, [${textLiteral(path)}, ${textLiteral(`_${path}`)}]) GROUP BY ALL
   ORDER BY 1, 2`
}

/** What measures' facts are counted over: the run that is shown, and the tables that it read; undefined before the first run. */
export async function readFactsState(session: Session): Promise<{ runId: number; tables: string } | undefined> {
  return session.first<{ runId: number; tables: string }>(
    `SELECT r.run_id AS "runId", coalesce((SELECT string_agg(type || ' ' || shape_hash || ' ' || derived_seq, ',' ORDER BY type)
       FROM typed_state), '') AS tables
     FROM run r WHERE r.state = 'published' ORDER BY r.run_id DESC LIMIT 1`,
  )
}

/** What was counted last, as JSON text, with the state that it is of. */
export function readMeasureFacts(session: Session): Promise<{ state: string; found: string } | undefined> {
  return session.first<{ state: string; found: string }>('SELECT state, found::VARCHAR AS found FROM measure_facts')
}

/** Keeps what was counted in the place of what was before. */
export async function replaceMeasureFacts(
  session: Session,
  row: { readonly state: string; readonly runId: number; readonly found: string },
): Promise<void> {
  await session.transaction(async () => {
    await session.run('DELETE FROM measure_facts')
    await session.run('INSERT INTO measure_facts VALUES ($state, $runId, $found::JSON)', row)
  })
}

/** How many people who count each source knows, in order of its name. */
export function readPersonsOfSources(session: Session): Promise<{ source: string; persons: number }[]> {
  return session.all(
    `SELECT s.name AS source, count(DISTINCT q.pid)::INTEGER AS persons
     FROM source s LEFT JOIN source_patient p USING (source_id)
     LEFT JOIN population q ON q.pid = coalesce(p.pid, p.spid) GROUP BY s.name ORDER BY s.name`,
  )
}
