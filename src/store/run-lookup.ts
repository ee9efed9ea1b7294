import type { Session } from '../duck/index.ts'

/** A published run of a measure over a period: what a report of it must say of its origin. */
export interface PublishedMeasureRun {
  readonly runId: number
  readonly measureVersion: string
  readonly contentHash: string
  /** ISO instant in UTC; when the results were complete. */
  readonly finishedAt: string
  /** Distinct persons whom this measure could not be evaluated for. */
  readonly errors: number
}

/** The newest published run in which a measure was evaluated over exactly that period; undefined where none was. */
export async function findPublishedRun(
  session: Session,
  measureId: string,
  period: { readonly start: string; readonly end: string },
): Promise<PublishedMeasureRun | undefined> {
  return session.first<PublishedMeasureRun>(
    `SELECT r.run_id AS "runId", m.measure_version AS "measureVersion", m.content_hash AS "contentHash",
       strftime(coalesce(r.finished_at, r.started_at), '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt",
       (SELECT count(DISTINCT pid) FROM person_error e
        WHERE e.run_id = r.run_id AND e.measure_id = m.measure_id)::INTEGER AS errors
     FROM run r JOIN run_measure m ON m.run_id = r.run_id
     WHERE r.state = 'published' AND m.state = 'done' AND m.measure_id = $measureId
       AND r.period_start = $start AND r.period_end = $end
     ORDER BY r.run_id DESC LIMIT 1`,
    { measureId, start: period.start, end: period.end },
  )
}

/** Source and patient id of each member of a population: of a person of several sources the first in order. */
export async function readPopulationMembers(
  session: Session,
  where: {
    readonly runId: number
    readonly measureId: string
    readonly groupId: string
    readonly column: MemberColumn
  },
): Promise<{ readonly pid: number; readonly source: string; readonly patientId: string }[]> {
  const { runId, measureId, groupId, column } = where
  return session.all(
    `SELECT r.pid, s.name AS source, p.patient_id AS "patientId"
     FROM person_result r
     JOIN run_person m ON m.run_id = r.run_id AND m.pid = r.pid
     JOIN source_patient p ON p.spid = m.spid
     JOIN source s USING (source_id)
     WHERE r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId AND r.${column} > 0
     QUALIFY row_number() OVER (PARTITION BY r.pid ORDER BY s.name, p.patient_id) = 1
     ORDER BY r.pid`,
    { runId, measureId, groupId },
  )
}

/** The columns of `person_result` by which members are counted. */
export type MemberColumn =
  | 'initial_population'
  | 'denominator'
  | 'denominator_exclusion'
  | 'denominator_exception'
  | 'numerator'
  | 'numerator_exclusion'
  | 'measure_population'
  | 'measure_population_exclusion'
