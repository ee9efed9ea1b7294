import type { Session } from '../duck/index.ts'
import { dataDatesSql } from './coverage.ts'

/** What one source brought. */
export interface SourceQuality {
  readonly source: string
  readonly timeZone: string
  readonly sourcePatients: number
  readonly files: number
  readonly lines: number
  readonly good: number
  readonly quarantined: number
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly duplicate: number
  readonly lastLoaded: string | null
  /** Whom it alone knows does not count. */
  readonly outside: boolean
  /** As of when its data are. */
  readonly dataOf: string | null
}

/** Every source with its sums, in order of name. */
export function readSourceQuality(session: Session): Promise<SourceQuality[]> {
  return session.all<SourceQuality>(
    `SELECT s.name AS source, s.time_zone AS "timeZone", s.name IN (SELECT name FROM outside_source) AS outside,
       (SELECT count(*) FROM source_patient sp WHERE sp.source_id = s.source_id)::INTEGER AS "sourcePatients",
       count(f.file_id)::INTEGER AS files, coalesce(sum(f.lines), 0)::DOUBLE AS lines,
       coalesce(sum(f.good), 0)::DOUBLE AS good, coalesce(sum(f.quarantined), 0)::DOUBLE AS quarantined,
       coalesce(sum(f.inserted), 0)::DOUBLE AS inserted, coalesce(sum(f.updated), 0)::DOUBLE AS updated,
       coalesce(sum(f.unchanged), 0)::DOUBLE AS unchanged, coalesce(sum(f.duplicate), 0)::DOUBLE AS duplicate,
       strftime(max(f.finished_at), '%Y-%m-%dT%H:%M:%SZ') AS "lastLoaded",
       any_value(d.data_of) AS "dataOf"
     FROM source s LEFT JOIN (${dataDatesSql}) d ON d.source = s.name LEFT JOIN source_file f ON f.source_id = s.source_id
     GROUP BY s.source_id, s.name, s.time_zone ORDER BY s.name`,
  )
}

/** How many current resources of a type a source has. */
export interface TypeCount {
  readonly type: string
  readonly source: string
  readonly resources: number
}

/** Current resources per type and source. */
export function readTypeCounts(session: Session): Promise<TypeCount[]> {
  return session.all<TypeCount>(
    `SELECT c.type, s.name AS source, count(*)::INTEGER AS resources
     FROM resource_current c JOIN source s ON s.source_id = c.source_id
     WHERE NOT c.deleted GROUP BY ALL ORDER BY c.type, s.name`,
  )
}

/** Refused lines of one reason. */
export interface QuarantineReason {
  readonly code: string
  readonly reason: string
  readonly lines: number
  readonly files: number
}

/** Why lines were refused, the most frequent first. The reason is that of the first such line. */
export function readQuarantineReasons(session: Session): Promise<QuarantineReason[]> {
  return session.all<QuarantineReason>(
    `SELECT code, min(reason) AS reason, count(*)::INTEGER AS lines, count(DISTINCT file_id)::INTEGER AS files
     FROM quarantine GROUP BY code ORDER BY lines DESC, code`,
  )
}

/** One refused line: where, and why. Its text is left out, for it may name people. */
export interface QuarantinedLine {
  readonly source: string
  readonly file: string
  readonly line: number
  readonly code: string
  readonly reason: string
}

/** Refused lines, at most `limit`, in order of source, file and line. */
export function readQuarantinedLines(session: Session, limit: number): Promise<QuarantinedLine[]> {
  return session.all<QuarantinedLine>(
    `SELECT s.name AS source, f.path AS file, q.line_no::DOUBLE AS line, q.code, q.reason
     FROM quarantine q JOIN source_file f ON f.file_id = q.file_id JOIN source s ON s.source_id = f.source_id
     ORDER BY s.name, f.path, q.line_no LIMIT $limit`,
    { limit },
  )
}

