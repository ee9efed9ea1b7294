import { contentHash } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import type { Field } from '../fhir/index.ts'
import type { ConceptDictionary } from './concept-dictionary.ts'
import { resolvedJoin } from './resolved-line.ts'
import { exactIrregularSql, hiddenSql, holdsParts, listKeys, oddPartsSql, oddSql } from './typed-irregular.ts'
import { codingTexts, fieldColumns, jsonStructure } from './typed-value.ts'

/** Changes in the way values become columns, beyond what the fields say: raise it to have all tables rebuilt. */
const derivationVersion = 2

/** The name of a type's table. */
export const typedTableName = (type: string): string => `typed_${type.toLowerCase()}`

/** Which resources of a type: by a condition on lines that lie together, or few of them, wherever they lie. */
export interface LinesToShred {
  readonly kind: 'range' | 'rids'
  /** SQL over `c` (resource_current), of a range over `l` (raw_line) too. */
  readonly condition: string
}

/** A chunk as text columns. */
export interface Shredded {
  readonly table: string
  /** Fields that few rows have, by the table of those rows: expressions over lists cost by the vector, not by the row. */
  readonly apart: ReadonlyMap<string, string>
}

/** A field of fewer rows than this share is set apart, where a chunk is more than a vector or two. */
const sparseShare = 0.25
const fewRows = 4096

