import { fault, invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { forgetPersonLines } from './person-line.ts'

/** What became of the good lines of a file. */
export interface FileCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  /** Lines that repeat a resource of the same job; of several versions the newest counts. */
  readonly duplicate: number
  /**
   * Lines older (meta.lastUpdated) than what is current, or reduced (SUBSETTED) where that is whole: kept as a version,
   * but not made current.
   */
  readonly older: number
}

/** How a staged file ended: its lines, and the verdicts. lines = blank + quarantined + good. */
export interface PublishedFile extends FileCounts {
  readonly fileId: number
  readonly lines: number
  readonly blank: number
  readonly quarantined: number
  readonly good: number
  /** Good lines of another resource type than the manifest declared. */
  readonly otherType: number
}

const verdicts = ['inserted', 'updated', 'unchanged', 'duplicate', 'older'] as const

/**
 * Makes wholly staged jobs current, of as many sources, in one transaction: of each resource the newest line counts, an older
 * one never replaces a newer one, nor one that is reduced a whole one. What became of the files of each. Faults:
 * `store/rid-collision`; an invariant where the counts do not add up.
 */
export async function publishJobs(session: Session, jobIds: readonly number[]): Promise<PublishedFile[][]> {
  const jobs = jobIds.map(Number).join(', ')
  return session.transaction(async () => {
    await judgeLines(session, jobs)
    await refuseCollision(session)
    const first = await takeSequence(session, jobIds)
    const seqs = `job_verdict v JOIN source_file f ON f.file_id = v.file_id JOIN job j ON j.job_id = f.job_id`
    await session.run(
      `INSERT INTO left_patient SELECT DISTINCT j.published_seq, former_spid FROM ${seqs}
       WHERE verdict = 'updated' AND former_spid IS NOT NULL AND former_spid IS DISTINCT FROM spid`,
    )
    await session.run(
      `DELETE FROM resource_current WHERE rid IN (SELECT rid FROM job_verdict WHERE verdict IN ('updated', 'inserted'))`,
    )
    await session.run(
      `INSERT INTO resource_current
       SELECT v.rid, v.hash, v.spid, f.source_id, v.type, v.id, v.updated_us, j.published_seq, false, v.reduced FROM ${seqs}
       WHERE v.verdict IN ('updated', 'inserted') ORDER BY j.published_seq, v.spid NULLS FIRST, v.rid`,
    )
    await forgetPersonLines(session, `c.changed_seq >= ${first}`)
    await countVerdicts(session, jobs)
    const files = await filesOf(session, jobs)
    for (const file of files) reconcile(file)
    await session.run(`DELETE FROM job_line WHERE job_id IN (${jobs})`)
    await session.run(`UPDATE job SET state = 'published', finished_at = now()::TIMESTAMP WHERE job_id IN (${jobs})`)
    return jobIds.map((jobId) => files.filter((file) => file.jobId === jobId))
  })
}

/** Numbers the publications, in the order of the jobs; the first number. */
async function takeSequence(session: Session, jobIds: readonly number[]): Promise<number> {
  const row = await session.first<{ seq: number }>(
    'SELECT coalesce(max(published_seq), 0)::INTEGER + 1 AS seq FROM job',
  )
  const seq = row?.seq ?? 1
  const seqs = jobIds.map((jobId, index) => `(${jobId}, ${seq + index})`)
  await session.run(
    `UPDATE job SET published_seq = n.seq FROM (VALUES ${seqs.join(', ')}) n(job_id, seq) WHERE job.job_id = n.job_id`,
  )
  return seq
}

