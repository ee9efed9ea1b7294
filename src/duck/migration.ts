import { contentHash, fault } from '../base/index.ts'
import type { Session } from './session.ts'

/** One step of the schema. Steps are applied in order, once, each in a transaction of its own. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/**
 * Brings a database to the newest schema. A file that it refuses is left as it was.
 * Faults: `duck/newer-schema` where a newer caregap wrote it; `duck/other-schema` where a step that was applied reads
 * otherwise now (a step is edited only before it is released).
 */
export async function applyMigrations(session: Session, file: string, migrations: readonly Migration[]): Promise<void> {
  await session.run(
    'CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, hash VARCHAR, applied_at TIMESTAMP NOT NULL)',
  )
  const applied = await readApplied(session)
  refuseNewer(file, applied, migrations)
  refuseOther(file, applied, migrations)
  for (const { version, name, sql } of migrations.filter((step) => !applied.has(step.version))) {
    await session.transaction(async () => {
      await session.run(sql)
      await session.run(
        'INSERT INTO schema_migration (version, name, hash, applied_at) VALUES ($version, $name, $hash, now()::TIMESTAMP)',
        { version, name, hash: contentHash(sql) },
      )
    })
  }
}

/**
 * Looks without changing anything whether the steps that were applied still read the same. Fault: `duck/other-schema`.
 */
export async function checkAppliedSteps(
  session: Session,
  file: string,
  migrations: readonly Migration[],
): Promise<void> {
  refuseOther(file, await readApplied(session), migrations)
}

type Applied = ReadonlyMap<number, string | null>

/** The hash of each step that was applied; null where it was applied before hashes were kept. */
async function readApplied(session: Session): Promise<Applied> {
  const hashed = await session.first(
    "SELECT 1 FROM duckdb_columns() WHERE table_name = 'schema_migration' AND column_name = 'hash'",
  )
  const rows = await session.all<{ version: number; hash: string | null }>(
    `SELECT version, ${hashed === undefined ? 'NULL' : 'hash'} AS hash FROM schema_migration`,
  )
  return new Map(rows.map(({ version, hash }) => [version, hash]))
}

function refuseNewer(file: string, applied: Applied, migrations: readonly Migration[]): void {
  const present = Math.max(0, ...applied.keys())
  const newest = migrations.at(-1)?.version ?? 0
  if (present <= newest) return
  throw fault('input', 'duck/newer-schema', `The database has schema ${present}, this caregap knows up to ${newest}.`, {
    place: { file },
    remedy: 'Use the newer caregap that wrote it, or another --db file.',
  })
}

function refuseOther(file: string, applied: Applied, migrations: readonly Migration[]): void {
  const other = migrations.find(({ version, sql }) => applied.has(version) && applied.get(version) !== contentHash(sql))
  if (other === undefined) return
  throw fault(
    'input',
    'duck/other-schema',
    `The database was made by an unreleased caregap, whose schema ${other.version} was another.`,
    { place: { file }, remedy: 'Delete the file and load the data again, or give another --db file.' },
  )
}
