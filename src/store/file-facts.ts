import { accessSync, closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CaregapError, type Diagnostic } from '../base/index.ts'
import { checkAppliedSteps, Database } from '../duck/index.ts'
import { migrations } from './schema/index.ts'

/** What is so about a database file and its surroundings; nothing in it is judged. */
export interface FileFacts {
  /** Absolute. */
  readonly path: string
  readonly kind: 'missing' | 'file' | 'other'
  readonly readable: boolean
  readonly writable: boolean
  /** The nearest folder above the file that exists; a new database is made below it. */
  readonly folder: string
  readonly folderWritable: boolean
  readonly bytes: number
  /** The file begins as DuckDB's files do. */
  readonly hasDuckHeader: boolean
  /** Changes that the next opening takes over, in the file beside. */
  readonly walBytes: number
  /** What a killed run left in the folder where DuckDB spills. */
  readonly spilledBytes: number
  /** Why it could not be opened for reading; undefined where it could, or was not tried. */
  readonly openFault: Diagnostic | undefined
  /** The schema's version; null where the database is not caregap's; undefined where it was not opened. */
  readonly schema: number | null | undefined
}

/** Looks at a database file without changing it. Opens it read-only, which another process may not allow. */
export async function readFileFacts(path: string): Promise<FileFacts> {
  const file = resolve(path)
  const kind = kindOf(file)
  const folder = existingFolder(dirname(file))
  const readable = kind === 'file' && may(file, constants.R_OK)
  const hasDuckHeader = readable && headerOf(file) === 'DUCK'
  return {
    path: file,
    kind,
    readable,
    writable: kind === 'file' && may(file, constants.W_OK),
    folder,
    folderWritable: may(folder, constants.W_OK),
    bytes: sizeOf(file),
    hasDuckHeader,
    walBytes: sizeOf(`${file}.wal`),
    spilledBytes: folderSize(`${file}.tmp`),
    ...(hasDuckHeader ? await readSchema(file) : { openFault: undefined, schema: undefined }),
  }
}

async function readSchema(path: string): Promise<Pick<FileFacts, 'openFault' | 'schema'>> {
  try {
    const database = await Database.open({ path, readOnly: true, memoryLimitMb: 200 })
    try {
      return { openFault: undefined, schema: await schemaOf(database) }
    } finally {
      database.close()
    }
  } catch (thrown) {
    const openFault = thrown instanceof CaregapError ? thrown.diagnostics[0] : undefined
    if (openFault === undefined) throw thrown
    return { openFault, schema: undefined }
  }
}

async function schemaOf(database: Database): Promise<number | null> {
  const session = await database.connect()
  try {
    const table = await session.first(`SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migration'`)
    if (table === undefined) return null
    const row = await session.first<{ version: number | null }>('SELECT max(version) AS version FROM schema_migration')
    await checkAppliedSteps(session, database.path, migrations)
    return row?.version ?? null
  } finally {
    session.close()
  }
}

function kindOf(path: string): FileFacts['kind'] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 'missing'
  return stat.isFile() ? 'file' : 'other'
}

function existingFolder(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true || dirname(folder) === folder ? folder : existingFolder(dirname(folder))
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function folderSize(folder: string): number {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return 0
  return readdirSync(folder).reduce((total, name) => total + sizeOf(join(folder, name)), 0)
}

/** The four letters behind the checksum of the first block. */
function headerOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(4)
    readSync(file, bytes, 0, 4, 8)
    return bytes.toString('latin1')
  } finally {
    closeSync(file)
  }
}
