import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openBundle } from './bundle.ts'
import { type FileBytes, openFileBytes } from './file-bytes.ts'
import { asOneLine } from './one-line.ts'
import type { ExportFile } from './source-export.ts'

const lineFeed = Buffer.from('\n')

/**
 * A file as lines of a resource each. A file that is one resource is one line, a Bundle is a line for each entry, both
 * with marks for the line ends within (`one-line`).
 */
export function openFileText({ path, form }: Pick<ExportFile, 'path' | 'form'>): FileBytes {
  const bytes = openFileBytes(path)
  if (form === 'resource') return { ...bytes, chunks: joined(bytes.chunks) }
  if (form === 'bundle') return entriesOf(path)
  return bytes
}

async function* joined(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield asOneLine(chunk)
  yield lineFeed
}

function entriesOf(path: string): FileBytes {
  const bytes = readFileSync(path)
  async function* lines(): AsyncGenerator<Buffer> {
    for (const resource of openBundle(bytes, path).resources) {
      yield asOneLine(resource)
      yield lineFeed
    }
  }
  return { chunks: lines(), sha256: () => createHash('sha256').update(bytes).digest('hex') }
}
