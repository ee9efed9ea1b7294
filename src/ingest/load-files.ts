import { fault, invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type Block,
  besideTheFile,
  type FileProgress,
  finishStaging,
  type LineFault,
  readBlock,
  recordProgress,
  storeBlock,
  straightToFile,
  suspectLines,
} from '../store/index.ts'
import {
  type Batch,
  type BatchLimits,
  type BatchPlaces,
  batchesOf,
  type FileToLoad,
  isMarked,
  type Part,
} from './batch.ts'
import { judgeLine } from './judge-line.ts'
import type { Writer } from './writer.ts'

/** What files are loaded as, and with. */
export interface LoadContext extends BatchLimits {
  readonly urns: ReadonlyMap<string, string>
  onLines(jobId: number, lines: number): void
}

/**
 * Stages verified files batch by batch, each in a transaction of its own with the files' progress, going on where
 * an earlier process was stopped, within `inLineOrder`. While one batch is stored, the next are cut, cleaned and parsed. Returns
 * when the last one is under way: what the writer is asked for then is done after it.
 * Fault: `ingest/file-changed` since it was verified.
 */
export async function loadFiles(
  places: BatchPlaces & { readonly writer: Writer },
  context: LoadContext,
  files: readonly FileToLoad[],
): Promise<void> {
  for await (const batch of batchesOf(context, places, files)) batch.lane.run(prepare(context, batch), places.writer)
}

/** Parses a batch aside, and gives the work that stores it: in order, after the batches before it. */
async function prepare(context: LoadContext, batch: Batch): Promise<() => Promise<void>> {
  const { session } = batch.lane
  const block = blockOf(context, batch)
  const faults = block.lines === 0 ? [] : await parse(session, block, batch.parts)
  const { fillsUp } = batch
  const progress = progressOf(batch.parts)
  const ended = batch.ended.map(({ open, verified: { lines, filledLines } }) => {
    return { fileId: open.fileId, lines, blank: lines - filledLines }
  })
  // It must not hold the batch: what is told of its lines is not needed while it waits to be stored.
  const store = () =>
    session.transaction(async () => {
      if (block.lines > 0) await storeBlock(session, block, faults)
      await recordProgress(session, progress)
      await finishStaging(session, ended)
    })
  return async () => {
    await (fillsUp ? straightToFile(session, store) : store())
    for (const { jobId, lines } of block.parts) context.onLines(jobId, lines)
  }
}

/** The faults of the block's lines, which stand in temporary tables then. */
function parse(session: Session, block: Block, parts: readonly Part[]): Promise<readonly LineFault[]> {
  return besideTheFile(session, async () => {
    const seen = await readBlock(session, block)
    if (seen !== block.lines) throw lostLines(parts[0]?.file.verified.path ?? '', block, seen)
    return faultsOf(session, parts)
  })
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

function blockOf({ urns }: LoadContext, { spoolPath, parts }: Batch): Block {
  let row = 0
  const places = parts.map(({ file, firstLine, lines }) => {
    const place = { ...file.origin, fileId: file.open.fileId, firstRow: row, lines, firstLine }
    row += lines
    return place
  })
  return {
    urns,
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
