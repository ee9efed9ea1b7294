import type { JsonValue } from '../base/index.ts'
import type { Session } from '../duck/index.ts'

/** A refresh, or what comes before it: who is in the group, and everything of who is new in it. */
export type PullPurpose = 'members' | 'joined' | 'refresh'

export type PullState =
  | 'starting'
  | 'kicking-off'
  | 'polling'
  | 'downloading'
  | 'downloaded'
  | 'committed'
  | 'done'
  | 'failed'
  | 'cancelling'
  | 'cancelled'

/** One export asked of a Bulk Data server, as the ledger knows it. Times are as the server gave them. */
export interface Pull {
  readonly pullId: number
  readonly source: string
  readonly purpose: PullPurpose
  /** Of what was asked for; a watermark holds for one scope only. */
  readonly scopeHash: string
  readonly since: string | null
  readonly state: PullState
  readonly folder: string
  /** Kick-off requests that were sent, answered or not. */
  readonly kickOffs: number
  readonly statusUrl: string | null
  /** `Date` of the answer to the kick-off. */
  readonly serverDate: string | null
  readonly serverProgress: string | null
  readonly transactionTime: string | null
  /** Known once it is committed: true where something is missing. */
  readonly partial: boolean | null
  /** The load that published it. */
  readonly jobId: number | null
  readonly message: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

const columns = `pull_id AS "pullId", source, purpose, scope_hash AS "scopeHash", since, state, folder, kick_offs AS "kickOffs",
  status_url AS "statusUrl", server_date AS "serverDate", server_progress AS "serverProgress",
  transaction_time AS "transactionTime", partial, job_id AS "jobId", message,
  strftime(started_at, '%Y-%m-%dT%H:%M:%SZ') AS "startedAt", strftime(finished_at, '%Y-%m-%dT%H:%M:%SZ') AS "finishedAt"`

export interface NewPull {
  readonly source: string
  readonly purpose: PullPurpose
  readonly scopeHash: string
  readonly request: JsonValue
  readonly since: string | undefined
  /** The folder of a pull's files, by its id. */
  folderOf(pullId: number): string
}

/** Registers a pull before anything of it is done outside. */
export async function openPull(session: Session, pull: NewPull): Promise<Pull> {
  const row = await session.first<{ id: number }>('SELECT coalesce(max(pull_id), 0)::INTEGER + 1 AS id FROM pull')
  const pullId = row?.id ?? 1
  await session.run(
    `INSERT INTO pull (pull_id, source, purpose, scope_hash, request, since, state, folder, started_at)
     VALUES ($id, $source, $purpose, $scope, $request, $since, 'starting', $folder, now()::TIMESTAMP)`,
    {
      id: pullId,
      source: pull.source,
      purpose: pull.purpose,
      scope: pull.scopeHash,
      request: JSON.stringify(pull.request),
      since: pull.since ?? null,
      folder: pull.folderOf(pullId),
    },
  )
  return readPull(session, pullId) as Promise<Pull>
}

/** A pull by its id, or undefined. */
export function readPull(session: Session, pullId: number): Promise<Pull | undefined> {
  return session.first<Pull>(`SELECT ${columns} FROM pull WHERE pull_id = $id`, { id: pullId })
}

/** The parameters that a pull was to ask with, `name=value`. */
export async function readPullParameters(session: Session, pullId: number): Promise<readonly string[]> {
  const row = await session.first<{ parameters: string[] | null }>(
    `SELECT from_json(request -> 'parameters', '["VARCHAR"]') AS parameters FROM pull WHERE pull_id = $id`,
    { id: pullId },
  )
  return row?.parameters ?? []
}

/** When the last whole export of a scope was begun (ISO time); undefined where none was completed. */
export async function readLastFull(session: Session, source: string, scopeHash: string): Promise<string | undefined> {
  const row = await session.first<{ at: string | null }>(
    `SELECT strftime(max(started_at), '%Y-%m-%dT%H:%M:%SZ') AS at FROM pull WHERE source = $source AND scope_hash = $scope
       AND since IS NULL AND state IN ('committed', 'done') AND partial IS NOT DISTINCT FROM false`,
    { source, scope: scopeHash },
  )
  return row?.at ?? undefined
}

/** Every pull, newest first. */
export function readPulls(session: Session): Promise<Pull[]> {
  return session.all<Pull>(`SELECT ${columns} FROM pull ORDER BY pull_id DESC`)
}

/** The newest pull of a source that is neither done nor failed nor cancelled: a process was stopped in it. */
export function findOpenPull(session: Session, source: string): Promise<Pull | undefined> {
  return session.first<Pull>(
    `SELECT ${columns} FROM pull WHERE source = $source AND state NOT IN ('done', 'failed', 'cancelling', 'cancelled')
     ORDER BY pull_id DESC LIMIT 1`,
    { source },
  )
}

/** What a step of a pull adds to its row; what is left out stays. */
export interface PullStep {
  readonly state?: PullState
  readonly statusUrl?: string
  readonly serverDate?: string
  readonly serverProgress?: string
  readonly transactionTime?: string
  readonly partial?: boolean
  readonly jobId?: number
  readonly message?: string
}

/** Records a step; `kicking-off` counts a kick-off request, and a state that ends a pull stamps its end. */
export async function recordPull(session: Session, pullId: number, step: PullStep): Promise<void> {
  await session.run(
    `UPDATE pull SET state = coalesce($state, state), status_url = coalesce($statusUrl, status_url),
       kick_offs = kick_offs + CASE WHEN $state = 'kicking-off' THEN 1 ELSE 0 END,
       server_date = coalesce($serverDate, server_date), server_progress = coalesce($serverProgress, server_progress),
       transaction_time = coalesce($transactionTime, transaction_time), partial = coalesce($partial, partial),
       job_id = coalesce($jobId, job_id),
       message = CASE WHEN $state = 'done' THEN NULL ELSE coalesce($message, message) END,
       finished_at = CASE WHEN $state IN ('done', 'failed', 'cancelled') THEN now()::TIMESTAMP ELSE finished_at END
     WHERE pull_id = $pullId`,
    {
      pullId,
      state: step.state ?? null,
      statusUrl: step.statusUrl ?? null,
      serverDate: step.serverDate ?? null,
      serverProgress: step.serverProgress ?? null,
      transactionTime: step.transactionTime ?? null,
      partial: step.partial ?? null,
      jobId: step.jobId ?? null,
      message: step.message ?? null,
    },
  )
}

/** Opens a failed pull again at a state from which it can go on. */
export async function reopenPull(session: Session, pullId: number, state: 'starting' | 'polling'): Promise<void> {
  await session.run(
    `UPDATE pull SET state = $state, message = NULL, finished_at = NULL WHERE pull_id = $pullId AND state = 'failed'`,
    { pullId, state },
  )
}
