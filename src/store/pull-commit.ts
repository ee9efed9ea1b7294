import type { Session } from '../duck/index.ts'
import { type RefreshEnd, recordCoverage } from './coverage.ts'
import { forgetPersonLines } from './person-line.ts'
import { recordPull } from './pull.ts'
import { recordFinding } from './pull-finding.ts'
import { type MemberGroup, recordLoadedMembers } from './pull-member.ts'
import { settleUnseen, type Unseen, type WholeExport } from './pull-unseen.ts'

/** From when the next pull of a scope asks, or undefined where there was no complete one. */
export async function readWatermark(session: Session, source: string, scopeHash: string): Promise<string | undefined> {
  const row = await session.first<{ since: string }>(
    'SELECT since FROM pull_watermark WHERE source = $source AND scope_hash = $scope',
    { source, scope: scopeHash },
  )
  return row?.since
}

/** A resource that the server says it deleted. */
export interface Deletion {
  readonly type: string
  readonly id: string
}

export interface PullCommit {
  readonly pullId: number
  readonly source: string
  readonly scopeHash: string
  readonly partial: boolean
  /** What it was to bring, as of when, and what it lacks: null where nothing of it was loaded. */
  readonly coverage: Omit<RefreshEnd, 'source' | 'pullId'> | null
  /** The load that was published in this transaction; undefined where the export held no resource. */
  readonly jobId: number | undefined
  readonly deletions: readonly Deletion[]
  /** Where the load is of a whole export: what it says by what it does not hold. */
  readonly whole?: WholeExport
  /** Where the load is of a group: whom it says to be a member. */
  readonly members?: Omit<MemberGroup, 'pullId' | 'source'> & { readonly whole: boolean }
  /** What the next pull asks from; undefined leaves the watermark where it is. */
  readonly since: string | undefined
}

/** What became of the deletions: deleted = was current before; kept = also in the output of the same export. */
export interface AppliedDeletions {
  readonly deleted: number
  readonly kept: number
  readonly unknown: number
}

/**
 * Ends a pull in the transaction that published its load (it joins one that runs): deletions become tombstones,
 * the watermark moves, the pull is committed. All of it or nothing.
 */
export async function commitPull(session: Session, commit: PullCommit): Promise<AppliedDeletions> {
  return session.transaction(async () => {
    const applied = await applyDeletions(session, { ...commit, origin: `pull ${commit.pullId}` })
    if (commit.whole !== undefined) await tellUnseen(session, commit.pullId, await settleUnseen(session, commit.whole))
    if (commit.members !== undefined) {
      const { members, source, pullId } = commit
      await tellLeft(session, pullId, await recordLoadedMembers(session, { ...members, source, pullId }))
    }
    if (commit.since !== undefined && !commit.partial) await moveWatermark(session, commit, commit.since)
    const { source, pullId, coverage } = commit
    if (coverage !== null) await recordCoverage(session, { ...coverage, source, pullId })
    await recordPull(session, commit.pullId, {
      state: 'committed',
      partial: commit.partial,
      ...(commit.jobId === undefined ? {} : { jobId: commit.jobId }),
    })
    return applied
  })
}

async function tellUnseen(session: Session, pullId: number, unseen: Unseen): Promise<void> {
  const { resources, removed, emptyTypes } = unseen
  if (resources > 0) {
    const fate = removed > 0 ? 'they count as deleted' : 'they are kept'
    const message = `${resources} resources of earlier exports are not in this whole one: ${fate}.`
    const code = removed > 0 ? 'bulk/unseen-removed' : 'bulk/unseen-kept'
    await recordFinding(session, pullId, { severity: 'information', code, message })
  }
  if (emptyTypes.length > 0) {
    const message = `Earlier exports brought ${emptyTypes.join(', ')}, this whole one nothing of that: what is there is kept.`
    await recordFinding(session, pullId, { severity: 'warning', code: 'bulk/unseen-types', message })
  }
}

/** Says how many patients are no members of the group any more; nothing of theirs is removed for that. */
export async function tellLeft(session: Session, pullId: number, left: number): Promise<void> {
  if (left === 0) return
  const message = `${left} patients are no longer in the group; what is known of them is kept.`
  await recordFinding(session, pullId, { severity: 'information', code: 'bulk/members-left', message })
}

