import { fault } from '../base/index.ts'
import type { Store } from '../store/index.ts'

interface RunningPull {
  readonly controller: AbortController
  readonly ended: Promise<unknown>
}

/** The pulls that this process is busy with, by database and source. */
const running = new WeakMap<Store['database'], Map<string, RunningPull>>()

const of = (store: Store): Map<string, RunningPull> => {
  const known = running.get(store.database) ?? new Map<string, RunningPull>()
  running.set(store.database, known)
  return known
}

/**
 * Does a pull, known as running until it ends: `stopPulls` can end it before. Fault: `jobs/pull-running` where the
 * source is being pulled already.
 */
export async function asRunningPull<T>(
  store: Store,
  source: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const pulls = of(store)
  if (pulls.has(source)) {
    throw fault('usage', 'jobs/pull-running', `${source} is being pulled already.`, {
      remedy: 'See `caregap jobs`; `caregap cancel` gives it up.',
    })
  }
  const controller = new AbortController()
  const ended = work(controller.signal)
  pulls.set(source, {
    controller,
    ended: ended.catch(() => undefined),
  })
  try {
    return await ended
  } finally {
    pulls.delete(source)
  }
}

/** True where this process is pulling the source. */
export const isPulling = (store: Store, source: string): boolean => of(store).has(source)

/** Ends the pulls that this process is busy with, of one source or of all; they go on where they were when asked anew. */
export async function stopPulls(store: Store, source?: string): Promise<void> {
  const chosen = [...of(store)].filter(([name]) => source === undefined || name === source).map(([, pull]) => pull)
  for (const { controller } of chosen) controller.abort()
  await Promise.all(chosen.map(({ ended }) => ended))
}