/** Refused lines of one job, at most `limit`, in order of file and line. */
export function readQuarantinedLinesOfJob(session: Session, jobId: number, limit: number): Promise<QuarantinedLine[]> {
  return session.all<QuarantinedLine>(
    `SELECT s.name AS source, f.path AS file, q.line_no::DOUBLE AS line, q.code, q.reason
     FROM quarantine q JOIN source_file f ON f.file_id = q.file_id JOIN source s ON s.source_id = f.source_id
     WHERE f.job_id = $jobId ORDER BY f.path, q.line_no LIMIT $limit`,
    { jobId, limit },
  )
}

/** Identity findings of one kind. */
export interface FindingCount {
  readonly code: string
  readonly findings: number
  readonly patients: number
  readonly example: string
}

/** What identity resolution found, counted by kind. */
export function readFindingCounts(session: Session): Promise<FindingCount[]> {
  return session.all<FindingCount>(
    `SELECT code, count(*)::INTEGER AS findings, sum(len(spids))::INTEGER AS patients, min(message) AS example
     FROM identity_finding GROUP BY code ORDER BY findings DESC, code`,
  )
}

/** How many persons are known from how many sources. */
export function readPersonsBySources(session: Session): Promise<{ sources: number; persons: number }[]> {
  return session.all(
    'SELECT sources::INTEGER AS sources, count(*)::INTEGER AS persons FROM person GROUP BY sources ORDER BY sources',
  )
}

/** A loaded file with its reconciliation; counts are null until it is done. */
export interface LoadedFile {
  readonly source: string
  readonly path: string
  readonly type: string | null
  readonly state: string
  readonly lines: number | null
  readonly good: number | null
  readonly quarantined: number | null
  readonly finishedAt: string | null
}

/** Files as loaded, newest first, at most `limit`. */
export function readLoadedFiles(session: Session, limit: number): Promise<LoadedFile[]> {
  return session.all<LoadedFile>(
    `SELECT s.name AS source, f.path, f.declared_type AS type, f.state, f.lines::DOUBLE AS lines,
       f.good::DOUBLE AS good, f.quarantined::DOUBLE AS quarantined,
       strftime(f.finished_at, '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt"
     FROM source_file f JOIN source s ON s.source_id = f.source_id ORDER BY f.file_id DESC LIMIT $limit`,
    { limit },
  )
}

/** Of one measure's group, how many of those counted have no fact that answers it at all. */
export interface MissingData {
  readonly measureId: string
  readonly groupId: string
  readonly title: string
  readonly atRisk: number
  /** The run found nothing that qualifies (`no-qualifying-result`). */
  readonly withoutData: number
  readonly notEvaluated: number
}

/** What measures lack for, in a run, the largest share first. */
export function readMissingData(session: Session, runId: number): Promise<MissingData[]> {
  return session.all<MissingData>(
    `WITH counted AS (
       SELECT measure_id, group_id, sum(denominator - coalesce(denominator_exclusion, 0) - coalesce(denominator_exception, 0))::INTEGER AS n
       FROM person_result WHERE run_id = $runId GROUP BY ALL),
     missing AS (
       SELECT measure_id, group_id, count(*) FILTER (reason_code = 'no-qualifying-result')::INTEGER AS without,
         count(*) FILTER (status = 'unknown')::INTEGER AS unknown
       FROM gap WHERE run_id = $runId GROUP BY ALL)
     SELECT c.measure_id AS "measureId", c.group_id AS "groupId", m.title, coalesce(c.n, 0) AS "atRisk",
       coalesce(g.without, 0) AS "withoutData", coalesce(g.unknown, 0) AS "notEvaluated"
     FROM counted c JOIN run_measure m ON m.run_id = $runId AND m.measure_id = c.measure_id
     LEFT JOIN missing g ON g.measure_id = c.measure_id AND g.group_id = c.group_id
     ORDER BY coalesce(g.without, 0) / greatest(c.n, 1) DESC, m.title, c.group_id`,
    { runId },
  )
}
