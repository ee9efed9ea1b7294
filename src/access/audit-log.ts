import { CaregapError, type Logger } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { type AuditRow, insertAuditRows, type LineJournal } from '../store/index.ts'

/** Where a request's row goes. */
export interface AuditLog {
  /** Resolves once the row is in the table, on disk. */
  record(row: AuditRow): Promise<void>
  /**
   * Resolves once the row is in the journal, and so safe from the end of this process; it is in the table soon. Where there
   * is no journal, or too many rows wait, as `record`.
   */
  note(row: AuditRow): Promise<void>
  /** Brings what was noted into the table, and closes the journal. */
  close(): Promise<void>
}

export interface AuditLogOptions {
  readonly journal?: LineJournal<AuditRow>
  readonly logger?: Logger
}

const flushMs = 250
/** Beyond this many noted rows callers wait until theirs is in the table. */
const mostNoted = 2000

/**
 * An audit log on a session of its own, so that no other work's rollback takes rows with it. Rows that
 * arrive while a commit is under way share the next one. A commit that fails fails those who wait for it; what was only
 * noted stays, in the journal too, for the next one.
 */
export function createAuditLog(session: Session, options: AuditLogOptions = {}): AuditLog {
  let { journal } = options
  let waiting: AuditRow[] = []
  let noted: AuditRow[] = []
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
      await insertAuditRows(session, [...behind, ...recorded])
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
      const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
      options.logger?.log('error', 'audit-behind', { code, rows: noted.length })
      timer ??= setTimeout(inTheBackground, flushMs * 4).unref()
    })
  }

  return {
    record(row) {
      waiting.push(row)
      return soon()
    },
    async note(row) {
      if (journal === undefined || noted.length >= mostNoted) {
        waiting.push(row)
        return soon()
      }
      journal.append(row)
      noted.push(row)
      timer ??= setTimeout(inTheBackground, flushMs).unref()
    },
    async close() {
      await last.catch(() => undefined)
      if (noted.length + waiting.length > 0) await soon()
      journal?.close()
      journal = undefined
    },
  }
}
