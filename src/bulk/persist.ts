import { CaregapError } from '../base/index.ts'
import { backoffMs, type Pace } from './pace.ts'
import { clampMs } from './retry-after.ts'

/** How one attempt ended: with a value, or with a fault after which another attempt is worth it. */
export type Attempt<T> =
  | { readonly done: T }
  | {
      readonly again: CaregapError
      /** What the server asked to wait. */
      readonly afterMs?: number | undefined
      /** False where the server only asked to wait: that is no failure, and ends a row of failures. */
      readonly counts?: boolean
    }

export interface Persistence {
  readonly pace: Pace
  /** Failures in a row after which the last one is thrown. */
  readonly attempts: number
  readonly leastMs: number
  /** However long the server asks to wait. */
  readonly mostMs: number
  /** Waiting ends here at the latest (milliseconds since 1970). */
  readonly until: number
}

/** Where the server does not say how long to wait, no wait is longer than this. */
const mostBackoffMs = 600_000

/** Tries until it is done, with backoff, jitter and the server's own wishes. A connection that fails is one failure. */
export async function persist<T>(persistence: Persistence, work: (attempt: number) => Promise<Attempt<T>>): Promise<T> {
  const { pace, attempts, leastMs, mostMs, until } = persistence
  let failures = 0
  let waits = 0
  for (let attempt = 1; ; attempt++) {
    const end = await once(work, attempt)
    if ('done' in end) return end.done
    if (end.counts === false) {
      waits++
      failures = 0
    } else failures++
    const asked = end.afterMs ?? backoffMs(pace, Math.max(failures, waits), leastMs, Math.min(mostMs, mostBackoffMs))
    const waitMs = clampMs(asked, leastMs, mostMs)
    if (failures >= attempts || pace.now() + waitMs > until) throw end.again
    await pace.sleep(waitMs)
  }
}

async function once<T>(work: (attempt: number) => Promise<Attempt<T>>, attempt: number): Promise<Attempt<T>> {
  try {
    return await work(attempt)
  } catch (thrown) {
    if (thrown instanceof CaregapError && isConnectionFault(thrown)) return { again: thrown }
    throw thrown
  }
}

/** True of faults of the line between here and there. */
export function isConnectionFault(thrown: CaregapError): boolean {
  return thrown.diagnostics[0]?.code === 'bulk/connection-failed'
}
