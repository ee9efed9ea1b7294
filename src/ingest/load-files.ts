import { fault, invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type Block,
  type FileProgress,
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
import { type CleanBlock, cleanBlock, startsOfLines } from './clean-block.ts'
import { fileStamp } from './file-bytes.ts'
import { openFileText } from './file-text.ts'
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
  readonly urns: ReadonlyMap<string, string>
  /** A folder for blocks on their way to DuckDB. */
  readonly spoolFolder: string
  onLines(lines: number): void
}

/** A file of an export, verified, and as the ledger knows it. */
export interface FileToLoad {
  readonly verified: VerifiedFile
  readonly open: OpenFile
}

/**
 * So many lines are stored at once, however short: few enough that one batch is prepared while the one before is stored, in the
 * memory of both. Fewer than a row group, they fill up the one that stands; more would leave row groups that are not full,
 * which a checkpoint writes anew.
 */
const batchLines = 60_000
/** Files are cut into pieces no larger than this. */
const pieceBytes = 16 * 1024 * 1024

/** A clean block of a file. */
interface Part {
  readonly file: FileToLoad
  readonly text: TextBlock
  readonly clean: CleanBlock
}

/** What is parsed and stored at once: a block of a large file, or the blocks of many small ones. */
interface Batch {
  readonly parts: readonly Part[]
  /** Files that end with this batch. */
  readonly ended: readonly FileToLoad[]
}

/**
 * Stages verified files batch by batch, each in a transaction of its own with the files' progress, going on where
 * an earlier process was stopped. Two lanes: while one batch is stored, the next is cut, cleaned and parsed.
 * Fault: `ingest/file-changed` since it was verified.
 */
export async function loadFiles(store: Store, context: LoadContext, files: readonly FileToLoad[]): Promise<void> {
  const second = await store.database.connect()
  const lanes = [new Lane(store.session, 'a'), new Lane(second, 'b')] as const
  let stored: Promise<void> = Promise.resolve()
  let turn = 0
  try {
    const lines = files.reduce((sum, { verified }) => sum + verified.lines, 0)
    await inLineOrder(store.session, lines, async () => {
      for await (const batch of batchesOf(context, files)) {
        const lane = lanes[turn++ % 2 === 0 ? 0 : 1]
        await lane.free()
        stored = lane.run(prepare(lane, context, batch), stored)
      }
      await stored
    })
  } finally {
    await Promise.allSettled(lanes.map((lane) => lane.free()))
    second.close()
  }
}

async function* batchesOf(context: LoadContext, files: readonly FileToLoad[]): AsyncGenerator<Batch> {
  let parts: Part[] = []
  let ended: FileToLoad[] = []
  let bytes = 0
  let lines = 0
  let marked = false
  for (const file of files.filter(({ open }) => !open.staged)) {
    // Marks mean line ends in some files, and nothing in others: these are never stored together.
    if (parts.length > 0 && marked !== (file.verified.form !== undefined)) {
      yield { parts, ended }
      parts = []
      ended = []
      bytes = 0
      lines = 0
    }
    marked = file.verified.form !== undefined
    for await (const part of partsOf(context, file)) {
      parts.push(part)
      bytes += part.clean.bytes.length
      lines += part.clean.lines
      if (bytes < context.blockBytes && lines < batchLines) continue
      yield { parts, ended }
      parts = []
      ended = []
      bytes = 0
      lines = 0
    }
    ended.push(file)
  }
  if (parts.length > 0 || ended.length > 0) yield { parts, ended }
}

async function* partsOf(context: LoadContext, file: FileToLoad): AsyncGenerator<Part> {
  const { verified, open } = file
  const stamp = fileStamp(verified.path)
  if (stamp.bytes !== verified.bytes || stamp.modifiedMs !== verified.modifiedMs) throw changed(verified)
  let lines = open.loadedLines
  const limits = { ...context, blockBytes: Math.min(context.blockBytes, pieceBytes) }
  const from = { byte: open.loadedBytes, line: open.loadedLines + 1 }
  for await (const text of cutBlocks(openFileText(verified), limits, from)) {
    const clean = cleanBlock(text, context.maxLineBytes, verified.form !== undefined)
    lines += clean.lines
    yield { file, text, clean }
  }
  if (lines !== verified.lines) throw changed(verified)
}

