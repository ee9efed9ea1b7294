import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, messageOf } from '../base/index.ts'
import { diskFull } from '../duck/index.ts'
import {
  type Block,
  finishStaging,
  type LineFault,
  type OpenFile,
  readBlock,
  recordProgress,
  type Store,
  storeBlock,
  suspectLines,
} from '../store/index.ts'
import { type CleanBlock, cleanBlock, linesOf } from './clean-block.ts'
import { fileStamp, openFileBytes } from './file-bytes.ts'
import { judgeLine } from './judge-line.ts'
import { cutBlocks, type TextBlock } from './text-block.ts'
import type { VerifiedFile } from './verify-export.ts'

/** What a file is loaded as, and with. */
export interface LoadContext {
  readonly jobId: number
  readonly sourceId: number
  readonly source: string
  readonly baseUrl: string
  readonly maxLineBytes: number
  readonly blockBytes: number
  /** A folder for blocks on their way to DuckDB. */
  readonly spoolFolder: string
  onLines(lines: number): void
}

/**
 * Stages a verified file block by block, each in a transaction of its own with the file's progress, going on
 * where an earlier process was stopped. Fault: `ingest/file-changed` since it was verified.
 */
export async function loadFile(store: Store, context: LoadContext, file: VerifiedFile, open: OpenFile): Promise<void> {
  if (open.staged) return
  const { session } = store
  const stamp = fileStamp(file.path)
  if (stamp.bytes !== file.bytes || stamp.modifiedMs !== file.modifiedMs) throw changed(file)
  let lines = open.loadedLines
  const from = { byte: open.loadedBytes, line: open.loadedLines + 1 }
  for await (const block of cutBlocks(openFileBytes(file.path).chunks, context, from)) {
    const loaded = await loadBlock(store, context, open.fileId, block)
    lines += loaded
    context.onLines(loaded)
  }
  if (lines !== file.lines) throw changed(file)
  await session.transaction(() =>
    finishStaging(session, { fileId: open.fileId, lines, blank: file.lines - file.filledLines }),
  )
}

async function loadBlock(store: Store, context: LoadContext, fileId: number, text: TextBlock): Promise<number> {
  const { session } = store
  const clean = cleanBlock(text, context.maxLineBytes)
  const block: Block = {
    ...context,
    fileId,
    spoolPath: join(context.spoolFolder, 'block.ndjson'),
    firstLine: text.firstLine,
    lines: clean.lines,
    longestLineBytes: clean.longestLineBytes,
  }
  await spool(block.spoolPath, clean.bytes)
  const seen = await readBlock(session, block)
  if (seen !== clean.lines) throw lostLines(block, seen)
  const faults = [...clean.faults, ...(await judgeSuspects(store, block, text, clean))]
  await session.transaction(async () => {
    await storeBlock(session, block, faults)
    await recordProgress(session, {
      fileId,
      loadedBytes: text.endByte,
      loadedLines: text.firstLine - 1 + clean.lines,
    })
  })
  return clean.lines
}

async function spool(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(path, bytes)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    if (code === 'ENOSPC') throw diskFull(thrown)
    throw fault('system', 'ingest/spool-failed', `A block cannot be written (${messageOf(thrown)}).`, {
      place: { file: path },
      remedy: 'Check that the database’s folder may be written to.',
    })
  }
}

async function judgeSuspects(store: Store, block: Block, text: TextBlock, clean: CleanBlock): Promise<LineFault[]> {
  const suspects = await suspectLines(store.session, block)
  if (suspects.length === 0) return []
  const starts = [...linesOf(text)].map((line) => line.startByte)
  const lastLine = block.firstLine + clean.lines - 1
  return suspects.flatMap((suspect) => {
    const found = judgeLine(suspect.text, text.unended && suspect.line === lastLine)
    return found === undefined
      ? []
      : [{ line: suspect.line, byteOffset: starts[suspect.line - block.firstLine] ?? 0, ...found }]
  })
}

function changed(file: VerifiedFile) {
  return fault('input', 'ingest/file-changed', 'The file changed while it was being loaded.', {
    place: { file: file.path },
    remedy: 'Wait until the export is complete, then run the same command again.',
  })
}

function lostLines(block: Block, seen: number) {
  return fault('bug', 'ingest/lines-lost', `Of ${block.lines} lines written for DuckDB it read ${seen}.`, {
    place: { line: block.firstLine },
    remedy: 'Nothing of this block was kept; report it with the file.',
  })
}
