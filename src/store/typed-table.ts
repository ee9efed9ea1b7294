import { contentHash } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import type { Field } from '../fhir/index.ts'
import type { ConceptDictionary } from './concept-dictionary.ts'
import { recentLines } from './derived-state.ts'
import { resolvedJoin } from './resolved-line.ts'
import { columnTypes } from './typed-column-type.ts'
import { filledFields, filledParts } from './typed-filled.ts'
import { exactIrregularSql, hiddenSql, listKeys, oddPartsSql, oddSql, wrongSql } from './typed-irregular.ts'
import { codingTexts, fieldColumns, holdsParts, jsonStructure } from './typed-value.ts'

/** Changes in the way values become columns, beyond what the fields say: raise it to have all tables rebuilt. */
const derivationVersion = 3

/** The name of a type's table. */
export const typedTableName = (type: string): string => `typed_${type.toLowerCase()}`

/** Which resources of a type: those that lie together, or those that were looked up (`lookUpLines`), wherever they lie. */
export type LinesToShred =
  | {
      readonly kind: 'range'
      /** SQL over `c` (resource_current) and `l` (raw_line). */
      readonly condition: string
    }
  | { readonly kind: 'looked up' }
  | {
      /** Made of several lines, in a table of `pid`, `spid`, `rid`, `source_id`, `id` and `raw`: all that names a resource is qualified. */
      readonly kind: 'merged'
      readonly table: string
    }

/** Whose text takes the place of the line's own anywhere in the store; where no line has such, it is not looked for. */
export interface TextLayers {
  readonly resolved: boolean
  readonly mapped: boolean
}

/** A chunk as text columns. */
export interface Shredded {
  readonly table: string
  /** The fields, with a mark on what no resource of the chunk fills. */
  readonly fields: readonly Field[]
  /** Lists of structures, by the table of the rows that have one: expressions over lists cost by the vector, not by the row. */
  readonly apart: ReadonlyMap<string, string>
  /** References name their source already. */
  readonly isQualified: boolean
  /** The table of rows that columns cannot represent, where there are any: `k_rid`, `names`. */
  readonly irregular: string | undefined
}

const fromLines = 'resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash'
const lookedUp = 'temp.shred_line c JOIN raw_line l ON l.rowid = c.line_row'

/**
 * Looks up a few resources of any type by a condition on `c` (resource_current), to be shredded in the same transaction: a
 * join of them with all lines would read all of their text. `isRecent` where all of them were looked up before.
 */
export async function lookUpLines(session: Session, condition: string, isRecent = false): Promise<void> {
  const lines = isRecent
    ? `SELECT * FROM ${recentLines} c WHERE NOT c.deleted AND (${condition})`
    : linesWhere(condition)
  await session.run(`CREATE OR REPLACE TEMP TABLE shred_line AS ${lines}`)
}

const linesWhere = (condition: string): string =>
  `SELECT c.*, l.rowid AS line_row FROM ${fromLines} WHERE NOT c.deleted AND (${condition})`

/** The columns that every typed table has. */
const commonColumns =
  'pid INTEGER, spid INTEGER, rid BIGINT, source_id SMALLINT, id VARCHAR, profile VARCHAR[], irregular VARCHAR[]'

/**
 * The statements that make one type's typed table, chunk by chunk: `shred` reads raw lines into a table of text columns
 * (in the in-memory database `scratch`, which every session sees), `write` makes typed rows of that.
 */
export class TypedTable {
  readonly type: string
  readonly name: string
  /** Names the columns: another hash means that the table must be built anew. */
  readonly hash: string
  readonly #fields: readonly Field[]
  readonly #layers: TextLayers

  constructor(type: string, fields: readonly Field[], layers: TextLayers) {
    this.type = type
    this.name = typedTableName(type)
    this.hash = contentHash(String(derivationVersion), JSON.stringify(fields))
    this.#fields = fields
    this.#layers = layers
  }

  /** Makes the table, without rows, under this name. */
  async create(session: Session, name: string): Promise<void> {
    const columns = columnTypes(this.#fields).map(([column, type]) => `"${column}" ${type}`)
    await session.run(`CREATE TABLE ${name} (${[commonColumns, ...columns].join(', ')})`)
  }

  /**
   * The JSON keys that have columns, as text, with what the columns will not be able to show. Each key is a column of
   * its own at once: DuckDB is slow at expressions over one wide structure.
   */
  async shred(session: Session, into: string, lines: LinesToShred): Promise<Shredded> {
    const shredded = await this.#shredLines(session, into, lines)
    const [fields, parted] = await filledFields(session, this.#fields, into)
    const apart = new Map<string, string>()
    const marked: Field[] = []
    for (const field of fields)
      marked.push(parted.has(field.name) ? await setApart(session, field, into, apart) : field)
    const whole = { ...shredded, fields: marked, apart, isQualified: lines.kind === 'merged' }
    // What a merged resource cannot show by columns, the one that it has it of cannot.
    const irregular = lines.kind === 'merged' ? undefined : await this.#findIrregular(session, whole, lines)
    return { ...whole, irregular }
  }

  async #shredLines(session: Session, into: string, lines: LinesToShred): Promise<{ readonly table: string }> {
    await session.run(
      `CREATE OR REPLACE TABLE ${into} AS
       SELECT r.* EXCLUDE (k_raw, k_kinds), ${wrongSql(this.#fields)} AS k_odd FROM (${this.#linesToShred(lines)}) r`,
    )
    return { table: into }
  }

  #linesToShred(lines: LinesToShred): string {
    if (lines.kind === 'merged') return this.#readMerged(lines.table)
    return lines.kind === 'range'
      ? this.#readRaw(fromLines, lines.condition, false)
      : this.#readRaw(lookedUp, 'true', false)
  }

