import type { Session } from '../duck/index.ts'

/** One file of a load, with every count; they are null until they are known. */
export interface LoadFile {
  readonly jobId: number
  readonly path: string
  readonly declaredType: string | null
  readonly declaredCount: number | null
  readonly bytes: number
  readonly sha256: string
  readonly state: string
  readonly lines: number | null
  readonly blank: number | null
  readonly good: number | null
  readonly quarantined: number | null
  readonly inserted: number | null
  readonly updated: number | null
  readonly unchanged: number | null
  readonly duplicate: number | null
  readonly older: number | null
}

/** One load of a source, from a pull or from files. */
export interface Load {
  readonly jobId: number
  readonly kind: string
  readonly source: string | null
  readonly origin: string
  readonly state: string
  readonly transactionTime: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly message: string | null
  readonly files: readonly LoadFile[]
}

/** Every load, newest first. */
export async function readLoads(session: Session): Promise<Load[]> {
  const jobs = await session.all<Omit<Load, 'files'>>(
    `SELECT j.job_id AS "jobId", j.kind, s.name AS source, j.origin, j.state, j.transaction_time AS "transactionTime",
       strftime(j.started_at, '%Y-%m-%dT%H:%M:%SZ') AS "startedAt",
       strftime(j.finished_at, '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt", j.message
     FROM job j LEFT JOIN source s ON s.source_id = j.source_id ORDER BY j.job_id DESC`,
  )
  const counts = ['lines', 'blank', 'good', 'quarantined', 'inserted', 'updated', 'unchanged', 'duplicate', 'older']
  const files = await session.all<LoadFile>(
    `SELECT job_id AS "jobId", path, declared_type AS "declaredType", declared_count::DOUBLE AS "declaredCount",
       bytes::DOUBLE AS bytes, sha256, state, ${counts.map((name) => `${name}::DOUBLE AS ${name}`).join(', ')}
     FROM source_file ORDER BY file_id`,
  )
  return jobs.map((job) => ({
    ...job,
    files: files.filter(({ jobId }) => jobId === job.jobId),
  }))
}
