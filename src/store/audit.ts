import type { Session } from '../duck/index.ts'

/** What became of a request: data were read, nothing was, it was refused, or it failed. */
export type AuditOutcome = 'read' | 'nothing' | 'denied' | 'failed'

/** One request for patient data: who, what, whose, when, and how it ended. */
export interface AuditRow {
  /** ISO instant in UTC. */
  readonly readAt: string
  readonly requestId: string
  readonly userId: string
  readonly role: string
  readonly action: string
  /** Method and pattern, e.g. `GET /patients/:pid`. */
  readonly route: string
  readonly measureId: string | null
  readonly pids: readonly number[]
  readonly outcome: AuditOutcome
}

const rowShape =
  '[{"readAt":"TIMESTAMP","requestId":"VARCHAR","userId":"VARCHAR","role":"VARCHAR","action":"VARCHAR",' +
  '"route":"VARCHAR","measureId":"VARCHAR","pids":"INTEGER[]","outcome":"VARCHAR"}]'

/** What most requests write, in half the time of the list. */
const oneRow = `INSERT INTO audit (read_at, request_id, user_id, role, action, route, measure_id, pids, outcome)
  VALUES ($1::TIMESTAMP, $2, $3, $4, $5, $6, $7, $8::INTEGER[], $9)`

/** Writes audit rows in one statement, all or none. */
export async function insertAuditRows(session: Session, rows: readonly AuditRow[]): Promise<void> {
  const [row, ...others] = rows
  if (row !== undefined && others.length === 0) {
    const { readAt, requestId, userId, role, action, route, measureId, pids, outcome } = row
    const values = [readAt, requestId, userId, role, action, route, measureId, `[${pids.join()}]`, outcome]
    await session.runOften(oneRow, values)
    return
  }
  await session.runOften(
    `INSERT INTO audit (read_at, request_id, user_id, role, action, route, measure_id, pids, outcome)
     SELECT unnest(from_json($rows::JSON, '${rowShape}'), max_depth := 2)`,
    { rows: JSON.stringify(rows) },
  )
}

/** The newest rows first (of one instant, the one written last), at most `limit`; of one person where `pid` is given. */
export async function readAuditRows(session: Session, limit: number, pid?: number): Promise<AuditRow[]> {
  return session.all<AuditRow>(
    `SELECT strftime(read_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "readAt", request_id AS "requestId", user_id AS "userId",
       role, action, route, measure_id AS "measureId", pids, outcome
     FROM audit WHERE $pid::INTEGER IS NULL OR list_contains(pids, $pid::INTEGER)
     ORDER BY read_at DESC, rowid DESC LIMIT $limit`,
    { limit, pid: pid ?? null },
  )
}

/** Writes the rows whose request has none yet, and says how many those were. */
export async function insertMissingAuditRows(session: Session, rows: readonly AuditRow[]): Promise<number> {
  const found = await session.all<{ id: string }>(
    `SELECT DISTINCT request_id AS id FROM audit
     WHERE request_id IN (SELECT unnest(from_json($ids::JSON, '["VARCHAR"]')))`,
    { ids: JSON.stringify(rows.map(({ requestId }) => requestId)) },
  )
  const known = new Set(found.map(({ id }) => id))
  const missing = rows.filter(({ requestId }) => !known.has(requestId))
  if (missing.length > 0) await insertAuditRows(session, missing)
  return missing.length
}
