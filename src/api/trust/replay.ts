import type { Session } from '../../duck/index.ts'
import { dropExpiredJwts, insertUsedJwts, openUsedJwts, type UsedJwt } from '../../store/index.ts'

/** The ids of JWTs that were used, until they expire. */
export interface ReplayGuard {
  /** Since when ids are kept, in milliseconds: an older JWT may have been used before. */
  since(): Promise<number>
  /** True the first time, once that is on disk: asking and keeping are one step. */
  use(jwt: UsedJwt): Promise<boolean>
}

const sweepMs = 60_000

/**
 * Ids in memory, where asking and keeping cannot be torn apart, and in the store, so that a restart forgets none; one
 * process owns the store, so nothing else can take the same JWT meanwhile. What came in while rows were written is
 * written together. Where an id cannot be written, the call fails: it is never answered unkept.
 */
export function createReplayGuard(connect: () => Promise<Session>, now: () => number): ReplayGuard {
  const used = new Map<string, number>()
  let sweepAt = now() + sweepMs
  let waiting: UsedJwt[] = []
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()

  const opened = connect().then(async (session) => {
    const known = await openUsedJwts(session, now())
    for (const one of known.used) used.set(keyOf(one), one.expires)
    return { session, since: known.since }
  })
  // Whoever calls hears of it; nobody may be there yet.
  opened.catch(() => undefined)

  async function commit(): Promise<void> {
    const rows = waiting
    waiting = []
    next = undefined
    const { session } = await opened
    await insertUsedJwts(session, rows)
  }

  function write(jwt: UsedJwt): Promise<void> {
    waiting.push(jwt)
    if (next === undefined) {
      next = last.then(commit, commit)
      last = next
    }
    return next
  }

  async function sweep(session: Session): Promise<void> {
    const at = now()
    if (at < sweepAt) return
    sweepAt = at + sweepMs
    for (const [key, until] of used) if (until < at) used.delete(key)
    last = last.catch(() => undefined).then(() => dropExpiredJwts(session, at))
    await last
  }

  return {
    since: async () => (await opened).since,
    async use(jwt) {
      const { session } = await opened
      await sweep(session)
      const key = keyOf(jwt)
      if (used.has(key)) return false
      used.set(key, jwt.expires)
      await write(jwt)
      return true
    },
  }
}

const keyOf = ({ issuer, jti }: UsedJwt): string => `${issuer}\u0000${jti}`
