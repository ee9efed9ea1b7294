import type { Session } from '../duck/index.ts'

/** A person whom a run could not evaluate, as a source names them: one row for each of the person's patients. */
export interface RunError {
  readonly measureId: string
  readonly source: string
  readonly patientId: string
  readonly pid: number
  readonly code: string
  readonly message: string
  /** JSON text of a Place, or null. */
  readonly place: string | null
}

/** At most `limit` source patients that a run could not evaluate, in order of measure, source and patient. */
export function readRunErrors(session: Session, runId: number, limit: number): Promise<RunError[]> {
  return session.all<RunError>(
    `SELECT e.measure_id AS "measureId", s.name AS source, p.patient_id AS "patientId", e.pid, e.code, e.message,
       e.place::VARCHAR AS place
     FROM person_error e JOIN run_person r ON r.run_id = e.run_id AND r.pid = e.pid
     JOIN source_patient p ON p.spid = r.spid JOIN source s USING (source_id)
     WHERE e.run_id = $runId ORDER BY ALL LIMIT $limit`,
    { runId, limit },
  )
}

/** Which of these persons have an error in a run. */
export async function readErrorPersons(
  session: Session,
  runId: number,
  pids: readonly number[],
): Promise<readonly number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT pid FROM person_error WHERE run_id = $runId
       AND pid IN (SELECT unnest(from_json($pids::JSON, '["INTEGER"]'))) ORDER BY pid`,
    { runId, pids: JSON.stringify(pids) },
  )
  return rows.map(({ pid }) => pid)
}
