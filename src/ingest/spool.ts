import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, messageOf } from '../base/index.ts'
import { diskFull } from '../duck/index.ts'

/** Writes a batch for DuckDB to read, over the lane's former one. Faults: `duck/disk-full`, `ingest/spool-failed`. */
export async function spool(folder: string, name: string, parts: readonly Buffer[]): Promise<string> {
  const path = join(folder, `${name}.ndjson`)
  try {
    const file = await open(path, 'w')
    try {
      for (const part of parts) await file.write(part)
    } finally {
      await file.close()
    }
    return path
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(thrown, path)
    throw fault('system', 'ingest/spool-failed', `A batch cannot be written (${messageOf(thrown)}).`, {
      place: { file: path },
      remedy: 'Check that the database’s folder may be written to.',
    })
  }
}
