import type { Session } from '../duck/index.ts'
import { typedResourceTypes } from '../fhir/index.ts'
import { readFacts, type TypedFacts } from './typed-facts.ts'
import { mergeFacts } from './typed-facts-merge.ts'
import { typedTableName } from './typed-table.ts'

/** Where more than this share of a table's rows came since all were read, they are read again: what went may have been what others lack. */
const mostChanged = 0.2

interface Kept {
  readonly type: string
  readonly hash: string
  readonly seq: number
  readonly rows: number
  readonly changed: number
  readonly facts: string
}

/** What a table is made of now. */
interface State {
  readonly type: string
  readonly hash: string
  readonly seq: number
}

/**
 * The facts of each type that has a table. They are kept with the tables: of one that was changed since, the rows that came are read, and
 * what is told holds of all rows that there ever were since all were read.
 */
export async function readTypedFacts(session: Session): Promise<ReadonlyMap<string, TypedFacts>> {
  const tables = await session.all<{ name: string; columns: string[]; rows: number }>(
    `SELECT t.table_name AS name, (SELECT list(column_name) FROM duckdb_columns() c WHERE c.table_oid = t.table_oid
         AND c.database_oid = t.database_oid) AS columns, t.estimated_size::DOUBLE AS rows
     FROM duckdb_tables() t WHERE starts_with(t.table_name, 'typed_') AND t.database_name = current_database()`,
  )
  const states = await session.all<State>('SELECT type, shape_hash AS hash, derived_seq AS seq FROM typed_state')
  const kept = await session.all<Kept>(
    'SELECT type, shape_hash AS hash, derived_seq AS seq, rows, changed, facts FROM typed_facts',
  )
  const since = await cameSince(session, kept, states)
  const found = new Map<string, TypedFacts>()
  for (const type of typedResourceTypes) {
    const table = tables.find(({ name }) => name === typedTableName(type))
    if (table === undefined) continue
    const state = states.find((one) => one.type === type)
    const held = kept.find((one) => one.type === type && one.hash === state?.hash)
    found.set(type, await factsNow(session, { type, table, state, held, came: since.get(type) ?? 0 }))
  }
  return found
}

const cameTable = 'temp.typed_came'

/** Makes `temp.typed_came (type, rid)`, what changed since the facts of its type were kept; how many of each type. */
async function cameSince(
  session: Session,
  kept: readonly Kept[],
  states: readonly State[],
): Promise<ReadonlyMap<string, number>> {
  const behind = kept.filter(({ type, seq }) => states.some((state) => state.type === type && state.seq !== seq))
  if (behind.length === 0) return new Map()
  const since = behind.map(({ type, seq }) => `('${type}', ${seq})`).join(', ')
  // Written out: only so does DuckDB prune.
  const least = Math.min(...behind.map(({ seq }) => seq))
  await session.run(
    `CREATE OR REPLACE TEMP TABLE typed_came AS SELECT c.type, c.rid FROM resource_current c
     JOIN (VALUES ${since}) s(type, since) ON s.type = c.type AND c.changed_seq > s.since WHERE c.changed_seq > ${least}`,
  )
  const rows = await session.all<{ type: string; n: number }>(
    `SELECT type, count(*)::DOUBLE AS n FROM ${cameTable} GROUP BY type`,
  )
  return new Map(rows.map(({ type, n }) => [type, n]))
}

async function factsNow(
  session: Session,
  {
    type,
    table,
    state,
    held,
    came,
  }: {
    readonly type: string
    readonly table: { readonly name: string; readonly columns: readonly string[]; readonly rows: number }
    readonly state: State | undefined
    readonly held: Kept | undefined
    readonly came: number
  },
): Promise<TypedFacts> {
  const columns = new Set(table.columns)
  const isKept = held !== undefined && held.seq <= (state?.seq ?? -1) && held.changed + came <= table.rows * mostChanged
  if (isKept && came === 0 && held.seq === state?.seq) return factsOf(held.facts)
  const changed = isKept ? held.changed + came : 0
  const facts = isKept
    ? await withCame(session, type, columns, factsOf(held.facts))
    : await readFacts(session, type, columns, table.name)
  // Of a table that is to be built anew nothing is kept.
  if (state !== undefined)
    await session.run(
      `INSERT OR REPLACE INTO typed_facts VALUES ($type, $hash, $seq, $rows::INTEGER, $changed::INTEGER, $facts)`,
      { ...state, rows: table.rows, changed, facts: textOf(facts) },
    )
  return facts
}

async function withCame(
  session: Session,
  type: string,
  columns: ReadonlySet<string>,
  facts: TypedFacts,
): Promise<TypedFacts> {
  const rows = 'temp.typed_came_row'
  const table = typedTableName(type)
  // Found by one column and then gone to: they are the last of the table, and a scan of all columns would read all others with them.
  await session.run(
    `CREATE OR REPLACE TEMP TABLE typed_came_row AS SELECT * FROM ${table}
     WHERE rowid IN (SELECT rowid FROM ${table} WHERE rid IN (SELECT rid FROM ${cameTable} WHERE type = '${type}'))`,
  )
  try {
    const came = await readFacts(session, type, columns, rows)
    return came.isEmpty ? facts : mergeFacts(type, facts, came)
  } finally {
    await session.run(`DROP TABLE ${rows}`)
  }
}

/** In the transaction that puts another table in the place of a type's. */
export async function forgetFacts(session: Session, type: string): Promise<void> {
  await session.run('DELETE FROM typed_facts WHERE type = $type', { type })
}

function textOf({ whole, partial, unfilled, concepts, values, units, ...more }: TypedFacts): string {
  return JSON.stringify({
    ...more,
    whole: [...whole],
    partial: [...partial],
    unfilled: [...unfilled],
    concepts: [...concepts].map(([column, of]) => [column, [...of]]),
    values: [...values],
    units: [...units],
  })
}

function factsOf(text: string): TypedFacts {
  const { whole, partial, unfilled, concepts, values, units, ...more } = JSON.parse(text) as Pick<
    TypedFacts,
    'isEmpty' | 'profiles'
  > & {
    readonly whole: readonly string[]
    readonly partial: readonly string[]
    readonly unfilled: readonly string[]
    readonly concepts: readonly (readonly [string, readonly number[]])[]
    readonly values: readonly (readonly [string, never])[]
    readonly units: readonly (readonly [string, readonly string[]])[]
  }
  return {
    ...more,
    whole: new Set(whole),
    partial: new Set(partial),
    unfilled: new Set(unfilled),
    concepts: new Map(concepts.map(([column, of]) => [column, new Set(of)])),
    values: new Map(values),
    units: new Map(units),
  }
}
