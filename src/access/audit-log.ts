import type { Session } from '../duck/index.ts'
import { type AuditRow, insertAuditRows } from '../store/index.ts'

/** Where a request's row goes; resolves once it is on disk. */
export interface AuditLog {
  record(row: AuditRow): Promise<void>
}

/**
 * An audit log on a session of its own, so that no other work's rollback takes rows with it. Rows that
 * arrive while a commit is under way share the next one.
 */
export function createAuditLog(session: Session): AuditLog {
  let waiting: AuditRow[] = []
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()
  const commit = () => {
    const rows = waiting
    waiting = []
    next = undefined
    return insertAuditRows(session, rows)
  }
  return {
    record(row) {
      waiting.push(row)
      if (next === undefined) {
        next = last.then(commit, commit)
        last = next
      }
      return next
    },
  }
}