async function moveWatermark(session: Session, commit: PullCommit, since: string): Promise<void> {
  await session.run('INSERT OR REPLACE INTO pull_watermark VALUES ($source, $scope, $since, $id)', {
    source: commit.source,
    scope: commit.scopeHash,
    since,
    id: commit.pullId,
  })
}

/** Resources that a source deleted, and where that was said. */
export interface Deletions {
  readonly source: string
  readonly origin: string
  /** The load that is published in the same transaction; what it brought stays. */
  readonly jobId: number | undefined
  readonly deletions: readonly Deletion[]
}

/** Turns deletions into tombstones, within the caller's transaction, after its load was published. */
export async function applyDeletions(session: Session, commit: Deletions): Promise<AppliedDeletions> {
  if (commit.deletions.length === 0) return { deleted: 0, kept: 0, unknown: 0 }
  await session.run('CREATE OR REPLACE TEMP TABLE pull_deletion (type VARCHAR, id VARCHAR)')
  for (let from = 0; from < commit.deletions.length; from += 10_000) {
    await session.run(
      `INSERT INTO pull_deletion SELECT d ->> 'type', d ->> 'id' FROM (SELECT unnest($list::JSON::JSON[]) AS d)`,
      { list: JSON.stringify(commit.deletions.slice(from, from + 10_000)) },
    )
  }
  // What the same load brought stays: a resource may have been deleted and made again before the export.
  const loaded = commit.jobId === undefined ? 'false' : `EXISTS (SELECT 1 FROM job_verdict v WHERE v.rid = c.rid)`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE pull_tombstone AS
     SELECT DISTINCT d.type, d.id, c.rid, c.deleted, ${loaded} AS kept
     FROM pull_deletion d LEFT JOIN (
       SELECT * FROM resource_current WHERE source_id = (SELECT source_id FROM source WHERE name = $source)
     ) c ON c.type = d.type AND c.id = d.id`,
    { source: commit.source },
  )
  const counts = await session.first<AppliedDeletions>(
    `SELECT count(*) FILTER (rid IS NOT NULL AND NOT kept AND NOT deleted)::INTEGER AS deleted,
       count(*) FILTER (rid IS NOT NULL AND kept)::INTEGER AS kept,
       count(*) FILTER (rid IS NULL)::INTEGER AS unknown FROM pull_tombstone`,
  )
  const applied = counts ?? { deleted: 0, kept: 0, unknown: 0 }
  if (applied.deleted > 0) await writeTombstones(session, commit)
  return applied
}

async function writeTombstones(session: Session, commit: Deletions): Promise<void> {
  const jobId = commit.jobId ?? (await openDeletionJob(session, commit))
  await session.run(
    `UPDATE resource_current SET deleted = true,
       changed_seq = (SELECT published_seq FROM job WHERE job_id = $job)
     WHERE NOT deleted AND rid IN (SELECT rid FROM pull_tombstone WHERE rid IS NOT NULL AND NOT kept)`,
    { job: jobId },
  )
  await forgetPersonLines(session, 'c.rid IN (SELECT rid FROM pull_tombstone WHERE rid IS NOT NULL AND NOT kept)')
}

/** Deletions alone are a publication too: what derives from resources looks for its number. */
async function openDeletionJob(session: Session, commit: Deletions): Promise<number> {
  const row = await session.first<{ id: number }>('SELECT coalesce(max(job_id), 0)::INTEGER + 1 AS id FROM job')
  const jobId = row?.id ?? 1
  await session.run(
    `INSERT INTO job (job_id, kind, source_id, origin, state, published_seq, started_at, finished_at)
     SELECT $job, 'deletion', (SELECT source_id FROM source WHERE name = $source), $origin, 'published',
       (SELECT coalesce(max(published_seq), 0) + 1 FROM job), now()::TIMESTAMP, now()::TIMESTAMP`,
    { job: jobId, source: commit.source, origin: commit.origin },
  )
  return jobId
}
