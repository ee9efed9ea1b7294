import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { applyMigrations, Database, type DatabaseOptions, type Session } from '../duck/index.ts'
import { migrations } from './schema/index.ts'

/** The open database file with the newest schema, and one session for whoever needs no other. */
export interface Store {
  readonly path: string
  readonly database: Database
  readonly session: Session
  close(): void
}

/**
 * Opens the store, creating the file and its folder where missing, and brings its schema forward.
 * Faults: those of `Database.open`, and `duck/newer-schema`.
 */
export async function openStore(options: DatabaseOptions): Promise<Store> {
  if (options.path !== ':memory:' && options.readOnly !== true)
    mkdirSync(dirname(resolve(options.path)), { recursive: true })
  const database = await Database.open(options)
  try {
    const session = await database.connect()
    if (options.readOnly !== true) await applyMigrations(session, options.path, migrations)
    return {
      path: options.path,
      database,
      session,
      close() {
        session.close()
        database.close()
      },
    }
  } catch (thrown) {
    database.close()
    throw thrown
  }
}
