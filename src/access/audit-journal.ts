import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { Session } from '../duck/index.ts'
import { type AuditRow, insertAuditRows, readKnownRequests } from '../store/index.ts'

/** Rows that are on their way into the table, in a file beside the database: a process that ends loses none of them. */
export interface AuditJournal {
  /** Hands the row to the operating system before it returns. Throws what writing throws (a full disk). */
  append(row: AuditRow): void
  /** Leaves these rows alone in the file: all others are in the table. */
  keepOnly(rows: readonly AuditRow[]): void
  close(): void
}

/** A file that grew beyond this is written anew although rows are waiting. */
const rewriteBytes = 1024 * 1024
const ownerOnly = 0o600

const lineOf = (row: AuditRow): string => `${JSON.stringify(row)}\n`

/** Opens (and creates) a journal. What an earlier process left in it is still there: see `takeOverJournal`. */
export function openAuditJournal(path: string): AuditJournal {
  let file = openSync(path, 'a', ownerOnly)
  return {
    append: (row) => void writeSync(file, lineOf(row)),
    keepOnly(rows) {
      if (rows.length === 0) ftruncateSync(file)
      else if (fstatSync(file).size > rewriteBytes) {
        file = rewritten(path, file, rows)
      }
    },
    close: () => closeSync(file),
  }
}

/** The file with these rows alone, put in the place of the old one in one step. */
function rewritten(path: string, old: number, rows: readonly AuditRow[]): number {
  const next = `${path}.new`
  const file = openSync(next, 'w', ownerOnly)
  writeSync(file, rows.map(lineOf).join(''))
  closeSync(file)
  renameSync(next, path)
  closeSync(old)
  return openSync(path, 'a', ownerOnly)
}

/**
 * Writes what an earlier process left in a journal into the table, each row once, and says how many that were. The last
 * line may be cut: its request was then not answered.
 */
export async function takeOverJournal(session: Session, path: string): Promise<number> {
  if (!existsSync(path)) return 0
  const left = readFileSync(path, 'utf8').split('\n').flatMap(readLine)
  const known = await readKnownRequests(
    session,
    left.map(({ requestId }) => requestId),
  )
  const missing = left.filter(({ requestId }) => !known.has(requestId))
  if (missing.length > 0) await insertAuditRows(session, missing)
  const file = openSync(path, 'a', ownerOnly)
  ftruncateSync(file)
  closeSync(file)
  return missing.length
}

function readLine(line: string): readonly AuditRow[] {
  if (line === '') return []
  try {
    return [JSON.parse(line) as AuditRow]
  } catch {
    return []
  }
}
