import type { LineJournal } from './line-journal.ts'

/** Rows on their way into a table; all that arrive while a commit is under way share the next one. */
export interface WriteBehind<T> {
  /** Resolves once the row is in the table, on disk. */
  record(row: T): Promise<void>
  /**
   * Resolves once the row is in the journal, and so safe from the end of this process; it is in the table soon. Where there
   * is no journal, or too many rows wait, as `record`.
   */
  note(row: T): Promise<void>
  /** Other work on the session of `write`, between two commits. */
  between(work: () => Promise<void>): Promise<void>
  /** Brings what was noted into the table, and closes the journal. */
  close(): Promise<void>
}

export interface WriteBehindOptions<T> {
  /** All of the rows or none, in one commit. */
  write(rows: readonly T[]): Promise<void>
  readonly journal?: LineJournal<T>
  /** Beyond this many noted rows callers wait until theirs is in the table. */
  readonly mostNoted: number
  /** A commit failed that nobody waited for; its rows are kept, and tried again. */
  onBehind?(thrown: unknown, rows: number): void
}

const flushMs = 250

/**
 * Commits rows in turn. A commit that fails fails those who wait for it; what was only noted stays, in the journal too, for
 * the next one.
 */
export function createWriteBehind<T>(options: WriteBehindOptions<T>): WriteBehind<T> {
  let { journal } = options
  let waiting: T[] = []
  let noted: T[] = []
  let timer: NodeJS.Timeout | undefined
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()

  async function commit(): Promise<void> {
    const [recorded, behind] = [waiting, noted]
    waiting = []
    noted = []
    next = undefined
    if (timer !== undefined) clearTimeout(timer)
    timer = undefined
    try {
      await options.write([...behind, ...recorded])
    } catch (thrown) {
      noted = [...behind, ...noted]
      throw thrown
    }
    if (behind.length > 0) journal?.keepOnly(noted)
  }

  function soon(): Promise<void> {
    if (next === undefined) {
      next = last.then(commit, commit)
      last = next
    }
    return next
  }

  function inTheBackground(): void {
    timer = undefined
    soon().catch((thrown: unknown) => {
      options.onBehind?.(thrown, noted.length)
      timer ??= setTimeout(inTheBackground, flushMs * 4).unref()
    })
  }

  return {
    record(row) {
      waiting.push(row)
      return soon()
    },
    async note(row) {
      if (journal === undefined || noted.length >= options.mostNoted) {
        waiting.push(row)
        return soon()
      }
      journal.append(row)
      noted.push(row)
      timer ??= setTimeout(inTheBackground, flushMs).unref()
    },
    between(work) {
      last = last.catch(() => undefined).then(work)
      return last
    },
    async close() {
      await last.catch(() => undefined)
      if (noted.length + waiting.length > 0) await soon()
      journal?.close()
      journal = undefined
    },
  }
}
