import { createHash } from 'node:crypto'
import { CaregapError, type Diagnostic } from '../base/index.ts'
import { fileStamp } from './file-bytes.ts'
import { openFileText } from './file-text.ts'
import { LineCount } from './line-count.ts'
import type { ExportFile, SourceExport } from './source-export.ts'

/** A file whose bytes were all read once: it is whole, and it is the same file when it is loaded. */
export interface VerifiedFile extends ExportFile {
  readonly bytes: number
  readonly modifiedMs: number
  readonly sha256: string
  readonly lines: number
  /** Lines that hold anything but white space. */
  readonly filledLines: number
}

/**
 * Reads every file of an export once, before anything of it is loaded. Faults (all of them, not the first only):
 * those of reading, `ingest/count-differs` from the manifest, and `ingest/export-empty`.
 */
export async function verifyExport(
  found: SourceExport,
  maxLineBytes: number,
  onBytes: (bytes: number) => void,
): Promise<VerifiedFile[]> {
  const files: VerifiedFile[] = []
  const faults: Diagnostic[] = []
  for (const file of found.files) {
    try {
      const verified = await verifyFile(file, maxLineBytes)
      faults.push(...countFaults(verified))
      files.push(verified)
      onBytes(verified.bytes)
    } catch (thrown) {
      if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
      faults.push(...thrown.diagnostics)
    }
  }
  const deletes = (found.deletions ?? []).length > 0
  if (faults.length === 0 && !deletes && files.every((file) => file.filledLines === 0)) faults.push(emptyFault(found))
  if (faults.length > 0) throw new CaregapError('input', faults)
  return files
}

async function verifyFile(file: ExportFile, maxLineBytes: number): Promise<VerifiedFile> {
  const stamp = fileStamp(file.path)
  const hash = createHash('sha256')
  const counted = new LineCount(maxLineBytes)
  for await (const chunk of openFileText(file, hash)) counted.push(chunk)
  counted.end()
  return { ...file, ...stamp, sha256: hash.digest('hex'), lines: counted.lines, filledLines: counted.filled }
}

function countFaults(file: VerifiedFile): Diagnostic[] {
  if (file.declaredCount === undefined || file.declaredCount === file.filledLines) return []
  return [
    {
      code: 'ingest/count-differs',
      severity: 'error',
      message: `The manifest declares ${file.declaredCount} resources, the file has ${file.filledLines} lines.`,
      place: { file: file.path },
      remedy: 'Download the file again; nothing of this export was loaded.',
    },
  ]
}

function emptyFault(found: SourceExport): Diagnostic {
  return {
    code: 'ingest/export-empty',
    severity: 'error',
    message: `The export of ${found.source} holds no resource at all.`,
    place: { file: found.origin },
    remedy: 'Check the export at its source: an empty one is nearly always a wrong group or a missing permission.',
  }
}
