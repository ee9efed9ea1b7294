import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { createAuditLog } from '../../src/access/audit-log.ts'
import {
  type AccessControl,
  mountRoutes,
  personFilter,
  type Route,
  type UserDirectory,
} from '../../src/access/index.ts'
import { createLogger, fixedClock } from '../../src/base/index.ts'
import { type AuditRow, openStore, readAuditRows, readHiddenPids, type Store } from '../../src/store/index.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Two practices, one person each; `nurse` sees the first, `chief` both, `counter` counts only. */
export const users: UserDirectory = {
  login: true,
  users: [
    { id: 'chief', name: 'Chief', role: 'quality', tokenSha256: sha256('chief-token') },
    { id: 'nurse', name: 'Nurse', role: 'quality', practices: ['111111111'], tokenSha256: sha256('nurse-token') },
    { id: 'counter', name: 'Counter', role: 'analyst', tokenSha256: sha256('counter-token') },
  ],
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

export interface TestServer {
  readonly app: Hono
  readonly store: Store
  readonly log: string[]
  readonly auditRows: () => Promise<AuditRow[]>
}

/** The routes behind real access control, over a store in memory with persons 1 and 2 at two practices. */
export async function openServer(
  routes: readonly Route[],
  directory: UserDirectory,
  changes: Partial<AccessControl> = {},
): Promise<TestServer> {
  const store = await openStore({ path: ':memory:' })
  await store.session.run(`INSERT INTO attribution (pid, tin, practice, source_id, visits) VALUES
    (1, '111111111', 'Lakeside', 1, 3), (2, '222222222', 'Hillside', 1, 2)`)
  const session = await store.database.connect()
  const log: string[] = []
  const app = new Hono()
  mountRoutes(app, routes, {
    directory,
    audit: createAuditLog(session),
    hiddenPids: (principal, pids) => readHiddenPids(session, personFilter(principal), pids),
    clock: fixedClock('2026-03-01T10:00:00Z'),
    logger: createLogger((line) => log.push(line)),
    ...changes,
  })
  return { app, store, log, auditRows: () => readAuditRows(session, 100) }
}
