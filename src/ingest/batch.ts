import { fault } from '../base/index.ts'
import type { LineOrigin, OpenFile } from '../store/index.ts'
import { type BlankedLine, cleanBlock } from './clean-block.ts'
import { fileStamp } from './file-bytes.ts'
import { openFileText } from './file-text.ts'
import type { Lane, Lanes } from './lane.ts'
import type { Spool } from './spool.ts'
import { type BlockRoom, cutBlocks } from './text-block.ts'
import type { VerifiedFile } from './verify-export.ts'

/** A file of an export, verified, and as the ledger knows it. */
export interface FileToLoad {
  /** What its lines are loaded as. */
  readonly origin: LineOrigin
  readonly verified: VerifiedFile
  readonly open: OpenFile
}

/** A clean block of a file: its text is spooled, this is what is told of its lines. */
export interface Part {
  readonly file: FileToLoad
  readonly firstLine: number
  readonly lines: number
  /** Where it ends, and where each of its lines begins, in the file's uncompressed text. */
  readonly endByte: number
  readonly starts: Float64Array
  /** The file ends in it without a line feed. */
  readonly unended: boolean
  readonly longestLineBytes: number
  /** The lines that were blanked, with their bytes. */
  readonly faults: readonly BlankedLine[]
}

/** What is parsed and stored at once: a block of a large file, or the blocks of many small ones. */
export interface Batch {
  readonly lane: Lane
  readonly spoolPath: string
  readonly parts: readonly Part[]
  /** Files that end with this batch. */
  readonly ended: readonly FileToLoad[]
}

export interface BatchLimits {
  readonly maxLineBytes: number
  readonly blockBytes: number
}

/** Where batches go, and where their blocks are cut. */
export interface BatchPlaces {
  readonly lanes: Lanes
  readonly room: BlockRoom
}

/**
 * So many lines make a batch, however short: few enough that the batches of an export of a hundred thousand keep both lanes busy,
 * in little memory; each looks through the keys of all lines, so that far smaller ones cost more in a large store. Fewer than a row
 * group, they fill up the one that stands; more would leave row groups that are not full, which a checkpoint writes anew.
 */
const batchLines = 30_000
/** Files are cut into pieces no larger than this. */
const pieceBytes = 16 * 1024 * 1024

/** What is not staged yet of verified files, in batches, each spooled for a lane that is free. */
export async function* batchesOf(
  limits: BatchLimits,
  { lanes, room }: BatchPlaces,
  files: readonly FileToLoad[],
): AsyncGenerator<Batch> {
  const begin = async () => {
    const lane = await lanes.take()
    return new OpenBatch(limits, lane, await lane.openSpool())
  }
  let batch = await begin()
  try {
    for (const file of files.filter(({ open }) => !open.staged)) {
      // Marks mean line ends in some files, and nothing in others: these are never stored together.
      if (batch.parts.some((part) => isMarked(part.file) !== isMarked(file))) {
        yield await batch.end()
        batch = await begin()
      }
      for await (const { part, bytes } of partsOf(limits, file, room)) {
        await batch.add(part, bytes)
        if (!batch.isFull) continue
        yield await batch.end()
        batch = await begin()
      }
      batch.ended.push(file)
    }
    if (batch.parts.length > 0 || batch.ended.length > 0) yield await batch.end()
  } finally {
    await batch.end()
  }
}

/** A file that is one resource or a Bundle: its lines hold marks for line ends. */
export const isMarked = ({ verified }: FileToLoad): boolean => verified.form !== undefined

class OpenBatch {
  readonly parts: Part[] = []
  readonly ended: FileToLoad[] = []
  readonly #limits: BatchLimits
  readonly #lane: Lane
  readonly #spool: Spool
  #bytes = 0
  #lines = 0
  #ended = false

  constructor(limits: BatchLimits, lane: Lane, spool: Spool) {
    this.#limits = limits
    this.#lane = lane
    this.#spool = spool
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limits.blockBytes || this.#lines >= batchLines
  }

  async add(part: Part, bytes: Buffer): Promise<void> {
    await this.#spool.write(bytes)
    this.parts.push(part)
    this.#bytes += bytes.length
    this.#lines += part.lines
  }

  async end(): Promise<Batch> {
    if (!this.#ended) await this.#spool.close()
    this.#ended = true
    return { lane: this.#lane, spoolPath: this.#spool.path, parts: this.parts, ended: this.ended }
  }
}

/** The text of a part stands until the next is asked for. */
async function* partsOf(
  limits: BatchLimits,
  file: FileToLoad,
  room: BlockRoom,
): AsyncGenerator<{ readonly part: Part; readonly bytes: Buffer }> {
  const { verified, open } = file
  const stamp = fileStamp(verified.path)
  if (stamp.bytes !== verified.bytes || stamp.modifiedMs !== verified.modifiedMs) throw changed(verified)
  let loaded = open.loadedLines
  const { maxLineBytes } = limits
  const ofBlocks = { maxLineBytes, blockBytes: Math.min(limits.blockBytes, pieceBytes) }
  const from = { byte: open.loadedBytes, line: open.loadedLines + 1 }
  for await (const text of cutBlocks(openFileText(verified), ofBlocks, from, room)) {
    const { firstLine, endByte, unended } = text
    const { bytes, lines, starts, longestLineBytes, faults } = cleanBlock(text, maxLineBytes, isMarked(file))
    loaded += lines
    yield { part: { file, firstLine, lines, endByte, starts, unended, longestLineBytes, faults }, bytes }
  }
  if (loaded !== verified.lines) throw changed(verified)
}

function changed(file: VerifiedFile) {
  return fault('input', 'ingest/file-changed', 'The file changed while it was being loaded.', {
    place: { file: file.path },
    remedy: 'Wait until the export is complete, then run the same command again.',
  })
}
