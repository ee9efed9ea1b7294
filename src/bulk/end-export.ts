import { rm } from 'node:fs/promises'
import { CaregapError } from '../base/index.ts'
import type { Pull } from '../store/index.ts'
import { ask, type Connection } from './connection.ts'
import { ownUrl } from './server-address.ts'

/**
 * Tells the server that an export is not needed any more: some begin no other one before. Returns why that failed, or
 * undefined; an export that the server no longer knows is no failure.
 */
export async function releaseExport(connection: Connection, pull: Pull): Promise<string | undefined> {
  if (pull.statusUrl === null) return undefined
  try {
    const url = ownUrl(pull.statusUrl, connection.server)
    const answer = await ask(connection, {
      method: 'DELETE',
      url,
      headers: { Accept: 'application/json' },
      alone: true,
    })
    const fine = answer.status < 300 || answer.status === 404 || answer.status === 410
    return fine ? undefined : `the server answered ${answer.status}`
  } catch (thrown) {
    if (thrown instanceof CaregapError) return thrown.diagnostics[0]?.message ?? thrown.message
    throw thrown
  }
}

/** Removes the downloaded files of a pull; doing it twice is fine. */
export async function removeFiles(pull: Pull): Promise<void> {
  await rm(pull.folder, { recursive: true, force: true })
}