  async #findIrregular(
    session: Session,
    { table, fields, apart }: Omit<Shredded, 'irregular'>,
    lines: LinesToShred,
  ): Promise<string | undefined> {
    const odd = oddSql(fields)
    const found = [
      `SELECT k_rid FROM ${table} r WHERE k_odd${odd === undefined ? '' : ` OR ${odd}`}`,
      ...fields.filter(holdsParts).flatMap((field) => {
        const part = apart.get(field.name)
        const oddParts = oddPartsSql(field)
        return part === undefined || oddParts === undefined ? [] : [`SELECT k_rid FROM ${part} r WHERE ${oddParts}`]
      }),
    ]
    await session.run(`CREATE OR REPLACE TABLE ${table}_odd AS ${found.join(' UNION ')}`)
    const some = await session.first(`SELECT k_rid FROM ${table}_odd LIMIT 1`)
    if (some === undefined) return undefined
    const irregular = `${table}_irregular`
    const isOdd = `c.rid IN (SELECT k_rid FROM ${table}_odd)`
    const judge = (from: string, condition: string) =>
      session.run(
        `CREATE OR REPLACE TABLE ${irregular} AS SELECT k_rid, ${exactIrregularSql(fields)} AS names
         FROM (SELECT *, ${hiddenSql()} AS k_hidden FROM (${this.#readRaw(from, condition, true)})) r`,
      )
    if (lines.kind === 'looked up') await judge(lookedUp, isOdd)
    else
      await session.transaction(async () => {
        await session.run(
          `CREATE OR REPLACE TEMP TABLE odd_line AS ${linesWhere(`c.type = '${this.type}' AND ${isOdd}`)}`,
        )
        await judge('temp.odd_line c JOIN raw_line l ON l.rowid = c.line_row', 'true')
        await session.run('DROP TABLE temp.odd_line')
      })
    return irregular
  }

  /** Typed rows of a shredded chunk whose concepts are known, into a table that is there; how many. In a transaction. */
  async write(
    session: Session,
    dictionary: ConceptDictionary,
    shredded: Shredded,
    { into, sorts }: WrittenTo,
  ): Promise<number> {
    await dictionary.bind(session)
    const order = sorts ? await orderOf(session, shredded.table) : ''
    return session.run(`INSERT INTO ${into} ${selectRows(shredded)} ${order}`)
  }

  /**
   * SQL of each key as a column, from its structure `s`; and of a text its structure and the kinds of its lists. Lists of
   * structures are text or, where it is to be exact, as they are.
   */
  #keysOf(text: string, exact: boolean): { readonly keys: string; readonly read: string } {
    const structure = { ...jsonStructure(this.#fields), meta: { profile: ['VARCHAR'] } }
    const texts = exact ? [] : this.#fields.filter(holdsParts).flatMap(({ options }) => options.map(({ key }) => key))
    const asRead = { ...structure, ...Object.fromEntries(texts.map((key) => [key, 'JSON'])) }
    const lists = listKeys(this.#fields, exact).map((key) => `'$.${key}'`)
    const kinds = lists.length === 0 ? 'CAST([] AS VARCHAR[])' : `json_type(${text}, [${lists.join(', ')}])`
    return {
      keys: Object.keys(structure)
        .map((key) => `s."${key}" AS "${key}"`)
        .join(', '),
      read: `from_json(${text}, '${JSON.stringify(asRead)}') AS s, ${kinds} AS k_kinds`,
    }
  }

  #readMerged(table: string): string {
    const { keys, read } = this.#keysOf('raw', false)
    return `SELECT * EXCLUDE (s), ${keys} FROM (
      SELECT pid AS k_pid, spid AS k_spid, rid AS k_rid, source_id AS k_source_id, '' AS k_source, '' AS k_base, id AS k_id,
        raw AS k_raw, ${read} FROM ${table})`
  }

  /** Lines with each key as a column. */
  #readRaw(from: string, condition: string, exact: boolean): string {
    const { resolved, mapped } = this.#layers
    const raw = [...(mapped ? ['m.raw'] : []), ...(resolved ? ['u.raw'] : []), 'l.raw']
    const text = raw.length === 1 ? 'l.raw' : `coalesce(${raw.join(', ')})`
    const { keys, read } = this.#keysOf(text, exact)
    return `SELECT * EXCLUDE (s), ${keys} FROM (
      SELECT coalesce(p.pid, p.spid) AS k_pid, c.spid AS k_spid, c.rid AS k_rid, c.source_id AS k_source_id,
        b.name AS k_source, coalesce(rtrim(b.base_url, '/') || '/', '') AS k_base, b.name || '.' || c.id AS k_id, ${text} AS k_raw,
        ${read}
      FROM ${from}
      JOIN source b ON b.source_id = c.source_id
      LEFT JOIN source_patient p ON p.spid = c.spid
      ${resolved ? resolvedJoin : ''}
      ${mapped ? 'LEFT JOIN mapped_line m ON m.rid = c.rid AND m.hash = c.hash' : ''}
      WHERE c.type = '${this.type}' AND l.type = '${this.type}' AND NOT c.deleted AND (${condition}))`
  }
}

