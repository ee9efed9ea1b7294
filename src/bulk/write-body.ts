import { open, rename } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CaregapError, fault, messageOf } from '../base/index.ts'
import { headerOf } from './answer.ts'
import { connectionFault, type Reply } from './exchange.ts'
import { type CheckedText, LineCheck } from './line-check.ts'
import { shownUrl } from './server-address.ts'

/** A body on disk under its `.part` name: transport and compression were whole; what it says is still to be judged. */
export interface WrittenBody extends CheckedText {
  /** As they came over the line. */
  readonly encodedBytes: number
}

/** Told of every piece of text: its bytes, and the lines of the body so far. */
export type WatchText = (bytes: number, lines: number) => void

/**
 * Writes a body to `path.part`, uncompressed, and syncs it to disk. Faults: `bulk/connection-failed` (reset, stall, or
 * less than Content-Length), `bulk/gzip-broken`, `bulk/encoding-unknown`, `bulk/disk-full`, `bulk/write-failed`.
 */
export async function writeBody(reply: Reply, path: string, onText: WatchText): Promise<WrittenBody> {
  const check = new LineCheck()
  let encodedBytes = 0
  const file = await open(partOf(path), 'w', 0o600).catch((thrown: unknown) => {
    throw writeFault(path, thrown)
  })
  try {
    const count = (bytes: number) => {
      encodedBytes += bytes
    }
    for await (const chunk of decoded(reply, count)) {
      check.push(chunk)
      onText(chunk.length, check.lines)
      await file.writeFile(chunk).catch((thrown: unknown) => {
        throw writeFault(path, thrown)
      })
    }
    await file.sync()
  } catch (thrown) {
    reply.body.destroy()
    throw bodyFault(reply, thrown)
  } finally {
    await file.close()
  }
  if (!reply.body.complete) throw connectionFault(reply.url, Object.assign(new TypeError('cut'), { code: 'cut' }))
  return { ...check.end(), encodedBytes }
}

/** Gives a judged body its name; from then on it counts. */
export async function keepBody(path: string): Promise<void> {
  await rename(partOf(path), path)
}

const partOf = (path: string): string => `${path}.part`

function decoded(reply: Reply, count: (bytes: number) => void): AsyncIterable<Buffer> {
  const encoding = headerOf(reply, 'content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return metered(reply.body, count)
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw fault(
      'system',
      'bulk/encoding-unknown',
      `${shownUrl(reply.url)} sends ${encoding}, which was not asked for.`,
      {
        remedy: 'Report it to the operator of the server.',
      },
    )
  }
  const gunzip = createGunzip()
  pipeline(metered(reply.body, count), gunzip, () => undefined)
  return gunzip
}

async function* metered(body: AsyncIterable<Buffer>, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    count(chunk.length)
    yield chunk
  }
}

function bodyFault(reply: Reply, thrown: unknown): CaregapError {
  const code = (thrown as NodeJS.ErrnoException).code ?? ''
  if (!code.startsWith('Z_')) return connectionFault(reply.url, thrown)
  return fault('system', 'bulk/gzip-broken', `The gzip body of ${shownUrl(reply.url)} is cut or damaged (${code}).`, {
    remedy: 'Run the same command again: only this file is fetched anew.',
  })
}

function writeFault(path: string, thrown: unknown): CaregapError {
  const place = { file: path }
  if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') {
    return fault('system', 'bulk/disk-full', 'The disk is full; what was downloaded before is kept.', {
      place,
      remedy: 'Free some space, then run the same command again: it goes on where it was.',
    })
  }
  return fault('system', 'bulk/write-failed', `A download cannot be written (${messageOf(thrown)}).`, {
    place,
    remedy: 'Check that the database’s folder may be written to.',
  })
}
