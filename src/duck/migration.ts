import { fault } from '../base/index.ts'
import type { Session } from './session.ts'

/** One step of the schema. Steps are applied in order, once, each in a transaction of its own. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/**
 * Brings a database to the newest schema.
 * Faults: `duck/newer-schema` where the file was written by a newer caregap: it is left untouched.
 */
export async function applyMigrations(session: Session, file: string, migrations: readonly Migration[]): Promise<void> {
  await session.run(
    'CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)',
  )
  const row = await session.first<{ version: number | null }>('SELECT max(version) AS version FROM schema_migration')
  const present = row?.version ?? 0
  const newest = migrations.at(-1)?.version ?? 0
  if (present > newest) {
    throw fault(
      'system',
      'duck/newer-schema',
      `The database has schema ${present}, this caregap knows up to ${newest}.`,
      { place: { file }, remedy: 'Use the newer caregap that wrote it, or another --db file.' },
    )
  }
  for (const migration of migrations.filter((step) => step.version > present)) {
    await session.transaction(async () => {
      await session.run(migration.sql)
      await session.run('INSERT INTO schema_migration VALUES ($version, $name, now()::TIMESTAMP)', {
        version: migration.version,
        name: migration.name,
      })
    })
  }
}
