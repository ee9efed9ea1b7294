import type { Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openBundle } from './bundle.ts'
import { openFileBytes } from './file-bytes.ts'
import { asOneLine } from './one-line.ts'
import type { ExportFile } from './source-export.ts'

const lineFeed = Buffer.from('\n')

/**
 * A file as lines of a resource each; `hash` as of `openFileBytes`. A file that is one resource is one line, a Bundle is a
 * line for each entry, both with marks for the line ends within (`one-line`).
 */
export function openFileText({ path, form }: Pick<ExportFile, 'path' | 'form'>, hash?: Hash): AsyncIterable<Buffer> {
  if (form === 'bundle') return entriesOf(path, hash)
  const bytes = openFileBytes(path, hash)
  return form === 'resource' ? joined(bytes) : bytes
}

async function* joined(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield asOneLine(chunk)
  yield lineFeed
}

async function* entriesOf(path: string, hash?: Hash): AsyncGenerator<Buffer> {
  const bytes = readFileSync(path)
  hash?.update(bytes)
  for (const resource of openBundle(bytes, path).resources) {
    yield asOneLine(resource)
    yield lineFeed
  }
}
