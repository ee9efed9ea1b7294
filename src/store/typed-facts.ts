import type { Session } from '../duck/index.ts'
import { type Field, typedFields, typedResourceTypes } from '../fhir/index.ts'
import { typedTableName } from './typed-table.ts'
import { readValueFacts, type StoredValueFacts } from './typed-values.ts'

/** What the stored resources of a type have in common, as far as their table tells. */
export interface TypedFacts {
  /** No resource of the type is there. */
  readonly isEmpty: boolean
  /** The elements that have columns which represent them in every resource. */
  readonly whole: ReadonlySet<string>
  /**
   * JSON paths of such elements that no resource fills, as `abatementAge` or `hospitalization.dischargeDisposition`;
   * what lies within lists is not among them.
   */
  readonly unfilled: ReadonlySet<string>
  /** What values have in common, by column, of elements that have columns which represent them in every resource. */
  readonly values: ReadonlyMap<string, StoredValueFacts>
  /** The lists of profiles that resources name, each once; absent where they are too many to be told. */
  readonly profiles?: readonly (readonly string[])[]
}

/** Lists of profiles beyond which they are not told. */
const mostProfiles = 100

/** The facts of each type that has a table. */
export async function readTypedFacts(session: Session): Promise<ReadonlyMap<string, TypedFacts>> {
  const rows = await session.all<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, list(column_name) AS columns FROM duckdb_columns()
     WHERE starts_with(table_name, 'typed_') GROUP BY table_name`,
  )
  const tables = new Map(rows.map((row) => [row.name, new Set(row.columns)]))
  const facts = new Map<string, TypedFacts>()
  for (const type of typedResourceTypes) {
    const columns = tables.get(typedTableName(type))
    if (columns !== undefined) facts.set(type, await factsOf(session, type, columns))
  }
  return facts
}

async function factsOf(session: Session, type: string, columns: ReadonlySet<string>): Promise<TypedFacts> {
  const held = (typedFields(type) ?? []).filter((field) => columnsOf(field).every((column) => columns.has(column)))
  const paths = held.flatMap((field) => countsOf(field).map((count) => ({ ...count, element: field.name })))
  const found = await session.first<{ rows: number; counts: readonly number[] }>(
    `SELECT count(*)::DOUBLE AS rows, [${paths.map(({ sql }) => `(${sql})::DOUBLE`).join(', ')}]::DOUBLE[] AS counts
     FROM ${typedTableName(type)}`,
  )
  const oddNames = await session.all<{ name: string }>(
    `SELECT DISTINCT unnest(irregular) AS name FROM ${typedTableName(type)}`,
  )
  const odd = new Set(oddNames.map(({ name }) => name.replace(/^_/, '')))
  const whole = new Set(held.map((field) => field.name).filter((name) => !odd.has(name)))
  const unfilled = paths.filter(({ element }, index) => found?.counts[index] === 0 && whole.has(element))
  const profiles = await session.all<{ named: readonly string[] }>(
    `SELECT DISTINCT coalesce(profile, []) AS named FROM ${typedTableName(type)} LIMIT ${mostProfiles + 1}`,
  )
  const values = await readValueFacts(
    session,
    typedTableName(type),
    held.filter(({ name }) => whole.has(name)),
  )
  return {
    isEmpty: found?.rows === 0,
    values,
    whole,
    unfilled: new Set(unfilled.map(({ path }) => path)),
    ...(profiles.length > mostProfiles ? {} : { profiles: profiles.map(({ named }) => named) }),
  }
}

interface PathCount {
  readonly path: string
  /** An aggregate: in how many rows the path has a value. */
  readonly sql: string
}

function columnsOf(field: Field): string[] {
  const held = field.options.filter(({ shape }) => shape.kind !== 'opaque').map(({ key }) => key)
  return field.choice ? [`${field.name}_kind`, ...held] : held
}

function countsOf(field: Field, path = '', value = ''): PathCount[] {
  return field.options.flatMap(({ key, type, shape }) => {
    const at = `${path}${key}`
    const column = `${value}"${key}"`
    if (shape.kind === 'opaque')
      return field.choice ? [{ path: at, sql: `count_if(${value}"${field.name}_kind" = '${type}')` }] : []
    const own = { path: at, sql: `count(${column})` }
    if (shape.kind !== 'structure' || field.repeats) return [own]
    return [own, ...shape.fields.flatMap((inner) => countsOf(inner, `${at}.`, `(${column}).`))]
  })
}
