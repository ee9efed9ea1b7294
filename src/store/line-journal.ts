import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

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
    append: (row) => void writeSync(file, lineOf(row)),
    keepOnly(rows) {
      if (rows.length === 0) ftruncateSync(file)
      else if (fstatSync(file).size > rewriteBytes) file = rewritten(path, file, rows)
    },
    close: () => closeSync(file),
  }
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
 * Gives what an earlier process left in a journal to `write`, and empties it when that is done. The last line may be cut: who
 * wrote it had not gone on. `write` is given rows as they
 * were appended, and may have some of them already.
 */
export async function takeOver(path: string, write: (rows: readonly unknown[]) => Promise<void>): Promise<void> {
  if (!existsSync(path)) return
  const left = readFileSync(path, 'utf8').split('\n').flatMap(readLine)
  if (left.length > 0) await write(left)
  const file = openSync(path, 'a', ownerOnly)
  ftruncateSync(file)
  closeSync(file)
}

function readLine(line: string): readonly unknown[] {
  if (line === '') return []
  try {
    return [JSON.parse(line) as unknown]
  } catch {
    return []
  }
}
