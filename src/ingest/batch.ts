import { fault } from '../base/index.ts'
import { type LineOrigin, type OpenFile, rowGroupRows } from '../store/index.ts'
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

/** A part, with its text while that stands. */
interface Piece {
  readonly part: Part
  readonly bytes: Buffer
}

/** What is parsed and stored at once: a block of a large file, or the blocks of many small ones. */
export interface Batch {
  readonly lane: Lane
  readonly spoolPath: string
  readonly parts: readonly Part[]
  /** Its last line fills a row group, or is the export's last: nothing will come that a row group has room for. */
  readonly fillsUp: boolean
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
  /** From so many on lines are loaded otherwise than a few, which are one batch. */
  readonly manyLines: number
}

/**
 * So many lines of a small export make a batch, however short: few enough to keep all lanes busy, in little memory; each looks
 * through the keys of all lines, so that far smaller ones cost more in a large store.
 */
const batchLines = 30_000
/**
 * Of an export of so many lines each batch ends where a row group does: that is written to the file once, at once. One that is
 * not full when it is written is written anew with what comes after it.
 */
const largeLines = rowGroupRows / 2
/** Files are cut into pieces no larger than this. */
const pieceBytes = 16 * 1024 * 1024

/** What is not staged yet of verified files, in batches, each spooled for a lane that is free. */
export async function* batchesOf(
  limits: BatchLimits,
  { lanes, room, manyLines }: BatchPlaces,
  files: readonly FileToLoad[],
): AsyncGenerator<Batch> {
  const toLoad = files.filter(({ open }) => !open.staged)
  const all = toLoad.reduce((sum, { verified, open }) => sum + verified.lines - open.loadedLines, 0)
  const isLarge = all >= largeLines
  const smallLines = all < manyLines ? largeLines : batchLines
  let lines = 0
  const begin = async () => {
    const lane = await lanes.take()
    const most = isLarge ? rowGroupRows - (lines % rowGroupRows) : smallLines
    return new OpenBatch(limits, lane, await lane.openSpool(), most)
  }
  let batch = await begin()
  const end = () => batch.end(isLarge && lines % rowGroupRows === 0)
  try {
    for (const file of toLoad) {
      // Marks mean line ends in some files, and nothing in others: these are never stored together.
      if (batch.parts.some((part) => isMarked(part.file) !== isMarked(file))) {
        yield await end()
        batch = await begin()
      }
      for await (const whole of partsOf(limits, file, room)) {
        for (let rest: Piece | undefined = whole; rest !== undefined; ) {
          const [piece, after]: readonly [Piece, Piece?] = cutPiece(rest, batch.linesLeft)
          await batch.add(piece)
          lines += piece.part.lines
          rest = after
          if (!batch.isFull) continue
          yield await end()
          batch = await begin()
        }
      }
      batch.ended.push(file)
    }
    if (batch.parts.length > 0 || batch.ended.length > 0) yield await batch.end(isLarge)
  } finally {
    await batch.end(false)
  }
}

/** So many lines of a piece, and the rest of it where it has more. */
function cutPiece(piece: Piece, lines: number): readonly [Piece, Piece?] {
  const { part, bytes } = piece
  if (part.lines <= lines) return [piece]
  let end = 0
  for (let line = 0; line < lines; line++) end = bytes.indexOf(lineFeed, end) + 1
  const line = part.firstLine + lines
  const endByte = part.starts[lines] ?? part.endByte
  const first = { lines, endByte, starts: part.starts.subarray(0, lines), unended: false }
  const rest = { firstLine: line, lines: part.lines - lines, starts: part.starts.subarray(lines) }
  return [
    {
      part: { ...part, ...first, faults: part.faults.filter((fault) => fault.line < line) },
      bytes: bytes.subarray(0, end),
    },
    {
      part: { ...part, ...rest, faults: part.faults.filter((fault) => fault.line >= line) },
      bytes: bytes.subarray(end),
    },
  ]
}

const lineFeed = 10

/** A file that is one resource or a Bundle: its lines hold marks for line ends. */
export const isMarked = ({ verified }: FileToLoad): boolean => verified.form !== undefined

class OpenBatch {
  readonly parts: Part[] = []
  readonly ended: FileToLoad[] = []
  readonly #limits: BatchLimits
  readonly #lane: Lane
  readonly #spool: Spool
  #bytes = 0
  #linesLeft: number
  #ended = false

  constructor(limits: BatchLimits, lane: Lane, spool: Spool, lines: number) {
    this.#limits = limits
    this.#lane = lane
    this.#spool = spool
    this.#linesLeft = lines
  }

  /** So many lines more may be added. */
  get linesLeft(): number {
    return this.#linesLeft
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limits.blockBytes || this.#linesLeft === 0
  }

  async add({ part, bytes }: Piece): Promise<void> {
    await this.#spool.write(bytes)
    this.parts.push(part)
    this.#bytes += bytes.length
    this.#linesLeft -= part.lines
  }

  async end(fillsUp: boolean): Promise<Batch> {
    if (!this.#ended) await this.#spool.close()
    this.#ended = true
    return { lane: this.#lane, spoolPath: this.#spool.path, parts: this.parts, ended: this.ended, fillsUp }
  }
}

/** The text of a part stands until the next is asked for. */
async function* partsOf(limits: BatchLimits, file: FileToLoad, room: BlockRoom): AsyncGenerator<Piece> {
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
