import type { Context } from 'hono'
import { type Clock, type Config, fault, type Logger } from '../base/index.ts'
import {
  type AuditRow,
  insertMissingAuditRows,
  openJournal,
  readHiddenPids,
  type Store,
  takeOver,
} from '../store/index.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { isLoopbackHost } from './loopback.ts'
import { personFilter } from './person-limits.ts'
import type { ProblemRenderer } from './problem.ts'
import type { LaunchedBy, Principal } from './route.ts'
import { decideTransport, type Transport } from './transport.ts'
import { loadUsers, localDirectory, type UserDirectory } from './user.ts'

/** What decides about requests: who may log in, whom they may see, and where it is written down. */
export interface AccessControl {
  readonly directory: UserDirectory
  readonly audit: AuditLog
  /** Those of `pids` that the user may not see. */
  hiddenPids(principal: Principal, pids: readonly number[]): Promise<readonly number[]>
  /** The launch from an EHR that a request belongs to. */
  readonly launched?: (context: Context) => LaunchedBy | undefined
  /** Which connections are safe; any where absent. */
  readonly transport?: Transport
  readonly clock: Clock
  readonly logger: Logger
  /** How a refusal or a failure is worded; JSON where absent. */
  readonly renderProblem?: ProblemRenderer
}

export interface AccessSetting {
  readonly store: Store
  readonly config: Pick<Config, 'users' | 'server'>
  /** The host that the server will bind to. */
  readonly host: string
  readonly clock: Clock
  readonly logger: Logger
  readonly renderProblem?: ProblemRenderer
  readonly launched?: AccessControl['launched']
  /** SHA-256 (hex) of the secret by which the user who runs the server is known, beside the users of the file. */
  readonly localSecretSha256?: string
}

/**
 * Opens access control for a server, on a database session of its own. Faults: `access/login-needed` where
 * the host is reachable from other machines and no users file is configured; those of `loadUsers` and `decideTransport`.
 */
export async function openAccess(setting: AccessSetting): Promise<AccessControl> {
  const directory = withLocalUser(decideDirectory(setting.config.users, setting.host), setting.localSecretSha256)
  const transport = decideTransport(setting.config.server, setting.host)
  const session = await setting.store.database.connect()
  return {
    directory,
    audit: await auditLogOf(setting.store, setting.logger),
    hiddenPids: (principal, pids) => readHiddenPids(session, personFilter(principal), pids),
    transport,
    clock: setting.clock,
    logger: setting.logger,
    ...(setting.launched === undefined ? {} : { launched: setting.launched }),
    ...(setting.renderProblem === undefined ? {} : { renderProblem: setting.renderProblem }),
  }
}

const auditLogs = new WeakMap<Store, Promise<AuditLog>>()

/** The one audit log of a database; rows that an earlier process left in the journal beside it are taken over first. */
function auditLogOf(store: Store, logger: Logger): Promise<AuditLog> {
  const log = auditLogs.get(store) ?? openAuditLog(store, logger)
  auditLogs.set(store, log)
  return log
}

async function openAuditLog({ database }: Store, logger: Logger): Promise<AuditLog> {
  const session = await database.connect()
  if (database.path === ':memory:') return createAuditLog(session, { logger })
  const path = `${database.path}.audit`
  await takeOver(path, async (left) => {
    const rows = await insertMissingAuditRows(session, left as readonly AuditRow[])
    logger.log('warn', 'audit-taken-over', { rows })
  })
  return createAuditLog(session, { journal: openJournal(path), logger })
}

/** Where there is a login, the local user logs in with a secret that lies beside the database. */
function withLocalUser(directory: UserDirectory, tokenSha256: string | undefined): UserDirectory {
  if (!directory.login || tokenSha256 === undefined) return directory
  const { userId, role } = localDirectory.local
  return { login: true, users: [...directory.users, { id: userId, name: userId, role, tokenSha256 }] }
}

/** The users of the file; without one the local user, and that only where no other machine can reach the server. */
export function decideDirectory(usersFile: string | undefined, host: string): UserDirectory {
  if (usersFile !== undefined) return loadUsers(usersFile)
  if (isLoopbackHost(host)) return localDirectory
  throw fault(
    'usage',
    'access/login-needed',
    `Without a users file the server has no login, so it may not listen on ${host}, which other machines can reach.`,
    { remedy: 'Name a users file under `users` in the configuration (docs/access.md), or use --host 127.0.0.1.' },
  )
}
