import type { Session } from '../duck/index.ts'

/** One entry of a feedback call. `comment` is free text that may hold anything: it is kept, and never logged. */
export interface FeedbackRow {
  /** ISO instant in UTC. */
  readonly receivedAt: string
  readonly serviceId: string
  /** The account of the client that sent it. */
  readonly userId: string
  /** Uuid of the card. */
  readonly card: string
  readonly outcome: string
  /** As sent. */
  readonly outcomeTimestamp: string
  readonly suggestions: readonly string[]
  readonly reasonSystem: string | null
  readonly reasonCode: string | null
  readonly reasonDisplay: string | null
  readonly comment: string | null
}

const rowShape =
  '[{"receivedAt":"TIMESTAMP","serviceId":"VARCHAR","userId":"VARCHAR","card":"VARCHAR","outcome":"VARCHAR",' +
  '"outcomeTimestamp":"VARCHAR","suggestions":"VARCHAR[]","reasonSystem":"VARCHAR","reasonCode":"VARCHAR",' +
  '"reasonDisplay":"VARCHAR","comment":"VARCHAR"}]'

/** Writes the entries of one call in one statement, all or none. */
export async function insertFeedback(session: Session, rows: readonly FeedbackRow[]): Promise<void> {
  await session.run(
    `INSERT INTO cds_feedback (received_at, service_id, user_id, card, outcome, outcome_timestamp, suggestions,
       reason_system, reason_code, reason_display, comment)
     SELECT unnest(from_json($rows::JSON, '${rowShape}'), max_depth := 2)`,
    { rows: JSON.stringify(rows) },
  )
}

/** The newest entries of a service first, at most `limit`. */
export async function readFeedbackRows(session: Session, serviceId: string, limit: number): Promise<FeedbackRow[]> {
  return session.all<FeedbackRow>(
    `SELECT strftime(received_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "receivedAt", service_id AS "serviceId",
       user_id AS "userId", card, outcome, outcome_timestamp AS "outcomeTimestamp", suggestions,
       reason_system AS "reasonSystem", reason_code AS "reasonCode", reason_display AS "reasonDisplay", comment
     FROM cds_feedback WHERE service_id = $serviceId ORDER BY received_at DESC, card LIMIT $limit`,
    { serviceId, limit },
  )
}
