import { fault, invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type Block,
  type FileProgress,
  finishStaging,
  inLineOrder,
  type LineFault,
  readBlock,
  recordProgress,
  type Store,
  storeBlock,
  suspectLines,
} from '../store/index.ts'
import { type Batch, type BatchLimits, batchesOf, type FileToLoad, isMarked, type Part } from './batch.ts'
import { judgeLine } from './judge-line.ts'
import { Lane } from './lane.ts'

/** What files are loaded as, and with. */
export interface LoadContext extends BatchLimits {
  readonly jobId: number
  readonly sourceId: number
  readonly source: string
  readonly baseUrl: string
  readonly urns: ReadonlyMap<string, string>
  onLines(lines: number): void
}

/**
 * Stages verified files batch by batch, each in a transaction of its own with the files' progress, going on where
 * an earlier process was stopped. Two lanes: while one batch is stored, the next is cut, cleaned and parsed.
 * Fault: `ingest/file-changed` since it was verified.
 */
export async function loadFiles(store: Store, context: LoadContext, files: readonly FileToLoad[]): Promise<void> {
  const second = await store.database.connect()
  const lanes = [new Lane(store.session), new Lane(second)] as const
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

/** Parses a batch aside, and gives the work that stores it: in order, after the batches before it. */
async function prepare(lane: Lane, context: LoadContext, batch: Batch): Promise<() => Promise<void>> {
  const { session } = lane
  const block = blockOf(context, batch)
  const seen = block.lines === 0 ? 0 : await readBlock(session, block)
  if (seen !== block.lines) throw lostLines(batch.parts[0]?.file.verified.path ?? '', block, seen)
  const faults = block.lines === 0 ? [] : await faultsOf(session, batch.parts)
  const progress = progressOf(batch.parts)
  const ended = batch.ended.map(({ open, verified: { lines, filledLines } }) => {
    return { fileId: open.fileId, lines, blank: lines - filledLines }
  })
  // It must not hold the batch: what is told of its lines is not needed while it waits to be stored.
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
  const progress = parts.map(({ file, firstLine, lines, endByte }) => ({
    fileId: file.open.fileId,
    loadedBytes: endByte,
    loadedLines: firstLine - 1 + lines,
  }))
  return [...new Map(progress.map((one) => [one.fileId, one])).values()]
}

function blockOf(context: LoadContext, { spoolPath, parts }: Batch): Block {
  let row = 0
  const places = parts.map(({ file, firstLine, lines }) => {
    const place = { fileId: file.open.fileId, firstRow: row, lines, firstLine }
    row += lines
    return place
  })
  return {
    ...context,
    spoolPath,
    parts: places,
    lines: row,
    marked: parts.some(({ file }) => isMarked(file)),
    longestLineBytes: Math.max(0, ...parts.map(({ longestLineBytes }) => longestLineBytes)),
  }
}

/** The faults that were found byte by byte, and those of the lines that DuckDB could not take for resources. */
async function faultsOf(session: Session, parts: readonly Part[]): Promise<LineFault[]> {
  const found: LineFault[] = parts.flatMap(({ file, faults }) =>
    faults.map((blanked) => ({ fileId: file.open.fileId, ...blanked })),
  )
  for (const { fileId, line, text } of await suspectLines(session)) {
    const part = parts.find((one) => one.file.open.fileId === fileId && holds(one, line))
    invariant(part !== undefined, `line ${line} of file ${fileId} is of the batch`)
    const { unended, firstLine, lines, starts } = part
    const verdict = judgeLine(text, unended && line === firstLine + lines - 1)
    if (verdict === undefined) continue
    found.push({ fileId, line, byteOffset: starts[line - firstLine] ?? 0, ...verdict })
  }
  return found
}

const holds = ({ firstLine, lines }: Part, line: number): boolean => line >= firstLine && line < firstLine + lines

function lostLines(file: string, block: Block, seen: number) {
  return fault('bug', 'ingest/lines-lost', `Of ${block.lines} lines written for DuckDB it read ${seen}.`, {
    place: { file },
    remedy: 'Nothing of this block was kept; report it with the file.',
  })
}
