import type { Session } from '../duck/index.ts'

/** A finished run of a measure over a period: what a report of it must say of its origin. */
export interface MeasureRun {
  readonly runId: number
  readonly contentHash: string
  readonly dataSnapshot: string
  readonly timeZone: string
  /** ISO instant in UTC; when the results were complete. */
  readonly finishedAt: string
}

const columns = `r.run_id AS "runId", m.content_hash AS "contentHash", r.data_snapshot AS "dataSnapshot",
  r.time_zone AS "timeZone", strftime(coalesce(r.finished_at, r.started_at), '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt"`

/**
 * The newest finished run in which a measure was evaluated over exactly that period, also one that was made for a report
 * alone (\`unlisted\`); undefined where none was.
 */
export async function findMeasureRun(
  session: Session,
  measureId: string,
  period: { readonly start: string; readonly end: string; readonly timeZone: string },
): Promise<MeasureRun | undefined> {
  return session.first<MeasureRun>(
    `SELECT ${columns} FROM run r JOIN run_measure m ON m.run_id = r.run_id
     WHERE r.state IN ('published', 'unlisted') AND m.state = 'done' AND m.measure_id = $measureId
       AND r.period_start = $start AND r.period_end = $end AND r.time_zone = $timeZone
     ORDER BY r.run_id DESC LIMIT 1`,
    { measureId, start: period.start, end: period.end, timeZone: period.timeZone },
  )
}

/** What a finished run says of one measure, with its period; undefined where there is no such run, or the measure is not in it. */
export async function readMeasureRun(
  session: Session,
  runId: number,
  measureId: string,
): Promise<(MeasureRun & { readonly periodStart: string; readonly periodEnd: string }) | undefined> {
  return session.first(
    `SELECT ${columns}, r.period_start AS "periodStart", r.period_end AS "periodEnd"
     FROM run r JOIN run_measure m ON m.run_id = r.run_id
     WHERE r.state IN ('published', 'unlisted') AND m.state = 'done' AND r.run_id = $runId AND m.measure_id = $measureId`,
    { runId, measureId },
  )
}
