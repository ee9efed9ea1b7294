import { fault } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type Block,
  finishStaging,
  inLineOrder,
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
import { Lane } from './lane.ts'
import { spool } from './spool.ts'
import { cutBlocks, type TextBlock } from './text-block.ts'
import type { VerifiedFile } from './verify-export.ts'

/** What files are loaded as, and with. */
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

/** A file of an export, verified, and as the ledger knows it. */
export interface FileToLoad {
  readonly verified: VerifiedFile
  readonly open: OpenFile
}

/** A clean block of a file; without a block, the end of the file. */
interface Step {
  readonly file: FileToLoad
  readonly block?: { readonly text: TextBlock; readonly clean: CleanBlock }
}

/**
 * Stages verified files block by block, each block in a transaction of its own with the file's progress, going on where
 * an earlier process was stopped. Two lanes: while one block is stored, the next is cut, cleaned and parsed.
 * Fault: `ingest/file-changed` since it was verified.
 */
export async function loadFiles(store: Store, context: LoadContext, files: readonly FileToLoad[]): Promise<void> {
  const second = await store.database.connect()
  const lanes = [new Lane(store.session, 'a'), new Lane(second, 'b')] as const
  let stored: Promise<void> = Promise.resolve()
  let turn = 0
  try {
    await inLineOrder(store.session, async () => {
      for await (const step of stepsOf(context, files)) {
        const lane = lanes[turn++ % 2 === 0 ? 0 : 1]
        await lane.free()
        stored = lane.run(prepare(lane, context, step), stored)
      }
      await stored
    })
  } finally {
    await Promise.allSettled(lanes.map((lane) => lane.free()))
    second.close()
  }
}

async function* stepsOf(context: LoadContext, files: readonly FileToLoad[]): AsyncGenerator<Step> {
  for (const file of files) {
    const { verified, open } = file
    if (open.staged) continue
    const stamp = fileStamp(verified.path)
    if (stamp.bytes !== verified.bytes || stamp.modifiedMs !== verified.modifiedMs) throw changed(verified)
    let lines = open.loadedLines
    const from = { byte: open.loadedBytes, line: open.loadedLines + 1 }
    for await (const text of cutBlocks(openFileBytes(verified.path).chunks, context, from)) {
      const clean = cleanBlock(text, context.maxLineBytes)
      lines += clean.lines
      yield { file, block: { text, clean } }
    }
    if (lines !== verified.lines) throw changed(verified)
    yield { file }
  }
}

/** Parses a block aside, and gives the work that stores it: in order, after the blocks before it. */
async function prepare(lane: Lane, context: LoadContext, { file, block }: Step): Promise<() => Promise<void>> {
  const { fileId } = file.open
  const { session } = lane
  if (block === undefined) return () => endFile(session, file)
  const { text, clean } = block
  const staged: Block = {
    ...context,
    fileId,
    spoolPath: await spool(context.spoolFolder, lane.name, clean.bytes),
    firstLine: text.firstLine,
    lines: clean.lines,
    longestLineBytes: clean.longestLineBytes,
  }
  const seen = await readBlock(session, staged)
  if (seen !== clean.lines) throw lostLines(file.verified, staged, seen)
  const faults = [...clean.faults, ...(await judgeSuspects(session, staged, text))]
  return async () => {
    await session.transaction(async () => {
      await storeBlock(session, staged, faults)
      const loadedLines = text.firstLine - 1 + clean.lines
      await recordProgress(session, { fileId, loadedBytes: text.endByte, loadedLines })
    })
    context.onLines(clean.lines)
  }
}

async function endFile(session: Session, { open, verified }: FileToLoad): Promise<void> {
  const blank = verified.lines - verified.filledLines
  await session.transaction(() => finishStaging(session, { fileId: open.fileId, lines: verified.lines, blank }))
}

async function judgeSuspects(session: Session, block: Block, text: TextBlock): Promise<LineFault[]> {
  const suspects = await suspectLines(session, block)
  if (suspects.length === 0) return []
  const starts = [...linesOf(text)].map((line) => line.startByte)
  const lastLine = block.firstLine + block.lines - 1
  return suspects.flatMap((suspect) => {
    const found = judgeLine(suspect.text, text.unended && suspect.line === lastLine)
    const byteOffset = starts[suspect.line - block.firstLine] ?? 0
    return found === undefined ? [] : [{ line: suspect.line, byteOffset, ...found }]
  })
}

function changed(file: VerifiedFile) {
  return fault('input', 'ingest/file-changed', 'The file changed while it was being loaded.', {
    place: { file: file.path },
    remedy: 'Wait until the export is complete, then run the same command again.',
  })
}

function lostLines(file: VerifiedFile, block: Block, seen: number) {
  return fault('bug', 'ingest/lines-lost', `Of ${block.lines} lines written for DuckDB it read ${seen}.`, {
    place: { file: file.path, line: block.firstLine },
    remedy: 'Nothing of this block was kept; report it with the file.',
  })
}
