import type { Session } from '../duck/index.ts'
import { forManyRows } from './many-rows.ts'
import { forgetAllPersonLines } from './person-line.ts'

/** One source (an EHR, a payer) as the ledger knows it. */
export interface SourceEntry {
  readonly name: string
  /** IANA zone of its clinicians. */
  readonly timeZone: string
  /** FHIR base of the server, with its last slash: absolute references that start with it are local. */
  readonly baseUrl?: string
}

/** A file that a job will load, after its bytes were checked. */
export interface FileEntry {
  readonly path: string
  readonly declaredType?: string
  readonly declaredCount?: number
  readonly bytes: number
  readonly sha256: string
}

/** A file of an open job, and how far it is staged (of its uncompressed text). */
export interface OpenFile {
  readonly fileId: number
  readonly path: string
  readonly sha256: string
  readonly loadedBytes: number
  readonly loadedLines: number
  readonly staged: boolean
}

export interface OpenJob {
  readonly jobId: number
  readonly files: readonly OpenFile[]
}

/** The source's id, created where unknown; its zone and base are brought up to date. */
export async function ensureSource(session: Session, source: SourceEntry): Promise<number> {
  const known = await session.first<{ id: number; zone: string; base: string | null }>(
    'SELECT source_id AS id, time_zone AS zone, base_url AS base FROM source WHERE name = $name',
    { name: source.name },
  )
  const values = { name: source.name, zone: source.timeZone, base: source.baseUrl ?? null }
  if (known === undefined) {
    await session.run(
      `INSERT INTO source SELECT coalesce(max(source_id), 0) + 1, $name, $zone, $base, now()::TIMESTAMP FROM source`,
      values,
    )
    return ensureSource(session, source)
  }
  if (known.zone !== values.zone || known.base !== (values.base ?? known.base))
    await session.transaction(async () => {
      await session.run(
        'UPDATE source SET time_zone = $zone, base_url = coalesce($base, base_url) WHERE name = $name',
        values,
      )
      await forgetAllPersonLines(session)
    })
  return known.id
}

/** Registers a job and its files in one transaction; nothing of them is loaded yet. */
export async function openJob(
  session: Session,
  job: { sourceId: number; origin: string; transactionTime?: string; files: readonly FileEntry[] },
): Promise<OpenJob> {
  return session.transaction(async () => {
    const next = await session.first<{ job: number; file: number }>(
      `SELECT (SELECT coalesce(max(job_id), 0)::INTEGER + 1 FROM job) AS job,
         (SELECT coalesce(max(file_id), 0)::INTEGER + 1 FROM source_file) AS file`,
    )
    const { job: jobId, file: first } = next ?? { job: 1, file: 1 }
    await session.run(
      `INSERT INTO job (job_id, kind, source_id, origin, state, transaction_time, started_at)
       VALUES ($job, 'ingest', $source, $origin, 'loading', $time, now()::TIMESTAMP)`,
      { job: jobId, source: job.sourceId, origin: job.origin, time: job.transactionTime ?? null },
    )
    const rows = job.files.map(({ path, declaredType = null, declaredCount = null, bytes, sha256 }, index) => {
      return { file: first + index, path, type: declaredType, count: declaredCount, bytes, sha: sha256 }
    })
    await forManyRows(
      session,
      rows,
      { file: 'INTEGER', path: 'VARCHAR', type: 'VARCHAR', count: 'BIGINT', bytes: 'BIGINT', sha: 'VARCHAR' },
      (table) => `INSERT INTO source_file
          (file_id, job_id, source_id, path, declared_type, declared_count, bytes, sha256, state)
        SELECT file, $job, $source, path, type, count, bytes, sha, 'pending' FROM ${table}`,
      { job: jobId, source: job.sourceId },
    )
    const files = rows.map(({ file, path, sha }) => {
      return { fileId: file, path, sha256: sha, loadedBytes: 0, loadedLines: 0, staged: false }
    })
    return { jobId, files }
  })
}

/** Jobs of a source that were begun and neither published nor discarded: a process was stopped in them. */
export async function findOpenJobs(session: Session, sourceId: number): Promise<OpenJob[]> {
  const jobs = await session.all<{ job_id: number }>(
    `SELECT job_id FROM job WHERE source_id = $source AND kind = 'ingest' AND state = 'loading' ORDER BY job_id`,
    { source: sourceId },
  )
  const open: OpenJob[] = []
  for (const job of jobs) open.push({ jobId: job.job_id, files: await filesOf(session, job.job_id) })
  return open
}

/**
 * The source's newest published job where it loaded just these bytes under these declarations: loading them again would
 * change nothing. Undefined where anything is new.
 */
export async function findEqualJob(
  session: Session,
  sourceId: number,
  files: readonly Pick<FileEntry, 'sha256' | 'declaredType'>[],
): Promise<number | undefined> {
  const loaded = await session.all<{ job: number; key: string | null }>(
    `SELECT j.job_id AS job, f.sha256 || ' ' || coalesce(f.declared_type, '') AS key FROM (
       SELECT job_id FROM job WHERE source_id = $source AND kind = 'ingest' AND state = 'published'
       ORDER BY published_seq DESC LIMIT 1) j LEFT JOIN source_file f ON f.job_id = j.job_id ORDER BY f.file_id`,
    { source: sourceId },
  )
  const keys = loaded.flatMap(({ key }) => (key === null ? [] : [key]))
  const wanted = files.map(({ sha256, declaredType = '' }) => `${sha256} ${declaredType}`)
  return JSON.stringify(keys) === JSON.stringify(wanted) ? loaded[0]?.job : undefined
}

/** Takes back all that an unpublished job staged. What other jobs published stays as it is. */
export async function discardJob(session: Session, jobId: number, message: string): Promise<void> {
  const job = { job: jobId }
  const files = '(SELECT file_id FROM source_file WHERE job_id = $job)'
  await session.transaction(async () => {
    await session.run(
      `DELETE FROM raw_line WHERE file_id IN ${files} AND NOT EXISTS (
         SELECT 1 FROM resource_current c WHERE c.rid = raw_line.rid AND c.hash = raw_line.hash)`,
      job,
    )
    await forgetAllPersonLines(session)
    await session.run(
      `DELETE FROM resolved_line WHERE NOT EXISTS (
         SELECT 1 FROM raw_line l WHERE l.rid = resolved_line.rid AND l.hash = resolved_line.hash)`,
    )
    await session.run('DELETE FROM job_line WHERE job_id = $job', job)
    await session.run(`DELETE FROM quarantine WHERE file_id IN ${files}`, job)
    await session.run(`UPDATE source_file SET state = 'discarded' WHERE job_id = $job`, job)
    await session.run(
      `UPDATE job SET state = 'discarded', finished_at = now()::TIMESTAMP, message = $message WHERE job_id = $job`,
      { ...job, message },
    )
  })
}

async function filesOf(session: Session, jobId: number): Promise<OpenFile[]> {
  return session.all<OpenFile>(
    `SELECT file_id AS "fileId", path, sha256, loaded_bytes::DOUBLE AS "loadedBytes",
       loaded_lines::DOUBLE AS "loadedLines", state <> 'pending' AS staged
     FROM source_file WHERE job_id = $job ORDER BY file_id`,
    { job: jobId },
  )
}
