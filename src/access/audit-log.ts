import { CaregapError, type Logger } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type AuditRow,
  createWriteBehind,
  insertAuditRows,
  type LineJournal,
  type WriteBehind,
} from '../store/index.ts'

/** Where a request's row goes: `record` where it is to be in the table first, `note` for the journal beside the database. */
export type AuditLog = Pick<WriteBehind<AuditRow>, 'record' | 'note' | 'close'>

export interface AuditLogOptions {
  readonly journal?: LineJournal<AuditRow>
  readonly logger?: Logger
}

/** An audit log on a session of its own, so that no other work's rollback takes rows with it. */
export function createAuditLog(session: Session, { journal, logger }: AuditLogOptions = {}): AuditLog {
  return createWriteBehind({
    write: (rows) => insertAuditRows(session, rows),
    mostNoted: 2000,
    onBehind(thrown, rows) {
      const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
      logger?.log('error', 'audit-behind', { code, rows })
    },
    ...(journal === undefined ? {} : { journal }),
  })
}
