import { statSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { CaregapError, fault, messageOf } from '../base/index.ts'
import { Session } from './session.ts'

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  readonly path: string
  readonly readOnly?: boolean
  /** Upper bound for DuckDB's buffers in MiB; real memory goes about 20% above it. Default 1,500. */
  readonly memoryLimitMb?: number
  readonly threads?: number
  /** Where DuckDB may spill; default beside the file. */
  readonly tempDirectory?: string
}

/** One DuckDB instance: the only owner of its file. */
export class Database {
  readonly path: string
  readonly #instance: DuckDBInstance

  private constructor(path: string, instance: DuckDBInstance) {
    this.path = path
    this.#instance = instance
  }

  /**
   * Opens (and creates, unless read-only) a database file.
   * Faults: `duck/locked` (another process holds it), `duck/newer-format`, `duck/not-writable`, `duck/open-failed`.
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const config: Record<string, string> = {
      memory_limit: `${options.memoryLimitMb ?? 1500}MiB`,
      preserve_insertion_order: 'false',
      // Loading commits often; with the default of 16 MiB nearly every block would also be a checkpoint.
      checkpoint_threshold: '128MiB',
      // It carries a filter's condition into a relation that is to be made by itself, and writes it out there over
      // columns that share their parts: plans of published measures grew from seconds to minutes by it.
      disabled_optimizers: 'cte_filter_pusher',
      // Plans are chains of relations, each bound within the one that reads it, and large measures have more than the 1,000
      // of the default. The stack of a thread holds this depth; what is deeper is left to closures, and the run says so.
      max_expression_depth: '2500',
    }
    if (options.threads !== undefined) config['threads'] = String(options.threads)
    if (options.readOnly === true) config['access_mode'] = 'READ_ONLY'
    if (options.tempDirectory !== undefined) config['temp_directory'] = options.tempDirectory
    try {
      return new Database(options.path, await DuckDBInstance.create(options.path, config))
    } catch (thrown) {
      throw openFault(options.path, messageOf(thrown))
    }
  }

  /** A connection of its own: its transactions are not seen by others until they commit. */
  async connect(): Promise<Session> {
    return new Session(await this.#instance.connect(), () => this.connect())
  }

  /** Bytes of the log beside the file: what was committed and is not in the file yet. Such rows are held in memory, too. */
  logBytes(): number {
    return statSync(`${this.path}.wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Brings what is in the log into the file, and so out of memory. Readers go on meanwhile; who commits waits. */
  async checkpoint(): Promise<void> {
    const session = await this.connect()
    try {
      await session.run('CHECKPOINT')
    } finally {
      session.close()
    }
  }

  /** The same where nobody else is writing; else it is left to a later time. */
  async checkpointIfAlone(): Promise<void> {
    try {
      await this.checkpoint()
    } catch (thrown) {
      if (!(thrown instanceof CaregapError) || thrown.diagnostics[0]?.code !== 'duck/query-failed') throw thrown
    }
  }

  close(): void {
    this.#instance.closeSync()
  }
}

function openFault(path: string, message: string) {
  const place = { file: path }
  if (/\block\b/i.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1]
    const who = holder === undefined ? 'another process' : `process ${holder}`
    return fault('system', 'duck/locked', `The database is held by ${who}.`, {
      place,
      remedy: 'Stop that process, or let its server do the work.',
    })
  }
  if (/newer version|version number|storage version/i.test(message)) {
    return fault(
      'input',
      'duck/newer-format',
      `The database was written by another DuckDB version: ${sentence(message)}`,
      {
        place,
        remedy: 'Use the caregap version that wrote it, or load the data again into a new file.',
      },
    )
  }
  if (/not a valid DuckDB database/i.test(message)) {
    return fault('input', 'duck/not-a-database', 'The file is not a database.', {
      place,
      remedy: 'Give another file with --db.',
    })
  }
  if (/permission|read-only|cannot open file/i.test(message)) {
    return fault('system', 'duck/not-writable', `The database file cannot be opened: ${sentence(message)}`, {
      place,
      remedy: 'Check that the folder exists and that you may write to it.',
    })
  }
  return fault('system', 'duck/open-failed', `The database file cannot be opened: ${sentence(message)}`, {
    place,
    remedy: 'Run `bin/caregap doctor` to see what is wrong.',
  })
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)
