import type { Logger } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import {
  createWriteBehind,
  dropExpiredJwts,
  insertUsedJwts,
  openJournal,
  openUsedJwts,
  takeOver,
  type UsedJwt,
  type WriteBehind,
} from '../../store/index.ts'

/** The ids of JWTs that were used, until they expire. */
export interface ReplayGuard {
  /** Since when ids are kept, in milliseconds: an older JWT may have been used before. */
  since(): Promise<number>
  /** True the first time, once that is kept beyond the end of this process: asking and keeping are one step. */
  use(jwt: UsedJwt): Promise<boolean>
}

const sweepMs = 60_000

export interface ReplaySetting {
  readonly connect: () => Promise<Session>
  readonly now: () => number
  readonly logger: Logger
  /** A file beside the database; where absent an id is in the table before its call goes on. */
  readonly journal?: string
}

/** Beyond this many ids that wait for the table callers wait with them. */
const mostBehind = 5000

/**
 * Ids in memory, where asking and keeping cannot be torn apart, and in the store, so that a restart forgets none; one
 * process owns the store, so nothing else can take the same JWT meanwhile. An id is in the journal before its call goes on, and
 * in the table a moment later, together with others. Where it cannot be written, the call fails: it is never answered unkept.
 */
export function createReplayGuard({ connect, now, logger, journal: path }: ReplaySetting): ReplayGuard {
  const used = new Map<string, number>()
  let sweepAt = now() + sweepMs

  const opened = connect().then(async (session) => {
    if (path !== undefined) await takeOver(path, (left) => insertUsedJwts(session, left as readonly UsedJwt[]))
    const known = await openUsedJwts(session, now())
    for (const one of known.used) used.set(keyOf(one), one.expires)
    const kept = createWriteBehind<UsedJwt>({
      write: (rows) => insertUsedJwts(session, rows),
      mostNoted: mostBehind,
      onBehind: (_, rows) => logger.log('error', 'used-jwts-behind', { rows }),
      ...(path === undefined ? {} : { journal: openJournal<UsedJwt>(path) }),
    })
    return { session, kept, since: known.since }
  })
  // Whoever calls hears of it; nobody may be there yet.
  opened.catch(() => undefined)

  function sweep(session: Session, kept: WriteBehind<UsedJwt>): Promise<void> {
    const at = now()
    if (at < sweepAt) return Promise.resolve()
    sweepAt = at + sweepMs
    for (const [key, until] of used) if (until < at) used.delete(key)
    return kept.between(() => dropExpiredJwts(session, at))
  }

  return {
    since: async () => (await opened).since,
    async use(jwt) {
      const { session, kept } = await opened
      await sweep(session, kept)
      const key = keyOf(jwt)
      if (used.has(key)) return false
      used.set(key, jwt.expires)
      await kept.note(jwt)
      return true
    },
  }
}

const keyOf = ({ issuer, jti }: UsedJwt): string => `${issuer}\u0000${jti}`
