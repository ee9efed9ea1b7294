import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, messageOf } from '../base/index.ts'
import { diskFull } from '../duck/index.ts'

/** Writes a block for DuckDB to read, over the lane's former one. Faults: `duck/disk-full`, `ingest/spool-failed`. */
export async function spool(folder: string, name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, `${name}.ndjson`)
  try {
    await writeFile(path, bytes)
    return path
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(thrown)
    throw fault('system', 'ingest/spool-failed', `A block cannot be written (${messageOf(thrown)}).`, {
      place: { file: path },
      remedy: 'Check that the database’s folder may be written to.',
    })
  }
}
