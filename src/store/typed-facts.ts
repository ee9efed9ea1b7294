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
  const paths = held.flatMap((field) => testsOf(field).map((test) => ({ ...test, element: field.name })))
  const table = typedTableName(type)
  const isThere = (condition: string): string => `EXISTS (SELECT 1 FROM ${table} WHERE ${condition})`
  // The first row that has a value answers, and where none has the statistics of the column do: counting reads all of it.
  const found = await session.first<{ some: boolean; filled: readonly boolean[] }>(
    `SELECT ${isThere('true')} AS some, [${paths.map(({ condition }) => isThere(condition)).join(', ')}]::BOOLEAN[] AS filled`,
  )
  const oddNames = await session.all<{ name: string }>(`SELECT DISTINCT unnest(irregular) AS name FROM ${table}`)
  const odd = new Set(oddNames.map(({ name }) => name.replace(/^_/, '')))
  const whole = new Set(held.map((field) => field.name).filter((name) => !odd.has(name)))
  const unfilled = paths.filter(({ element }, index) => found?.filled[index] === false && whole.has(element))
  const profiles = await session.all<{ named: readonly string[] }>(
    `SELECT DISTINCT coalesce(profile, []) AS named FROM ${table} LIMIT ${mostProfiles + 1}`,
  )
  const values = await readValueFacts(
    session,
    table,
    held.filter(({ name }) => whole.has(name)),
  )
  return {
    isEmpty: found?.some === false,
    values,
    whole,
    unfilled: new Set(unfilled.map(({ path }) => path)),
    ...(profiles.length > mostProfiles ? {} : { profiles: profiles.map(({ named }) => named) }),
  }
}

interface PathTest {
  readonly path: string
  /** Of a row: does the path have a value? */
  readonly condition: string
}

function columnsOf(field: Field): string[] {
  const held = field.options.filter(({ shape }) => shape.kind !== 'opaque').map(({ key }) => key)
  return field.choice ? [`${field.name}_kind`, ...held] : held
}

function testsOf(field: Field, path = '', value = ''): PathTest[] {
  return field.options.flatMap(({ key, type, shape }) => {
    const at = `${path}${key}`
    const column = `${value}"${key}"`
    if (shape.kind === 'opaque')
      return field.choice ? [{ path: at, condition: `${value}"${field.name}_kind" = '${type}'` }] : []
    const own = { path: at, condition: `${column} IS NOT NULL` }
    if (shape.kind !== 'structure' || field.repeats) return [own]
    return [own, ...shape.fields.flatMap((inner) => testsOf(inner, `${at}.`, `(${column}).`))]
  })
}
