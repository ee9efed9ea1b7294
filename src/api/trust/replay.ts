import type { Session } from '../../duck/index.ts'
import {
  dropExpiredJwts,
  insertUsedJwts,
  type LineJournal,
  openJournal,
  openUsedJwts,
  takeOver,
  type UsedJwt,
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
  /** A file beside the database; where absent an id is in the table before its call goes on. */
  readonly journal?: string
}

const flushMs = 250
/** Beyond this many ids that wait for the table callers wait with them. */
const mostBehind = 5000

/**
 * Ids in memory, where asking and keeping cannot be torn apart, and in the store, so that a restart forgets none; one
 * process owns the store, so nothing else can take the same JWT meanwhile. An id is in the journal before its call goes on, and
 * in the table a moment later, together with others. Where it cannot be written, the call fails: it is never answered unkept.
 */
export function createReplayGuard({ connect, now, journal: path }: ReplaySetting): ReplayGuard {
  const used = new Map<string, number>()
  let sweepAt = now() + sweepMs
  let waiting: UsedJwt[] = []
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()

  let journal: LineJournal<UsedJwt> | undefined
  let behind: UsedJwt[] = []
  let timer: NodeJS.Timeout | undefined

  const opened = connect().then(async (session) => {
    if (path !== undefined) {
      await takeOver(path, (left) => insertUsedJwts(session, left as readonly UsedJwt[]))
      journal = openJournal(path)
    }
    const known = await openUsedJwts(session, now())
    for (const one of known.used) used.set(keyOf(one), one.expires)
    return { session, since: known.since }
  })
  // Whoever calls hears of it; nobody may be there yet.
  opened.catch(() => undefined)

  async function commit(): Promise<void> {
    const [rows, noted] = [waiting, behind]
    waiting = []
    behind = []
    next = undefined
    const { session } = await opened
    try {
      await insertUsedJwts(session, [...noted, ...rows])
    } catch (thrown) {
      behind = [...noted, ...behind]
      throw thrown
    }
    if (noted.length > 0) journal?.keepOnly(behind)
  }

  function soon(): Promise<void> {
    if (next === undefined) {
      next = last.then(commit, commit)
      last = next
    }
    return next
  }

  /** What fails here is in the journal, and is tried again. */
  function inTheBackground(): void {
    timer = undefined
    soon().catch(() => {
      timer ??= setTimeout(inTheBackground, flushMs * 4).unref()
    })
  }

  async function write(jwt: UsedJwt): Promise<void> {
    if (journal === undefined || behind.length >= mostBehind) {
      waiting.push(jwt)
      return soon()
    }
    journal.append(jwt)
    behind.push(jwt)
    timer ??= setTimeout(inTheBackground, flushMs).unref()
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
