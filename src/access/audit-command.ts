import { randomUUID } from 'node:crypto'
import type { Clock } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { insertAuditRows } from '../store/index.ts'
import { localDirectory } from './user.ts'

/**
 * Writes down whose data a command is about to print: call it before the first of it goes out. Whoever runs
 * commands holds the database file, so the row names the local user.
 */
export async function auditCommand(
  session: Session,
  clock: Clock,
  { command, action, pids }: { readonly command: string; readonly action: string; readonly pids: readonly number[] },
): Promise<void> {
  await insertAuditRows(session, [
    {
      readAt: clock.now().toISOString(),
      requestId: randomUUID(),
      ...localDirectory.local,
      action,
      route: `caregap ${command}`,
      measureId: null,
      pids,
      outcome: pids.length > 0 ? 'read' : 'nothing',
    },
  ])
}