async function judgeLines(session: Session, jobs: string): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE job_verdict AS
     WITH repeated AS (SELECT rid FROM job_line WHERE job_id IN (${jobs}) GROUP BY rid HAVING count(*) > 1),
     ranked AS (
       SELECT rid, file_id, line_no, row_number() OVER (PARTITION BY rid ORDER BY reduced, updated_us DESC NULLS LAST,
         TRY_CAST(version_id AS BIGINT) DESC NULLS LAST, file_id DESC, line_no DESC) AS place
       FROM job_line SEMI JOIN repeated USING (rid) WHERE job_id IN (${jobs})),
     lost AS (SELECT file_id, line_no FROM ranked WHERE place > 1)
     SELECT j.file_id, j.rid, j.hash, j.spid, c.spid AS former_spid, j.type, j.id, j.updated_us, j.reduced,
       c.rid IS NOT NULL AND (c.type <> j.type OR c.id <> j.id) AS collides,
       CASE WHEN l.line_no IS NOT NULL THEN 'duplicate'
         WHEN c.rid IS NULL OR c.deleted THEN 'inserted'
         WHEN c.hash = j.hash THEN 'unchanged'
         WHEN j.reduced AND NOT c.reduced THEN 'older'
         WHEN j.updated_us >= c.updated_us OR j.updated_us IS NULL OR c.updated_us IS NULL THEN 'updated'
         ELSE 'older' END AS verdict
     FROM job_line j
     LEFT JOIN lost l ON l.file_id = j.file_id AND l.line_no = j.line_no
     LEFT JOIN resource_current c ON c.rid = j.rid
     WHERE j.job_id IN (${jobs})`,
  )
}

async function refuseCollision(session: Session): Promise<void> {
  const found = await session.first<{ type: string; id: string }>(
    `SELECT type, id FROM job_verdict WHERE collides
     UNION ALL
     SELECT any_value(v.type), any_value(v.id) FROM job_verdict v
     WHERE v.rid IN (SELECT rid FROM job_verdict WHERE verdict = 'duplicate')
     GROUP BY v.rid HAVING count(DISTINCT v.type || '/' || v.id) > 1 LIMIT 1`,
  )
  if (found === undefined) return
  throw fault('system', 'store/rid-collision', 'Two different resources of one source have the same internal key.', {
    place: { resource: `${found.type}/${found.id}` },
    remedy: 'Report this: the export is sound, and the key must be widened.',
  })
}

async function countVerdicts(session: Session, jobs: string): Promise<void> {
  const sums = verdicts.map((name) => `count(*) FILTER (verdict = '${name}') AS ${name}`).join(', ')
  await session.run(
    `UPDATE source_file AS f SET inserted = coalesce(n.inserted, 0), updated = coalesce(n.updated, 0),
       unchanged = coalesce(n.unchanged, 0), duplicate = coalesce(n.duplicate, 0), older = coalesce(n.older, 0),
       other_type = coalesce(n.other_type, 0), state = 'published', finished_at = now()::TIMESTAMP
     FROM (SELECT s.file_id, ${verdicts.map((name) => `v.${name}`).join(', ')}, v.other_type
       FROM source_file s LEFT JOIN (
         SELECT v.file_id, count(*) FILTER (v.type <> s.declared_type) AS other_type, ${sums}
         FROM job_verdict v JOIN source_file s ON s.file_id = v.file_id GROUP BY v.file_id) v ON v.file_id = s.file_id
       WHERE s.job_id IN (${jobs})) n
     WHERE f.file_id = n.file_id`,
  )
}

/** The counts of a published job's files, in the order of the job. */
export function publishedFiles(session: Session, jobId: number): Promise<PublishedFile[]> {
  return filesOf(session, String(jobId))
}

async function filesOf(session: Session, jobs: string): Promise<(PublishedFile & { readonly jobId: number })[]> {
  const columns = ['lines', 'blank', 'quarantined', 'good', ...verdicts].map((name) => `${name}::DOUBLE AS ${name}`)
  return session.all(
    `SELECT job_id AS "jobId", file_id AS "fileId", ${columns.join(', ')}, other_type::DOUBLE AS "otherType"
     FROM source_file WHERE job_id IN (${jobs}) ORDER BY file_id`,
  )
}

function reconcile(file: PublishedFile): void {
  const { lines, blank, quarantined, good } = file
  const judged = verdicts.reduce((sum, name) => sum + file[name], 0)
  invariant(
    lines === blank + quarantined + good,
    `file ${file.fileId}: ${lines} lines = ${blank} + ${quarantined} + ${good}`,
  )
  invariant(good === judged, `file ${file.fileId}: ${good} good lines = ${judged} verdicts`)
}
