import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { fault } from '../base/index.ts'

/**
 * Rows that are on their way into a table, in a file beside the database: a process that ends loses none of them. They cost
 * microseconds where a commit takes milliseconds; the power of the machine is what they do not outlive.
 */
export interface LineJournal<T> {
  /** Hands the row to the operating system before it returns. Throws what writing throws (a full disk). */
  append(row: T): void
  /** Leaves these rows alone in the file: all others are in the table. */
  keepOnly(rows: readonly T[]): void
  close(): void
}

/** A file that grew beyond this is written anew although rows are waiting. */
const rewriteBytes = 1024 * 1024
const ownerOnly = 0o600

const lineOf = (row: unknown): string => `${JSON.stringify(row)}\n`

/** Opens (and creates) a journal. What an earlier process left in it is still there: see `takeOver`. */
export function openJournal<T>(path: string): LineJournal<T> {
  let file = openSync(path, 'a', ownerOnly)
  return {
    append: (row) => appendWhole(file, Buffer.from(lineOf(row))),
    keepOnly(rows) {
      if (rows.length === 0) ftruncateSync(file)
      else if (fstatSync(file).size > rewriteBytes) file = rewritten(path, file, rows)
    },
    close: () => closeSync(file),
  }
}

/** The line, or nothing of it: a cut one would spoil the next. */
function appendWhole(file: number, line: Buffer): void {
  const { size } = fstatSync(file)
  let written = 0
  try {
    written = writeSync(file, line)
  } finally {
    if (written < line.length) ftruncateSync(file, size)
  }
  if (written === line.length) return
  throw fault('system', 'store/journal-full', 'A row cannot be kept beside the database.', {
    remedy: 'Make room on the disk that holds it.',
  })
}

/** The file with these rows alone, put in the place of the old one in one step. */
function rewritten(path: string, old: number, rows: readonly unknown[]): number {
  const next = `${path}.new`
  const file = openSync(next, 'w', ownerOnly)
  writeSync(file, rows.map(lineOf).join(''))
  closeSync(file)
  renameSync(next, path)
  closeSync(old)
  return openSync(path, 'a', ownerOnly)
}

/**
 * Gives what an earlier process left in a journal to `write`, and empties it when that is done. `write` is given rows as they
 * were appended, and may have some of them already. Fault: `store/journal-broken`; only the last line may be cut, for who
 * wrote it had not gone on.
 */
export async function takeOver(path: string, write: (rows: readonly unknown[]) => Promise<void>): Promise<void> {
  if (!existsSync(path)) return
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const left = lines.map((line, index) => readLine(line, { file: path, line: index + 1 }))
  if (left.length > 0) await write(left)
  const file = openSync(path, 'a', ownerOnly)
  ftruncateSync(file)
  closeSync(file)
}

function readLine(line: string, place: { readonly file: string; readonly line: number }): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    // The reason is left out on purpose: it could quote the row.
    throw fault('input', 'store/journal-broken', 'A line that an earlier process left for the database is damaged.', {
      place,
      remedy: 'Mend the line, or take it out if it cannot be mended; the lines beside it are taken over then.',
    })
  }
}
