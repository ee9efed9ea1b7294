import type { Session } from '../duck/index.ts'
import { forManyRows } from './many-rows.ts'

/** How far files are staged, of their uncompressed text. */
export interface FileProgress {
  readonly fileId: number
  readonly loadedBytes: number
  readonly loadedLines: number
}

/** Records how far files are staged; part of the transaction that staged it, so that both hold or neither. */
export async function recordProgress(session: Session, files: readonly FileProgress[]): Promise<void> {
  await forManyRows(
    session,
    files,
    { fileId: 'INTEGER', loadedBytes: 'BIGINT', loadedLines: 'BIGINT' },
    (table) => `UPDATE source_file SET loaded_bytes = n."loadedBytes", loaded_lines = n."loadedLines"
      FROM ${table} n WHERE source_file.file_id = n."fileId"`,
  )
}

const countOf = (table: string) => `(SELECT file_id, count(*) AS n FROM ${table} GROUP BY file_id)`

/** Marks files as wholly staged: good lines are counted from what stands staged, not from what was meant. */
export async function finishStaging(
  session: Session,
  files: readonly { readonly fileId: number; readonly lines: number; readonly blank: number }[],
): Promise<void> {
  await forManyRows(
    session,
    files,
    { fileId: 'INTEGER', lines: 'BIGINT', blank: 'BIGINT' },
    (table) => `UPDATE source_file SET state = 'staged', lines = n.lines, blank = n.blank, good = n.good,
        quarantined = n.quarantined
      FROM (SELECT f.*, coalesce(g.n, 0) AS good, coalesce(q.n, 0) AS quarantined
        FROM ${table} f LEFT JOIN ${countOf('job_line')} g ON g.file_id = f."fileId"
        LEFT JOIN ${countOf('quarantine')} q ON q.file_id = f."fileId") n
      WHERE source_file.file_id = n."fileId"`,
  )
}
