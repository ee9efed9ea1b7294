import { open, rename } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CaregapError, fault, messageOf } from '../base/index.ts'
import { headerOf } from './answer.ts'
import { connectionFault, type Reply } from './exchange.ts'
import { type CheckedText, LineCheck } from './line-check.ts'
import { isConnectionFault } from './persist.ts'
import { shownUrl } from './server-address.ts'

/** A body on disk under its `.part` name: transport and compression were whole; what it says is still to be judged. */
export interface WrittenBody extends CheckedText {
  /** As they came over the line. */
  readonly encodedBytes: number
}

/** Told of every piece of text: its bytes, and the lines of the body so far. */
export type WatchText = (bytes: number, lines: number) => void

/** A body of which the beginning is on disk under its `.part` name: the rest can be asked for. */
export interface BegunBody {
  /** What went by so far. */
  readonly check: LineCheck
  readonly bytes: number
  /** The server's name of this very content: a strong ETag, or else Last-Modified. */
  readonly validator: string
}

export interface BodyWatch {
  readonly onText: WatchText
  /** The connection broke in a body that can be gone on with. */
  readonly onCut: (begun: BegunBody) => void
}

/**
 * Writes a body to `path.part`, uncompressed, and syncs it to disk; the rest of one that was `begun` is added to what is
 * there. Faults: `bulk/connection-failed` (reset, stall, or
 * less than Content-Length), `bulk/gzip-broken`, `bulk/encoding-unknown`, `bulk/disk-full`, `bulk/write-failed`.
 */
export async function writeBody(
  reply: Reply,
  path: string,
  { onText, onCut }: BodyWatch,
  begun?: BegunBody,
): Promise<WrittenBody> {
  const check = begun?.check ?? new LineCheck()
  let encodedBytes = begun?.bytes ?? 0
  let written = encodedBytes
  const file = await open(partOf(path), begun === undefined ? 'w' : 'a', 0o600).catch((thrown: unknown) => {
    throw writeFault(path, thrown)
  })
  try {
    if (begun !== undefined && (await file.stat()).size !== begun.bytes)
      throw writeFault(path, new TypeError('changed'))
    const count = (bytes: number) => {
      encodedBytes += bytes
    }
    for await (const chunk of decoded(reply, count)) {
      check.push(chunk)
      onText(chunk.length, check.lines)
      await file.writeFile(chunk).catch((thrown: unknown) => {
        throw writeFault(path, thrown)
      })
      written += chunk.length
    }
    await file.sync()
    if (!reply.body.complete) throw Object.assign(new TypeError('cut'), { code: 'cut' })
  } catch (thrown) {
    reply.body.destroy()
    const found = bodyFault(reply, thrown)
    const validator = begun?.validator ?? validatorOf(reply)
    if (isConnectionFault(found) && validator !== undefined && written > 0) onCut({ check, bytes: written, validator })
    throw found
  } finally {
    await file.close()
  }
  return { ...check.end(), encodedBytes }
}

/**
 * What names the content of a body that can be asked for in parts (RFC 9110, 13.1.5): its bytes are those of the file,
 * the server takes ranges, and says which version it is. A weak ETag names no bytes.
 */
function validatorOf(reply: Reply): string | undefined {
  const encoding = headerOf(reply, 'content-encoding')?.trim().toLowerCase() ?? 'identity'
  const takesRanges = /(^|,)\s*bytes\s*(,|$)/i.test(headerOf(reply, 'accept-ranges') ?? '')
  if (!takesRanges || (encoding !== 'identity' && encoding !== '')) return undefined
  const tag = headerOf(reply, 'etag')
  return tag?.startsWith('"') === true ? tag : headerOf(reply, 'last-modified')
}

/** Whether an answer to a request for the rest (`Range`, `If-Range`) is that rest, of the same content. */
export function isRestOf(reply: Reply, begun: BegunBody): boolean {
  const from = /^bytes\s+(\d+)-/i.exec(headerOf(reply, 'content-range') ?? '')?.[1]
  const tag = headerOf(reply, 'etag')
  const sameTag = tag === undefined || !begun.validator.startsWith('"') || tag === begun.validator
  return reply.status === 206 && from === String(begun.bytes) && sameTag
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
