import type { Session } from '../duck/index.ts'
import { type Field, type FieldOption, markedFields, typedFields } from '../fhir/index.ts'
import { readUnits } from './typed-units.ts'
import { readValueFacts, type StoredValueFacts } from './typed-values.ts'

/** What the stored resources of a type have in common, as far as their table tells. */
export interface TypedFacts {
  /** No resource of the type is there. */
  readonly isEmpty: boolean
  /** The elements that have columns which represent them in every resource. */
  readonly whole: ReadonlySet<string>
  /**
   * Those that have columns which do not represent them in the resources of some persons: what is said of their parts and
   * values is said of all others.
   */
  readonly partial: ReadonlySet<string>
  /**
   * JSON paths of such elements that no resource fills, as `abatementAge`, `hospitalization.dischargeDisposition` or
   * `component.valueRange`.
   */
  readonly unfilled: ReadonlySet<string>
  /** The concepts that stand in a column, by column. */
  readonly concepts: ReadonlyMap<string, ReadonlySet<number>>
  /** What values have in common, by column. */
  readonly values: ReadonlyMap<string, StoredValueFacts>
  /** Units that quantities have, by column, the most common first; not all where they are many. */
  readonly units: ReadonlyMap<string, readonly string[]>
  /** The lists of profiles that resources name, each once; absent where they are too many to be told. */
  readonly profiles?: readonly (readonly string[])[]
}

/** Lists of profiles beyond which they are not told. */
export const mostProfiles = 100

/** What the rows of a relation have in common: all of a type's table, with these columns, or some of it. */
export async function readFacts(
  session: Session,
  type: string,
  columns: ReadonlySet<string>,
  table: string,
): Promise<TypedFacts> {
  const held = (typedFields(type) ?? []).filter((field) => columnsOf(field).every((column) => columns.has(column)))
  const odd = await session.all<OddElement>(
    `SELECT name, bool_or(pid IS NULL) AS unowned FROM (SELECT pid, unnest(irregular) AS name FROM ${table}) GROUP BY name`,
  )
  const told = held.filter(({ name }) => !odd.some((one) => isUntold(one, name)))
  const partial = new Set(told.map(({ name }) => name).filter((name) => odd.some((one) => one.name === name)))
  const unfilled = new Set<string>()
  const values = new Map<string, StoredValueFacts>()
  const concepts = new Map<string, ReadonlySet<number>>()
  const note = async (fields: readonly Field[], from: string): Promise<void> => {
    for (const path of await unfilledPaths(session, fields, from)) unfilled.add(path)
    for (const [column, facts] of await readValueFacts(session, from, fields)) values.set(column, facts)
    for (const [column, found] of await readConcepts(session, fields, from)) concepts.set(column, found)
  }
  await note(
    told.filter(({ name }) => !partial.has(name)),
    table,
  )
  for (const field of told.filter(({ name }) => partial.has(name)))
    await note([field], `(SELECT * FROM ${table} WHERE NOT coalesce(list_contains(irregular, '${field.name}'), false))`)
  const some = await session.first<{ some: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${table}) AS some`)
  const profiles = await session.all<{ named: readonly string[] }>(
    `SELECT DISTINCT coalesce(profile, []) AS named FROM ${table} LIMIT ${mostProfiles + 1}`,
  )
  const units = await readUnits(session, table, markedFields(told, { empty: unfilled }))
  return {
    isEmpty: some?.some === false,
    values,
    concepts,
    whole: new Set(told.map(({ name }) => name).filter((name) => !partial.has(name))),
    partial,
    unfilled,
    units,
    ...(profiles.length > mostProfiles ? {} : { profiles: profiles.map(({ named }) => named) }),
  }
}

/** An element that columns do not represent in some resource, and whether such a one is of no patient. */
interface OddElement {
  readonly name: string
  readonly unowned: boolean
}

/**
 * Whoever has a resource that columns do not represent is evaluated from raw. Of an element of a resource of no patient it cannot
 * be told whose it is: nothing is said of it.
 */
const isUntold = (odd: OddElement, name: string): boolean => odd.unowned && odd.name === name

/** The concepts of columns that hold some. */
async function readConcepts(
  session: Session,
  fields: readonly Field[],
  from: string,
): Promise<readonly (readonly [column: string, concepts: ReadonlySet<number>])[]> {
  const found: [string, ReadonlySet<number>][] = []
  for (const { repeats, options } of fields)
    for (const { key } of options.filter(isCoded)) {
      const cid = repeats ? `unnest("${key}")` : `"${key}"`
      const rows = await session.all<{ cid: number | null }>(`SELECT DISTINCT ${cid} AS cid FROM ${from}`)
      found.push([key, new Set(rows.flatMap((row) => (row.cid === null ? [] : [row.cid])))])
    }
  return found
}

const isCoded = ({ shape }: FieldOption): boolean => shape.kind === 'concept' || shape.kind === 'coding'

async function unfilledPaths(session: Session, fields: readonly Field[], from: string): Promise<readonly string[]> {
  const paths = fields.flatMap((field) => testsOf(field))
  // The first row that has a value answers, and where none has the statistics of the column do: counting reads all of it.
  const tests = paths.map(({ condition }) => `EXISTS (SELECT 1 FROM ${from} WHERE ${condition})`)
  const found = await session.first<{ filled: readonly boolean[] }>(`SELECT [${tests.join(', ')}]::BOOLEAN[] AS filled`)
  const unfilled = paths.filter((_, index) => found?.filled[index] === false).map(({ path }) => path)
  for (const field of fields)
    unfilled.push(...(await unfilledItems(session, { field, list: `"${field.name}"`, from, path: '' })))
  return unfilled
}

/** The rows of a list: `list` is its text over `from`. */
interface Items {
  readonly field: Field
  readonly list: string
  readonly from: string
  readonly path: string
}

/** What no item of a list of structures has, nor any of the lists in them. */
async function unfilledItems(session: Session, { field, list, from, path }: Items): Promise<string[]> {
  const [option] = field.options
  if (!field.repeats || option?.shape.kind !== 'structure') return []
  const at = `${path}${option.key}.`
  const items = `(SELECT unnest(${list}) AS e FROM ${from})`
  const paths = option.shape.fields.flatMap((inner) => testsOf(inner, at, 'e.'))
  const found = await session.first<{ filled: readonly (boolean | null)[] }>(
    `SELECT [${paths.map(({ condition }) => `bool_or(${condition})`).join(', ')}]::BOOLEAN[] AS filled FROM ${items}`,
  )
  const unfilled = new Set(paths.flatMap((one, index) => (found?.filled[index] === true ? [] : [one.path])))
  for (const inner of option.shape.fields) {
    const own = { field: inner, list: `e."${inner.name}"`, from: items, path: at }
    if (!unfilled.has(`${at}${inner.name}`)) for (const one of await unfilledItems(session, own)) unfilled.add(one)
  }
  return [...unfilled]
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
