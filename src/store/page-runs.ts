import type { Session } from '../duck/index.ts'

/** One run, as pages name it. Times are ISO text in UTC; counts are absent until the run has ended. */
export interface RunSummary {
  readonly runId: number
  readonly state: string
  readonly engine: string
  readonly engineVersion: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly timeZone: string
  readonly dataSnapshot: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly persons: number | null
  readonly personErrors: number | null
}

const columns = `run_id AS "runId", state, engine, engine_version AS "engineVersion", period_start AS "periodStart",
  period_end AS "periodEnd", time_zone AS "timeZone", data_snapshot AS "dataSnapshot",
  strftime(started_at, '%Y-%m-%dT%H:%M:%SZ') AS "startedAt", strftime(finished_at, '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt",
  persons, person_errors AS "personErrors"`

/** The newest run whose results may be read; undefined before the first. */
export function readPublishedRun(session: Session): Promise<RunSummary | undefined> {
  return session.first<RunSummary>(`SELECT ${columns} FROM run WHERE state = 'published' ORDER BY run_id DESC LIMIT 1`)
}

/** A run of any state by its id. */
export function readRun(session: Session, runId: number): Promise<RunSummary | undefined> {
  return session.first<RunSummary>(`SELECT ${columns} FROM run WHERE run_id = $runId`, { runId })
}

/** Runs of any state, newest first. */
export function readRuns(session: Session, limit: number): Promise<RunSummary[]> {
  return session.all<RunSummary>(`SELECT ${columns} FROM run ORDER BY run_id DESC LIMIT $limit`, { limit })
}

/** A measure as one run used it. `diagnostics` is JSON text: a list of Diagnostic. */
export interface RunMeasureSummary {
  readonly runId: number
  readonly measureId: string
  readonly url: string
  readonly version: string
  readonly title: string
  readonly contentHash: string
  readonly state: string
  readonly defines: readonly string[]
  readonly diagnostics: string
}

/** The measures of a run in order of title, with the state each reached. */
export function readRunMeasures(session: Session, runId: number): Promise<RunMeasureSummary[]> {
  return session.all<RunMeasureSummary>(
    `SELECT run_id AS "runId", measure_id AS "measureId", measure_url AS url, measure_version AS version, title,
       content_hash AS "contentHash", state, defines, diagnostics::VARCHAR AS diagnostics
     FROM run_measure WHERE run_id = $runId ORDER BY title, measure_id`,
    { runId },
  )
}

/** Persons of a run that could not be evaluated for one and the same reason. */
export interface RunErrorKind {
  readonly measureId: string
  readonly code: string
  readonly message: string
  readonly persons: number
}

/** Why persons of a run could not be evaluated, by measure and reason, the most frequent first. */
export function readRunErrorKinds(session: Session, runId: number): Promise<RunErrorKind[]> {
  return session.all<RunErrorKind>(
    `SELECT measure_id AS "measureId", code, min(message) AS message, count(DISTINCT pid)::INTEGER AS persons
     FROM person_error WHERE run_id = $runId GROUP BY measure_id, code ORDER BY persons DESC, measure_id, code`,
    { runId },
  )
}
