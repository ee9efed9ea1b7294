import type { Hash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CaregapError, fault, messageOf } from '../base/index.ts'

const chunkBytes = 1024 * 1024
/**
 * Rooms that no file is read into now: a new one for each chunk had the collector walk over the whole heap every 30 MB, which
 * took a tenth of all work.
 */
const idleRooms: Buffer[] = []
const mostIdleRooms = 4

/**
 * The uncompressed bytes of a plain or gzip file (told by its first bytes, not by its name), each piece of them only until the
 * next is asked for; `hash`, where given, gets the file as it lies there. Faults while reading: `ingest/file-missing`, `ingest/file-unreadable`, `ingest/gzip-broken` (cut
 * or damaged: DuckDB would read it as ended).
 */
export function openFileBytes(path: string, hash?: Hash): AsyncIterable<Buffer> {
  return isGzip(path) ? gunzipped(path, hash) : plain(path, hash)
}

/** Size and time of a file, to see whether it changed between two readings. */
export function fileStamp(path: string): { readonly bytes: number; readonly modifiedMs: number } {
  try {
    const stat = statSync(path)
    return { bytes: stat.size, modifiedMs: stat.mtimeMs }
  } catch (thrown) {
    throw readFault(path, thrown)
  }
}

function isGzip(path: string): boolean {
  const head = Buffer.alloc(2)
  try {
    const handle = openSync(path, 'r')
    try {
      readSync(handle, head, 0, 2, 0)
    } finally {
      closeSync(handle)
    }
  } catch (thrown) {
    throw readFault(path, thrown)
  }
  return head[0] === 0x1f && head[1] === 0x8b
}

async function* plain(path: string, hash?: Hash): AsyncGenerator<Buffer> {
  try {
    const file = await open(path, 'r')
    const rooms = [idleRooms.pop() ?? newRoom(), idleRooms.pop() ?? newRoom()] as const
    let reading = file.read(rooms[0], 0, chunkBytes, null)
    try {
      for (let turn = 0; ; turn = 1 - turn) {
        const { bytesRead, buffer } = await reading
        if (bytesRead === 0) return
        reading = file.read(turn === 0 ? rooms[1] : rooms[0], 0, chunkBytes, null)
        // Its fault is told when its turn comes; until then it must not count as unhandled.
        reading.catch(() => undefined)
        const chunk = buffer.subarray(0, bytesRead)
        hash?.update(chunk)
        yield chunk
      }
    } finally {
      await reading.catch(() => undefined)
      await file.close()
      if (idleRooms.length < mostIdleRooms) idleRooms.push(...rooms)
    }
  } catch (thrown) {
    throw readFault(path, thrown)
  }
}

const newRoom = (): Buffer => Buffer.allocUnsafeSlow(chunkBytes)

async function* gunzipped(path: string, hash?: Hash): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  if (hash !== undefined) file.on('data', (chunk) => hash.update(chunk))
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  pipeline(file, gunzip, () => undefined)
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (thrown) {
    throw readFault(path, thrown)
  } finally {
    file.destroy()
  }
}

function readFault(path: string, thrown: unknown): CaregapError {
  if (thrown instanceof CaregapError) return thrown
  const code = (thrown as NodeJS.ErrnoException).code ?? ''
  const place = { file: path }
  if (code === 'ENOENT')
    return fault('input', 'ingest/file-missing', 'The file does not exist.', {
      place,
      remedy: 'Check the path, or export again.',
    })
  if (code.startsWith('Z_') || code.startsWith('ERR_Z'))
    return fault('input', 'ingest/gzip-broken', `The gzip file is cut or damaged (${messageOf(thrown)}).`, {
      place,
      remedy: 'Download it again; nothing of this export was loaded.',
    })
  return fault('input', 'ingest/file-unreadable', `The file cannot be read (${messageOf(thrown)}).`, {
    place,
    remedy: 'Check that it is a file and that you may read it.',
  })
}
