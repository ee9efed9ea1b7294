import { contentHash } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { type Field, typedFields, typedResourceTypes } from '../fhir/index.ts'
import { ConceptDictionary } from './concept-dictionary.ts'
import { inLineOrder } from './resource-load.ts'
import { irregularSql, listKeys } from './typed-irregular.ts'
import { codingTexts, fieldColumns, jsonStructure } from './typed-value.ts'

/** What deriving did to one type's table. */
export interface DerivedTable {
  readonly type: string
  readonly table: string
  readonly how: 'built' | 'changed rows' | 'unchanged'
  /** Rows written. */
  readonly rows: number
}

export interface DeriveOptions {
  /** Build every table anew, whatever changed. */
  readonly rebuild?: boolean
  onRows?(rows: number): void
}

/** Changes in the way values become columns, beyond what the fields say: raise it to have all tables rebuilt. */
const derivationVersion = 1
/** Rows shredded at once: some row groups, so that all threads have work, and some hundred MB. */
const chunkRows = 300_000
/** Where more than this share changed, building anew is cheaper, and sorts the table. */
const rebuildShare = 0.2

/**
 * Brings the typed tables (`typed_<type>`) up to the current raw lines and to source_patient.pid: a table is built
 * where it is missing or its columns changed, else only changed rows are written. Each type is a transaction.
 */
export async function deriveTyped(session: Session, options: DeriveOptions = {}): Promise<DerivedTable[]> {
  const dictionary = await ConceptDictionary.open(session)
  const present = new Map(
    (
      await session.all<{ type: string; n: number }>(
        'SELECT type, count(*)::DOUBLE AS n FROM resource_current GROUP BY type',
      )
    ).map((row) => [row.type, row.n]),
  )
  const tables: DerivedTable[] = []
  await inLineOrder(session, async () => {
    for (const type of typedResourceTypes.filter((name) => present.has(name))) {
      const fields = typedFields(type)
      if (fields !== undefined)
        tables.push(await new TypedTable(session, dictionary, type, fields).derive(present.get(type) ?? 0, options))
    }
  })
  return tables
}

/** The name of a type's table. */
export const typedTableName = (type: string): string => `typed_${type.toLowerCase()}`

class TypedTable {
  readonly #session: Session
  readonly #dictionary: ConceptDictionary
  readonly #type: string
  readonly #fields: readonly Field[]
  readonly #table: string
  readonly #hash: string

  constructor(session: Session, dictionary: ConceptDictionary, type: string, fields: readonly Field[]) {
    this.#session = session
    this.#dictionary = dictionary
    this.#type = type
    this.#fields = fields
    this.#table = typedTableName(type)
    this.#hash = contentHash(String(derivationVersion), JSON.stringify(fields))
  }

  async derive(current: number, options: DeriveOptions): Promise<DerivedTable> {
    const state = await this.#session.first<{ shape_hash: string; derived_seq: number }>(
      'SELECT shape_hash, derived_seq FROM typed_state WHERE type = $type',
      { type: this.#type },
    )
    const { type } = this
    if (state === undefined || state.shape_hash !== this.#hash || options.rebuild === true)
      return { type, table: this.#table, how: 'built', rows: await this.#build(options) }
    const changed = await this.#findChanged(state.derived_seq)
    if (changed === 0) return { type, table: this.#table, how: 'unchanged', rows: 0 }
    if (changed > current * rebuildShare)
      return { type, table: this.#table, how: 'built', rows: await this.#build(options) }
    return { type, table: this.#table, how: 'changed rows', rows: await this.#update(options) }
  }

  get type(): string {
    return this.#type
  }

  async #build(options: DeriveOptions): Promise<number> {
    return this.#session.transaction(async () => {
      await this.#session.run(`DROP TABLE IF EXISTS ${this.#table}`)
      let rows = 0
      for (const [index, chunk] of (await this.#chunks()).entries())
        rows += await this.#writeChunk(chunk, index === 0 ? 'CREATE TABLE' : 'INSERT INTO', options)
      await this.#remember()
      return rows
    })
  }

  async #update(options: DeriveOptions): Promise<number> {
    return this.#session.transaction(async () => {
      await this.#session.run(`DELETE FROM ${this.#table} WHERE rid IN (SELECT rid FROM typed_change)`)
      const rows = await this.#writeChunk('c.rid IN (SELECT rid FROM typed_change)', 'INSERT INTO', options)
      await this.#remember()
      return rows
    })
  }

  async #findChanged(since: number): Promise<number> {
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE typed_change AS
       SELECT rid FROM resource_current WHERE type = $type AND changed_seq > $since
       UNION SELECT t.rid FROM ${this.#table} t JOIN source_patient p ON p.spid = t.spid WHERE t.pid <> coalesce(p.pid, p.spid)`,
      { type: this.#type, since },
    )
    const row = await this.#session.first<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM typed_change')
    return row?.n ?? 0
  }

  /** Conditions that part the type's resources into runs of neighbours. */
  async #chunks(): Promise<string[]> {
    const rows = await this.#session.all<{ low: number; high: number }>(
      `SELECT min(spid) AS low, max(spid) AS high FROM (
         SELECT spid, sum(n) OVER (ORDER BY spid) // ${chunkRows} AS chunk
         FROM (SELECT spid, count(*) AS n FROM resource_current WHERE type = $type AND spid IS NOT NULL GROUP BY spid))
       GROUP BY chunk ORDER BY low`,
      { type: this.#type },
    )
    const alone = await this.#session.first<{ n: number }>(
      'SELECT count(*)::DOUBLE AS n FROM resource_current WHERE type = $type AND spid IS NULL',
      { type: this.#type },
    )
    const parts = Math.ceil((alone?.n ?? 0) / chunkRows)
    return [
      ...Array.from({ length: parts }, (_, part) => `c.spid IS NULL AND l.spid IS NULL AND c.rid % ${parts} = ${part}`),
      ...rows.map(({ low, high }) => `c.spid BETWEEN ${low} AND ${high} AND l.spid BETWEEN ${low} AND ${high}`),
    ]
  }

