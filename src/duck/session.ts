import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue, Json } from '@duckdb/node-api'
import { fault, invariant, messageOf } from '../base/index.ts'

export type SqlValue = string | number | bigint | boolean | null
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

/**
 * One connection. Rows are objects in JSON form: BIGINT and DECIMAL arrive as strings (cast to INTEGER
 * or DOUBLE in SQL where a number is wanted), dates and times as strings, lists and structs as such.
 * Errors of the database are `duck/query-failed` with DuckDB's own message and the SQL.
 */
export class Session {
  readonly #connection: DuckDBConnection
  readonly #connect: () => Promise<Session>
  /** Statements that are run again and again, while they do not run. */
  readonly #kept = new Map<string, DuckDBPreparedStatement>()
  #inTransaction = false
  #isClosed = false
  /** Statements that the database is asked to run now. */
  #running = 0

  constructor(connection: DuckDBConnection, connect: () => Promise<Session>) {
    this.#connection = connection
    this.#connect = connect
  }

  /** Another connection to the same database, to work at the same time; whoever asks for it closes it. */
  sibling(): Promise<Session> {
    return this.#connect()
  }

  /** Runs a statement whose rows nobody wants; returns the number of rows changed. */
  async run(sql: string, parameters?: SqlParameters): Promise<number> {
    const result = await this.#guard(sql, () => this.#connection.run(sql, bind(parameters)))
    return result.rowsChanged
  }

  /** As `run`, for the few statements that are run for each request: preparing one takes as long as running it. */
  async runOften(sql: string, parameters: SqlParameters): Promise<number> {
    return this.#often(sql, parameters, async (statement) => (await statement.run()).rowsChanged)
  }

  /** As `all`, for the few queries that are run for each request. */
  async allOften<T>(sql: string, parameters: SqlParameters): Promise<T[]> {
    return this.#often(sql, parameters, async (statement) => {
      const reader = await statement.runAndReadAll()
      return reader.getRowObjectsJson() as T[]
    })
  }

  #often<T>(
    sql: string,
    parameters: SqlParameters,
    work: (statement: DuckDBPreparedStatement) => Promise<T>,
  ): Promise<T> {
    // Of a statement without parameters the database keeps the plan, and with it what it knew of the rows: rows that were
    // added since are missed or counted though a condition is false of them.
    invariant(Object.keys(parameters).length > 0, 'a statement that is kept has parameters')
    return this.#guard(sql, async () => {
      const statement = this.#kept.get(sql) ?? (await this.#connection.prepare(sql))
      this.#kept.delete(sql)
      let result: T
      try {
        statement.bind(bind(parameters) ?? [])
        result = await work(statement)
      } catch (thrown) {
        statement.destroySync()
        throw thrown
      }
      this.#keep(sql, statement)
      return result
    })
  }

  #keep(sql: string, statement: DuckDBPreparedStatement): void {
    if (this.#isClosed || this.#kept.has(sql)) statement.destroySync()
    else this.#kept.set(sql, statement)
  }

  async all<T>(sql: string, parameters?: SqlParameters): Promise<T[]> {
    const reader = await this.#guard(sql, () => this.#connection.runAndReadAll(sql, bind(parameters)))
    return reader.getRowObjectsJson() as T[]
  }

  /** The first row, or undefined. */
  async first<T>(sql: string, parameters?: SqlParameters): Promise<T | undefined> {
    return (await this.all<T>(sql, parameters))[0]
  }

  /** Rows in batches, without holding them all: `for await (const rows of session.stream(...))`. */
  async *stream<T>(sql: string, parameters?: SqlParameters): AsyncGenerator<T[]> {
    const result = await this.#guard(sql, () => this.#connection.stream(sql, bind(parameters)))
    const names = result.deduplicatedColumnNames()
    for await (const rows of result.yieldRowsJson()) {
      yield rows.map((row: Json[]) => Object.fromEntries(names.map((name, index) => [name, row[index]])) as T)
    }
  }

  /**
   * All of it or nothing. Nested calls join the outer transaction. After a fatal fault (disk full) the
   * instance is invalid and ROLLBACK fails as well: the first error is the one thrown.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inTransaction) return work()
    await this.run('BEGIN TRANSACTION')
    this.#inTransaction = true
    try {
      const value = await work()
      await this.run('COMMIT')
      return value
    } catch (thrown) {
      await this.run('ROLLBACK').catch(() => undefined)
      throw thrown
    } finally {
      this.#inTransaction = false
    }
  }

  /** Asks the running query to stop; it then fails with `duck/query-failed`. */
  interrupt(): void {
    if (!this.#isClosed) this.#connection.interrupt()
  }

  /**
   * No statement is taken from now on. Those that are under way are asked to stop, and the connection goes with the
   * last of them: to the native code it is freed memory at once, also for work that waits for a thread.
   */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const statement of this.#kept.values()) statement.destroySync()
    this.#kept.clear()
    if (this.#running > 0) this.#connection.interrupt()
    else this.#connection.closeSync()
  }

  async #guard<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw queryFault('The session is closed.', sql, undefined)
    this.#running += 1
    try {
      return await work()
    } catch (thrown) {
      throw queryFault(messageOf(thrown), sql, thrown)
    } finally {
      this.#running -= 1
      if (this.#isClosed && this.#running === 0) this.#connection.closeSync()
    }
  }
}

function bind(parameters: SqlParameters | undefined): DuckDBValue[] | Record<string, DuckDBValue> | undefined {
  if (parameters === undefined) return undefined
  return Array.isArray(parameters) ? [...parameters] : { ...(parameters as Record<string, SqlValue>) }
}

/** The one fault of a full disk, wherever it was met. The instance is invalid after it: close and open it again. */
export function diskFull(cause: unknown, writing?: string) {
  const file = writing ?? /file "([^"]+)"/.exec(messageOf(cause))?.[1]
  return fault(
    'system',
    'duck/disk-full',
    'The disk is full; nothing of this unit of work was kept.',
    {
      ...(file === undefined ? {} : { place: { file } }),
      remedy: 'Free some space, then run the same command again: it goes on where it was.',
    },
    { cause },
  )
}

/** DuckDB quotes the value that it could not take: it may be a person's. The message stays in `cause` for a debugger. */
function withoutValues(message: string): string {
  return /^(Conversion|Invalid Input|Out of Range|Constraint) Error/.test(message)
    ? message.replaceAll(/"[^"]*"|'[^']*'/g, '"…"')
    : message
}

function queryFault(message: string, sql: string, cause: unknown) {
  if (/No space left|disk full/i.test(message)) return diskFull(cause)
  return fault('system', 'duck/query-failed', withoutValues(message), { data: { sql: sql.slice(0, 2000) } }, { cause })
}
