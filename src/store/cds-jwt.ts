import type { Session } from '../duck/index.ts'

/** The id of a JWT that was used. */
export interface UsedJwt {
  readonly issuer: string
  readonly jti: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/**
 * What is known of used JWTs: those that have not expired, and since when ids are kept, which is `now` where nobody
 * asked before. What has expired is let go.
 */
export async function openUsedJwts(
  session: Session,
  now: number,
): Promise<{ readonly since: number; readonly used: readonly UsedJwt[] }> {
  await session.run(`INSERT INTO cds_jwt_kept SELECT epoch_ms($now::BIGINT) WHERE NOT EXISTS (FROM cds_jwt_kept)`, {
    now,
  })
  await dropExpiredJwts(session, now)
  const [kept] = await session.all<{ readonly since: number }>(
    `SELECT epoch_ms(min(since))::DOUBLE AS since FROM cds_jwt_kept`,
  )
  const used = await session.all<UsedJwt>(
    `SELECT issuer, jti, epoch_ms(expires_at)::DOUBLE AS expires FROM cds_jwt_used`,
  )
  return { since: kept?.since ?? now, used }
}

export async function dropExpiredJwts(session: Session, now: number): Promise<void> {
  await session.run(`DELETE FROM cds_jwt_used WHERE expires_at < epoch_ms($now::BIGINT)`, { now })
}

const shape = '[{"issuer":"VARCHAR","jti":"VARCHAR","expires":"BIGINT"}]'

/** Keeps ids, all or none; one that is there already stays as it is. */
export async function insertUsedJwts(session: Session, rows: readonly UsedJwt[]): Promise<void> {
  await session.runOften(
    `INSERT OR IGNORE INTO cds_jwt_used SELECT issuer, jti, epoch_ms(expires)
     FROM (SELECT unnest(from_json($rows::JSON, '${shape}'), max_depth := 2))`,
    { rows: JSON.stringify(rows) },
  )
}
