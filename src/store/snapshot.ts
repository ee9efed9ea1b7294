import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fault } from '../base/index.ts'
import { textLiteral } from '../duck/index.ts'
import type { Store } from './store.ts'

/**
 * Writes a consistent copy of the whole database to a new file, while others read and write: all of it is of one
 * moment. It is written aside and renamed, so that the file is whole or not there. Fault: `store/snapshot-exists`.
 */
export async function writeSnapshot(store: Store, path: string): Promise<void> {
  const file = resolve(path)
  if (existsSync(file)) {
    throw fault('usage', 'store/snapshot-exists', 'There is a file of that name already.', {
      place: { file },
      remedy: 'Give another name with --out, or remove the file.',
    })
  }
  mkdirSync(dirname(file), { recursive: true })
  const aside = `${file}.part`
  rmSync(aside, { force: true })
  const session = await store.database.connect()
  try {
    const own = await session.first<{ name: string }>('SELECT current_database() AS name')
    await session.run(`ATTACH ${textLiteral(aside)} AS snapshot`)
    try {
      await session.run(`COPY FROM DATABASE "${own?.name ?? ''}" TO snapshot`)
    } finally {
      await session.run('DETACH snapshot')
    }
    await rename(aside, file)
  } finally {
    session.close()
    rmSync(aside, { force: true })
    rmSync(`${aside}.wal`, { force: true })
  }
}