/** Parses a batch aside, and gives the work that stores it: in order, after the batches before it. */
async function prepare(lane: Lane, context: LoadContext, batch: Batch): Promise<() => Promise<void>> {
  const { session } = lane
  const block = await spoolBatch(lane, context, batch.parts)
  const seen = block.lines === 0 ? 0 : await readBlock(session, block)
  if (seen !== block.lines) throw lostLines(batch.parts[0]?.file.verified.path ?? '', block, seen)
  const faults = block.lines === 0 ? [] : await faultsOf(session, batch.parts)
  const progress = progressOf(batch.parts)
  const ended = batch.ended.map(({ open, verified: { lines, filledLines } }) => {
    return { fileId: open.fileId, lines, blank: lines - filledLines }
  })
  // It must not hold the batch: its bytes are not needed while it waits to be stored.
  return async () => {
    await session.transaction(async () => {
      if (block.lines > 0) await storeBlock(session, block, faults)
      await recordProgress(session, progress)
      await finishStaging(session, ended)
    })
    context.onLines(block.lines)
  }
}

/** How far each file is with these parts: its last one counts. */
function progressOf(parts: readonly Part[]): FileProgress[] {
  const progress = parts.map(({ file, text, clean }) => ({
    fileId: file.open.fileId,
    loadedBytes: text.endByte,
    loadedLines: text.firstLine - 1 + clean.lines,
  }))
  return [...new Map(progress.map((one) => [one.fileId, one])).values()]
}

async function spoolBatch(lane: Lane, context: LoadContext, parts: readonly Part[]): Promise<Block> {
  let row = 0
  const places = parts.map(({ file, text, clean }) => {
    const place = { fileId: file.open.fileId, firstRow: row, lines: clean.lines, firstLine: text.firstLine }
    row += clean.lines
    return place
  })
  const buffers = parts.map(({ clean }) => clean.bytes)
  return {
    ...context,
    spoolPath: await spool(context.spoolFolder, lane.name, buffers),
    parts: places,
    lines: row,
    marked: parts.some(({ file }) => file.verified.form !== undefined),
    longestLineBytes: Math.max(0, ...parts.map(({ clean }) => clean.longestLineBytes)),
  }
}

/** The faults that were found byte by byte, and those of the lines that DuckDB could not take for resources. */
async function faultsOf(session: Session, parts: readonly Part[]): Promise<LineFault[]> {
  const found: LineFault[] = parts.flatMap(({ file, clean }) =>
    clean.faults.map((blanked) => ({ fileId: file.open.fileId, ...blanked })),
  )
  const starts = new Map<Part, readonly number[]>()
  for (const { fileId, line, text } of await suspectLines(session)) {
    const part = parts.find((one) => one.file.open.fileId === fileId && holds(one, line))
    invariant(part !== undefined, `line ${line} of file ${fileId} is of the batch`)
    const { unended, firstLine } = part.text
    const verdict = judgeLine(text, unended && line === firstLine + part.clean.lines - 1)
    if (verdict === undefined) continue
    const offsets = starts.get(part) ?? startsOfLines(part.text)
    starts.set(part, offsets)
    found.push({ fileId, line, byteOffset: offsets[line - firstLine] ?? 0, ...verdict })
  }
  return found
}

const holds = ({ text, clean }: Part, line: number): boolean =>
  line >= text.firstLine && line < text.firstLine + clean.lines

function changed(file: VerifiedFile) {
  return fault('input', 'ingest/file-changed', 'The file changed while it was being loaded.', {
    place: { file: file.path },
    remedy: 'Wait until the export is complete, then run the same command again.',
  })
}

function lostLines(file: string, block: Block, seen: number) {
  return fault('bug', 'ingest/lines-lost', `Of ${block.lines} lines written for DuckDB it read ${seen}.`, {
    place: { file },
    remedy: 'Nothing of this block was kept; report it with the file.',
  })
}