/** A table that rows are written to; a few among many others need no order. */
export interface WrittenTo {
  readonly into: string
  readonly sorts: boolean
}

/** Makes the concepts of shredded chunks known to the dictionary, by its own session: those of each chunk after those of the one before. */
export async function learn(
  session: Session,
  dictionary: ConceptDictionary,
  chunks: readonly Shredded[],
): Promise<void> {
  const each = chunks.flatMap((shredded, chunk) =>
    shredded.fields.flatMap((field) => {
      const from = sourceOf(shredded, field)
      if (from === undefined) return []
      return codingTexts([field], 'r').map(
        (list) => `SELECT DISTINCT ${chunk} AS chunk, unnest(${list}) AS text FROM ${from} r`,
      )
    }),
  )
  const texts =
    each.length === 0
      ? []
      : await session.all<{ chunk: number; text: string }>(
          `SELECT DISTINCT chunk, text FROM (${each.join(' UNION ALL ')})`,
        )
  for (const chunk of chunks.keys()) {
    await dictionary.learn(texts.filter((row) => row.chunk === chunk).map(({ text }) => text))
    await dictionary.learn(['[]'])
  }
}

/** The rows that have the list, with it as a list; a mark on what nothing within it fills. */
async function setApart(session: Session, field: Field, table: string, apart: Map<string, string>): Promise<Field> {
  const part = `${table}_${field.name}`
  const [shape] = Object.values(jsonStructure([field]))
  await session.run(
    `CREATE OR REPLACE TABLE ${part} AS
     SELECT k_rid, k_source, k_base, from_json("${field.name}", '${JSON.stringify(shape)}') AS "${field.name}"
     FROM ${table} WHERE "${field.name}" IS NOT NULL`,
  )
  apart.set(field.name, part)
  return filledParts(session, field, part)
}

/** Where a field's values stand; undefined for a list of structures that no row has. */
const sourceOf = ({ table, apart }: Shredded, field: Field): string | undefined =>
  holdsParts(field) ? apart.get(field.name) : table

function selectRows({ table, fields, apart, irregular, isQualified }: Shredded): string {
  const columns = fields.flatMap((field) => {
    if (!holdsParts(field)) return columnsOf(field, isQualified).map(([name, sql]) => `${sql} AS "${name}"`)
    return [apart.has(field.name) ? `"k_${field.name}".items` : 'NULL']
  })
  const joins = fields.flatMap((field) => {
    const part = apart.get(field.name)
    const [column] = columnsOf(field, isQualified)
    if (part === undefined || column === undefined) return []
    return [
      `LEFT JOIN (SELECT k_rid AS of_rid, ${column[1]} AS items FROM ${part} r) "k_${field.name}"
       ON "k_${field.name}".of_rid = r.k_rid`,
    ]
  })
  if (irregular !== undefined) joins.push(`LEFT JOIN ${irregular} i ON i.k_rid = r.k_rid`)
  return `SELECT k_pid, k_spid, r.k_rid, k_source_id, k_id, r.meta.profile,
    ${irregular === undefined ? 'NULL' : 'i.names'}, ${columns.join(', ')} FROM ${table} r ${joins.join(' ')}`
}

const columnsOf = (field: Field, isQualified: boolean) =>
  fieldColumns([field], 'r', { source: 'k_source', base: 'k_base', isQualified, depth: 0 })

/** Raw lines lie person by person as a rule, and sorting wide rows is dear: only where it is needed. */
async function orderOf(session: Session, shredded: string): Promise<string> {
  const disorder = await session.first<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM (
       SELECT coalesce(k_pid, 0) < lag(coalesce(k_pid, 0)) OVER (ORDER BY rowid) AS back FROM ${shredded}) WHERE back`,
  )
  return disorder?.n === 0 ? '' : 'ORDER BY k_pid NULLS FIRST, r.k_rid'
}