  async #writeChunk(condition: string, into: 'CREATE TABLE' | 'INSERT INTO', options: DeriveOptions): Promise<number> {
    await this.#shred(condition)
    const lists = codingTexts(this.#fields, 'r')
    if (lists.length > 0) {
      const each = lists.map((list) => `SELECT DISTINCT unnest(${list}) AS text FROM shred r`)
      const texts = await this.#session.all<{ text: string }>(`SELECT DISTINCT text FROM (${each.join(' UNION ALL ')})`)
      await this.#dictionary.learn(texts.map((row) => row.text))
    }
    await this.#dictionary.bind()
    const target = into === 'CREATE TABLE' ? `CREATE TABLE ${this.#table} AS` : `INSERT INTO ${this.#table}`
    await this.#session.run(`${target} ${this.#selectRows()} ${await this.#order()}`)
    const shredded = await this.#session.first<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM shred')
    const rows = shredded?.n ?? 0
    options.onRows?.(rows)
    return rows
  }

  /** Raw lines lie person by person as a rule, and sorting wide rows is dear: only where it is needed. */
  async #order(): Promise<string> {
    const disorder = await this.#session.first<{ n: number }>(
      `SELECT count(*)::INTEGER AS n FROM (
         SELECT coalesce(k_pid, 0) < lag(coalesce(k_pid, 0)) OVER (ORDER BY rowid) AS back FROM shred) WHERE back`,
    )
    return disorder?.n === 0 ? '' : 'ORDER BY k_pid NULLS FIRST, k_rid'
  }

  /**
   * The JSON keys that have columns, as text, with what the columns will not be able to show. Each key is a column of
   * its own at once: DuckDB is slow at expressions over one wide structure.
   */
  async #shred(condition: string): Promise<void> {
    const structure: Readonly<Record<string, unknown>> = {
      ...jsonStructure(this.#fields),
      meta: { profile: ['VARCHAR'] },
    }
    const lists = listKeys(this.#fields).map((key) => `'$.${key}'`)
    const keys = Object.keys(structure).map((key) => `s."${key}" AS "${key}"`)
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE shred AS
       SELECT r.* EXCLUDE (k_raw, k_kinds), ${irregularSql(this.#fields)} AS k_irregular
       FROM (
         SELECT k_pid, k_spid, k_rid, k_source_id, k_source, k_base, k_id, k_raw, k_kinds, ${keys.join(', ')}
         FROM (
           SELECT coalesce(p.pid, p.spid) AS k_pid, c.spid AS k_spid, c.rid AS k_rid, c.source_id AS k_source_id,
             b.name AS k_source, coalesce(rtrim(b.base_url, '/') || '/', '') AS k_base, c.id AS k_id, l.raw AS k_raw,
             from_json(l.raw, '${JSON.stringify(structure)}') AS s,
             ${lists.length === 0 ? 'CAST([] AS VARCHAR[])' : `json_type(l.raw, [${lists.join(', ')}])`} AS k_kinds
           FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
           JOIN source b ON b.source_id = c.source_id
           LEFT JOIN source_patient p ON p.spid = c.spid
           WHERE c.type = $type AND l.type = $type AND NOT c.deleted AND (${condition}))) r`,
      { type: this.#type },
    )
  }

  #selectRows(): string {
    const columns = fieldColumns(this.#fields, 'r', { source: 'k_source', base: 'k_base', depth: 0 })
    return `SELECT k_pid AS pid, k_spid AS spid, k_rid AS rid, k_source_id AS source_id, k_source || '.' || k_id AS id,
      r.meta.profile AS profile, CAST(k_irregular AS VARCHAR[]) AS irregular,
      ${columns.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')} FROM shred r`
  }

  async #remember(): Promise<void> {
    await this.#session.run(
      `INSERT OR REPLACE INTO typed_state
       SELECT $type, $hash, coalesce(max(published_seq), 0) FROM job`,
      { type: this.#type, hash: this.#hash },
    )
  }
}
