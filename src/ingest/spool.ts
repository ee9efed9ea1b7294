import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fault, messageOf } from '../base/index.ts'
import { diskFull } from '../duck/index.ts'

/** A file that a batch is written to for DuckDB to read, over a former batch. Faults: `duck/disk-full`, `ingest/spool-failed`. */
export class Spool {
  readonly path: string
  readonly #file: FileHandle
  #bytes = 0

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** What is there is written over where it lies: a file that is emptied first is given its room anew, page by page. */
  static async open(path: string): Promise<Spool> {
    return new Spool(path, await guarded(path, () => open(path, constants.O_WRONLY | constants.O_CREAT)))
  }

  async write(bytes: Buffer): Promise<void> {
    await guarded(this.path, () => this.#file.writeFile(bytes))
    this.#bytes += bytes.length
  }

  async close(): Promise<void> {
    await guarded(this.path, () => this.#file.truncate(this.#bytes))
    await guarded(this.path, () => this.#file.close())
  }
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(thrown, path)
    throw fault('system', 'ingest/spool-failed', `A batch cannot be written (${messageOf(thrown)}).`, {
      place: { file: path },
      remedy: 'Check that the database’s folder may be written to.',
    })
  }
}
