import { inflateRawSync } from 'node:zlib'
import { fault, messageOf } from '../../base/index.ts'
import type { ArchivedFile } from './archive.ts'

const endRecord = 0x06054b50
const entryRecord = 0x02014b50
const endLength = 22
const entryLength = 46
const localLength = 30
/** The comment at the end of an archive is at most so long. */
const longestComment = 65_535
/** What is larger is no package, and may be made to fill the memory. */
const largestFile = 1 << 30

/**
 * The files of a zip archive as MADiE exports measures (PKWARE APPNOTE: stored or deflated, not encrypted, below 4 GiB). Nothing
 * is written to disk, so no name can lead outside. Fault: `content/unreadable-archive`.
 */
export function readZip(bytes: Uint8Array, origin: string): readonly ArchivedFile[] {
  try {
    return [...entriesOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))]
  } catch (thrown) {
    throw fault('input', 'content/unreadable-archive', `The archive cannot be read: ${messageOf(thrown)}.`, {
      place: { file: origin },
      remedy: 'Give a whole .zip file; nothing of it was taken.',
    })
  }
}

function* entriesOf(zip: Buffer): Generator<ArchivedFile> {
  const end = endOf(zip)
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== entryRecord) throw new RangeError('its list of files is damaged')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
    const name = zip.toString('utf8', at + entryLength, at + entryLength + (nameLength ?? 0))
    if (!name.endsWith('/')) yield { name, bytes: contentOf(zip, at) }
    at += entryLength + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
}

function endOf(zip: Buffer): number {
  const least = Math.max(0, zip.length - endLength - longestComment)
  for (let at = zip.length - endLength; at >= least; at--) if (zip.readUInt32LE(at) === endRecord) return at
  throw new RangeError('it has no end')
}

function contentOf(zip: Buffer, entry: number): Buffer {
  if ((zip.readUInt16LE(entry + 8) & 1) === 1) throw new RangeError('it is encrypted')
  const method = zip.readUInt16LE(entry + 10)
  const size = zip.readUInt32LE(entry + 20)
  const whole = zip.readUInt32LE(entry + 24)
  const local = zip.readUInt32LE(entry + 42)
  const start = local + localLength + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  if (start + size > zip.length) throw new RangeError('it ends within a file')
  const packed = zip.subarray(start, start + size)
  const content = method === 0 ? packed : inflated(method, packed)
  if (content.length !== whole) throw new RangeError('a file of it is not as long as it says')
  return content
}

function inflated(method: number, packed: Buffer): Buffer {
  if (method !== 8) throw new RangeError(`it is compressed in a way that is not known (${method})`)
  return inflateRawSync(packed, { maxOutputLength: largestFile })
}
