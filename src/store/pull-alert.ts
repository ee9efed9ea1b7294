import type { Session } from '../duck/index.ts'

/** Something that happened to a scheduled pull: told once. */
export interface PullAlert {
  readonly source: string
  /** When the pull was due. */
  readonly slot: string
  readonly event: string
}

/** True where somebody was told already. */
export async function wasAlerted(session: Session, alert: PullAlert): Promise<boolean> {
  const row = await session.first(
    'SELECT 1 AS told FROM pull_alert WHERE source = $source AND slot = $slot AND event = $event',
    { ...alert },
  )
  return row !== undefined
}

/** Remembers that somebody was told. */
export async function rememberAlert(session: Session, alert: PullAlert, at: Date): Promise<void> {
  await session.run('INSERT OR REPLACE INTO pull_alert VALUES ($source, $slot, $event, $at::TIMESTAMP)', {
    ...alert,
    at: at.toISOString(),
  })
}
