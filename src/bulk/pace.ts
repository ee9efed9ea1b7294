import { setTimeout as wait } from 'node:timers/promises'
import { fault } from '../base/index.ts'

/** Time and chance, handed in so that tests need not wait. */
export interface Pace {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** 0 up to 1. */
  readonly random: () => number
}

/** A timer of more milliseconds than this fires at once. */
const longestTimerMs = 2 ** 31 - 1

export const systemPace: Pace = {
  now: () => Date.now(),
  sleep: (ms) => wait(Math.min(Math.max(0, ms), longestTimerMs)),
  random: () => Math.random(),
}

/** A pace whose waits end with `bulk/stopped` once the signal is given. */
export function stoppablePace(pace: Pace, signal: AbortSignal): Pace {
  return {
    ...pace,
    async sleep(ms) {
      refuseStopped(signal)
      const ended = new AbortController()
      await Promise.race([pace.sleep(ms), once(signal, ended.signal)])
      ended.abort()
      refuseStopped(signal)
    },
  }
}

/** Resolves when the signal is given; stops listening when nobody waits any more. */
function once(signal: AbortSignal, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true, signal: ended }))
}

/** Fault `bulk/stopped` where somebody asked this pull to end; what it has done so far is kept. */
export function refuseStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  throw fault('system', 'bulk/stopped', 'The pull was stopped.', {
    remedy: 'The same command goes on where it was, unless it was cancelled.',
  })
}

/** Exponential backoff with full jitter over its upper half: attempt 1 waits 0.5 to 1 times `baseMs`. */
export function backoffMs(pace: Pace, attempt: number, baseMs: number, mostMs: number): number {
  const full = Math.min(mostMs, baseMs * 2 ** Math.min(attempt - 1, 20))
  return Math.round(full / 2 + (full / 2) * pace.random())
}
