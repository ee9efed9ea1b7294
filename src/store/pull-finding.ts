import type { JsonValue } from '../base/index.ts'
import type { Session } from '../duck/index.ts'

/** Something to say of a pull. One of severity `error` makes it partial: its watermark does not move. */
export interface PullFinding {
  readonly severity: 'error' | 'warning' | 'information'
  readonly code: string
  readonly message: string
  /** What the server said, for whoever may read the database; never part of a log. */
  readonly detail?: JsonValue
}

/** Records a finding once, however often its step is done again. */
export async function recordFinding(session: Session, pullId: number, finding: PullFinding): Promise<void> {
  await session.run(
    `INSERT INTO pull_finding SELECT $id, $severity, $code, $message, $detail
     WHERE NOT EXISTS (SELECT 1 FROM pull_finding WHERE pull_id = $id AND code = $code AND message = $message)`,
    {
      id: pullId,
      severity: finding.severity,
      code: finding.code,
      message: finding.message,
      detail: finding.detail === undefined ? null : JSON.stringify(finding.detail),
    },
  )
}

/** The findings of a pull, errors first. */
export async function readFindings(session: Session, pullId: number): Promise<PullFinding[]> {
  const rows = await session.all<Omit<PullFinding, 'detail'> & { detail: string | null }>(
    'SELECT severity, code, message, detail::VARCHAR AS detail FROM pull_finding WHERE pull_id = $id ORDER BY severity, code, message',
    { id: pullId },
  )
  return rows.map(({ detail, ...finding }) => ({
    ...finding,
    ...(detail === null ? {} : { detail: JSON.parse(detail) as JsonValue }),
  }))
}
