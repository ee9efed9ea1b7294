import type { Session } from '../duck/index.ts'
import { forManyRows } from './many-rows.ts'

export type PullSection = 'output' | 'error' | 'deleted'

/** A file of an export: known by its place in the manifest, never by its URL, which may change and may be signed. */
export interface PullFile {
  readonly section: PullSection
  /** Page of the manifest and place in the page's section, from 0. */
  readonly page: number
  readonly place: number
  readonly type: string | null
  /** Its name in the pull's folder. */
  readonly name: string
  readonly declaredCount: number | null
}

export interface PulledFile extends PullFile {
  readonly state: 'pending' | 'downloaded' | 'failed'
  readonly tries: number
  /** Of the uncompressed text, as are `lines` (blank ones left out) and `sha256`. */
  readonly bytes: number | null
  readonly lines: number | null
  readonly sha256: string | null
  readonly message: string | null
}

/** The files of a pull in the manifest's order. */
export function readPullFiles(session: Session, pullId: number): Promise<PulledFile[]> {
  return session.all<PulledFile>(
    `SELECT section, page, place, type, name, declared_count::DOUBLE AS "declaredCount", state, tries,
       bytes::DOUBLE AS bytes, lines::DOUBLE AS lines, sha256, message
     FROM pull_file WHERE pull_id = $id ORDER BY section, page, place`,
    { id: pullId },
  )
}

/**
 * Registers the files of a manifest and moves the pull on to downloading, in one transaction. Files that are known
 * keep what is recorded of them; what the manifest does not name any more is dropped.
 */
export async function recordManifest(
  session: Session,
  pullId: number,
  files: readonly PullFile[],
  transactionTime: string | undefined,
): Promise<void> {
  await session.transaction(async () => {
    const known = new Map((await readPullFiles(session, pullId)).map((file) => [keyOf(file), file]))
    const same = (file: PullFile) => {
      const before = known.get(keyOf(file))
      return before?.name === file.name && before.declaredCount === file.declaredCount
    }
    if (known.size !== files.length || !files.every(same)) {
      await session.run('DELETE FROM pull_file WHERE pull_id = $id', { id: pullId })
      await insertFiles(session, pullId, files)
    }
    await session.run(
      `UPDATE pull SET state = 'downloading', transaction_time = coalesce($time, transaction_time) WHERE pull_id = $id`,
      { id: pullId, time: transactionTime ?? null },
    )
  })
}

const keyOf = (file: PullFile): string => `${file.section} ${file.page} ${file.place}`

async function insertFiles(session: Session, pullId: number, files: readonly PullFile[]): Promise<void> {
  await forManyRows(
    session,
    files,
    {
      section: 'VARCHAR',
      page: 'INTEGER',
      place: 'INTEGER',
      type: 'VARCHAR',
      name: 'VARCHAR',
      declaredCount: 'BIGINT',
    },
    (table) => `INSERT INTO pull_file (pull_id, section, page, place, type, name, declared_count, state)
      SELECT $id, section, page, place, type, name, "declaredCount", 'pending' FROM ${table}`,
    { id: pullId },
  )
}

/** How an attempt at a file ended. */
export interface FileEnd {
  readonly state: 'downloaded' | 'failed'
  readonly tries: number
  readonly bytes?: number
  readonly lines?: number
  readonly sha256?: string
  readonly message?: string
}

/** Records how the download of a file ended. One statement, so that downloads side by side do not meet. */
export async function recordPullFile(session: Session, pullId: number, file: PullFile, end: FileEnd): Promise<void> {
  await session.run(
    `UPDATE pull_file SET state = $state, tries = tries + $tries, bytes = $bytes, lines = $lines, sha256 = $sha,
       message = $message, finished_at = now()::TIMESTAMP
     WHERE pull_id = $id AND section = $section AND page = $page AND place = $place`,
    {
      id: pullId,
      section: file.section,
      page: file.page,
      place: file.place,
      state: end.state,
      tries: end.tries,
      bytes: end.bytes ?? null,
      lines: end.lines ?? null,
      sha: end.sha256 ?? null,
      message: end.message ?? null,
    },
  )
}