const fromLines = 'resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash'

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

  constructor(type: string, fields: readonly Field[]) {
    this.type = type
    this.name = typedTableName(type)
    this.hash = contentHash(String(derivationVersion), JSON.stringify(fields))
    this.#fields = fields
  }

  /**
   * The JSON keys that have columns, as text, with what the columns will not be able to show. Each key is a column of
   * its own at once: DuckDB is slow at expressions over one wide structure.
   */
  async shred(session: Session, into: string, lines: LinesToShred): Promise<Shredded> {
    if (lines.kind === 'rids') return session.transaction(() => this.#shredFew(session, into, lines.condition))
    return this.#shred(session, into, fromLines, lines.condition)
  }

  /** A few lines are looked up first: a join with all lines would read all of their text. */
  async #shredFew(session: Session, into: string, condition: string): Promise<Shredded> {
    await session.run(
      `CREATE OR REPLACE TEMP TABLE shred_line AS
       SELECT c.*, l.rowid AS line_row FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
       WHERE c.type = '${this.type}' AND NOT c.deleted AND (${condition})`,
    )
    const made = await this.#shred(session, into, 'temp.shred_line c JOIN raw_line l ON l.rowid = c.line_row', 'true')
    await session.run('DROP TABLE temp.shred_line')
    return made
  }

  async #shred(session: Session, into: string, from: string, condition: string): Promise<Shredded> {
    const keys = this.#keys()
    await session.run(
      `CREATE OR REPLACE TABLE ${into} AS
       SELECT r.* EXCLUDE (k_raw, k_kinds), ${oddSql(this.#fields)} AS k_odd, CAST(NULL AS VARCHAR[]) AS k_irregular
       FROM (SELECT * EXCLUDE (s), ${keys} FROM (${this.#readRaw(from, condition)})) r`,
    )
    const shredded = { table: into, apart: await this.#setApart(session, into) }
    await this.#findOddParts(session, shredded)
    const odd = await session.first<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM ${into} WHERE k_odd`)
    if (odd?.n === 0) return shredded
    const oddOnes = `c.rid IN (SELECT k_rid FROM ${into} WHERE k_odd) AND (${condition})`
    await session.run(
      `UPDATE ${into} SET k_irregular = found.names FROM (
         SELECT k_rid, ${exactIrregularSql(this.#fields)} AS names
         FROM (SELECT * EXCLUDE (s), ${keys}, ${hiddenSql()} AS k_hidden FROM (${this.#readRaw(from, oddOnes)})) r) found
       WHERE ${into}.k_rid = found.k_rid`,
    )
    return shredded
  }

  async #setApart(session: Session, table: string): Promise<ReadonlyMap<string, string>> {
    const parted = this.#fields.filter(holdsParts)
    if (parted.length === 0) return new Map()
    const counts = await session.first<{ rows: number; filled: number[] }>(
      `SELECT count(*)::DOUBLE AS rows, [${parted.map(({ name }) => `count("${name}")::DOUBLE`).join(', ')}] AS filled FROM ${table}`,
    )
    const apart = new Map<string, string>()
    for (const [index, { name }] of parted.entries()) {
      const { rows = 0, filled = [] } = counts ?? {}
      if (rows < fewRows || (filled[index] ?? 0) > rows * sparseShare) continue
      const part = `${table}_${name}`
      await session.run(
        `CREATE OR REPLACE TABLE ${part} AS SELECT k_rid, k_source, k_base, "${name}" FROM ${table} WHERE "${name}" IS NOT NULL`,
      )
      apart.set(name, part)
    }
    return apart
  }

  async #findOddParts(session: Session, { table, apart }: Shredded): Promise<void> {
    for (const field of this.#fields.filter(holdsParts)) {
      const odd = oddPartsSql(field)
      if (odd === undefined) continue
      const found = `SELECT k_rid FROM ${apart.get(field.name) ?? table} r WHERE ${odd}`
      await session.run(`UPDATE ${table} SET k_odd = true WHERE NOT k_odd AND k_rid IN (${found})`)
    }
  }

  /** Typed rows of a shredded chunk, into a new table or one that is there; how many. */
  async write(
    session: Session,
    dictionary: ConceptDictionary,
    shredded: Shredded,
    target: { readonly table: string; readonly isNew: boolean },
  ): Promise<number> {
    const each = this.#fields.flatMap((field) => {
      const from = shredded.apart.get(field.name) ?? shredded.table
      return codingTexts([field], 'r').map((list) => `SELECT DISTINCT unnest(${list}) AS text FROM ${from} r`)
    })
    if (each.length > 0) {
      const texts = await session.all<{ text: string }>(`SELECT DISTINCT text FROM (${each.join(' UNION ALL ')})`)
      await dictionary.learn(texts.map((row) => row.text))
    }
    await dictionary.bind()
    const into = target.isNew ? `CREATE TABLE ${target.table} AS` : `INSERT INTO ${target.table}`
    await session.run(`${into} ${this.#selectRows(shredded)} ${await orderOf(session, shredded.table)}`)
    const rows = await session.first<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${shredded.table}`)
    return rows?.n ?? 0
  }

  #structure(): Readonly<Record<string, unknown>> {
    return { ...jsonStructure(this.#fields), meta: { profile: ['VARCHAR'] } }
  }

  #keys(): string {
    return Object.keys(this.#structure())
      .map((key) => `s."${key}" AS "${key}"`)
      .join(', ')
  }

  #readRaw(from: string, condition: string): string {
    const lists = listKeys(this.#fields).map((key) => `'$.${key}'`)
    const kinds =
      lists.length === 0 ? 'CAST([] AS VARCHAR[])' : `json_type(coalesce(m.raw, u.raw, l.raw), [${lists.join(', ')}])`
    return `SELECT coalesce(p.pid, p.spid) AS k_pid, c.spid AS k_spid, c.rid AS k_rid, c.source_id AS k_source_id,
        b.name AS k_source, coalesce(rtrim(b.base_url, '/') || '/', '') AS k_base, c.id AS k_id, coalesce(m.raw, u.raw, l.raw) AS k_raw,
        from_json(coalesce(m.raw, u.raw, l.raw), '${JSON.stringify(this.#structure())}') AS s, ${kinds} AS k_kinds
      FROM ${from}
      JOIN source b ON b.source_id = c.source_id
      LEFT JOIN source_patient p ON p.spid = c.spid
      ${resolvedJoin}
      LEFT JOIN mapped_line m ON m.rid = c.rid AND m.hash = c.hash
      WHERE c.type = '${this.type}' AND l.type = '${this.type}' AND NOT c.deleted AND (${condition})`
  }

  #selectRows({ table, apart }: Shredded): string {
    const columns = this.#fields.flatMap((field) =>
      apart.has(field.name) ? [`"k_${field.name}".items AS "${field.name}"`] : columnsOf(field).map(named),
    )
    const joins = this.#fields.flatMap((field) => {
      const part = apart.get(field.name)
      const [column] = columnsOf(field)
      if (part === undefined || column === undefined) return []
      return [
        `LEFT JOIN (SELECT k_rid AS of_rid, ${column[1]} AS items FROM ${part} r) "k_${field.name}"
         ON "k_${field.name}".of_rid = r.k_rid`,
      ]
    })
    return `SELECT k_pid AS pid, k_spid AS spid, k_rid AS rid, k_source_id AS source_id, k_source || '.' || k_id AS id,
      r.meta.profile AS profile, k_irregular AS irregular, ${columns.join(', ')} FROM ${table} r ${joins.join(' ')}`
  }
}

const columnsOf = (field: Field) => fieldColumns([field], 'r', { source: 'k_source', base: 'k_base', depth: 0 })

const named = ([name, sql]: [name: string, sql: string]): string => `${sql} AS "${name}"`

/** Raw lines lie person by person as a rule, and sorting wide rows is dear: only where it is needed. */
async function orderOf(session: Session, shredded: string): Promise<string> {
  const disorder = await session.first<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM (
       SELECT coalesce(k_pid, 0) < lag(coalesce(k_pid, 0)) OVER (ORDER BY rowid) AS back FROM ${shredded}) WHERE back`,
  )
  return disorder?.n === 0 ? '' : 'ORDER BY k_pid NULLS FIRST, k_rid'
}
