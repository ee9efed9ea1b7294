import type { Session } from '../duck/index.ts'

/** Records how far a file is staged; part of the transaction that staged it, so that both hold or neither. */
export async function recordProgress(
  session: Session,
  progress: { fileId: number; loadedBytes: number; loadedLines: number },
): Promise<void> {
  await session.run(
    'UPDATE source_file SET loaded_bytes = $loadedBytes, loaded_lines = $loadedLines WHERE file_id = $fileId',
    progress,
  )
}

/** Marks a file as wholly staged: its good lines are counted from what stands staged, not from what was meant. */
export async function finishStaging(
  session: Session,
  file: { fileId: number; lines: number; blank: number },
): Promise<void> {
  await session.run(
    `UPDATE source_file SET state = 'staged', lines = $lines, blank = $blank,
       good = (SELECT count(*) FROM job_line WHERE file_id = $fileId),
       quarantined = (SELECT count(*) FROM quarantine WHERE file_id = $fileId)
     WHERE file_id = $fileId`,
    file,
  )
}
