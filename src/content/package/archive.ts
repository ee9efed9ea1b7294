import { gunzipSync } from 'node:zlib'
import { fault, messageOf } from '../../base/index.ts'

/** One file of an archive; the name as it stands there, with `/` between folders. */
export interface ArchivedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const blockSize = 512

/**
 * The files of a tar archive compressed with gzip, as npm and the FHIR packager write them (POSIX ustar, with pax and GNU
 * long names). Nothing is written to disk, so no name can lead outside. Fault: `content/unreadable-archive`.
 */
export function readArchive(bytes: Uint8Array, origin: string): readonly ArchivedFile[] {
  try {
    return [...entriesOf(gunzipSync(bytes))]
  } catch (thrown) {
    throw fault('input', 'content/unreadable-archive', `The archive cannot be read: ${messageOf(thrown)}.`, {
      place: { file: origin },
      remedy: 'Give a whole .tgz file; nothing of it was taken.',
    })
  }
}

function* entriesOf(tar: Buffer): Generator<ArchivedFile> {
  let longName: string | undefined
  for (let at = 0; at + blockSize <= tar.length; ) {
    const header = tar.subarray(at, at + blockSize)
    if (header.every((byte) => byte === 0)) return
    const size = Number.parseInt(textAt(header, 124, 12).trim() || '0', 8)
    const start = at + blockSize
    if (Number.isNaN(size) || start + size > tar.length) throw new RangeError('it ends within a file')
    const bytes = tar.subarray(start, start + size)
    const kind = textAt(header, 156, 1)
    if (kind === 'L') longName = textAt(bytes, 0, bytes.length)
    else if (kind === 'x') longName = /\d+ path=([^\n]*)\n/.exec(bytes.toString('utf8'))?.[1] ?? longName
    else {
      if (kind === '0' || kind === '') yield { name: longName ?? nameOf(header), bytes }
      longName = undefined
    }
    at = start + Math.ceil(size / blockSize) * blockSize
  }
}

function nameOf(header: Buffer): string {
  const prefix = textAt(header, 345, 155)
  const name = textAt(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** A field up to its first zero byte. */
function textAt(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? field.length : end).toString('utf8')
}
