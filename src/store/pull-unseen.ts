import type { Session } from '../duck/index.ts'
import { forgetPersonLines } from './person-line.ts'

/** A whole export that was loaded without a loss: what it does not hold of what it asked for is not there any more. */
export interface WholeExport {
  readonly source: string
  readonly jobId: number
  readonly scopeHash: string
  readonly level: 'system' | 'patient' | 'group'
  /** The types asked for; all where absent. */
  readonly types: readonly string[] | undefined
  /** Types of which only a part was asked for: nothing follows from what is not there. */
  readonly filteredTypes: readonly string[]
  /** Whether what is not there any more counts as deleted. */
  readonly remove: boolean
}

/** What earlier exports of the scope brought, and this one did not. */
export interface Unseen {
  readonly resources: number
  readonly removed: number
  /** Types of which this export holds nothing at all: it may be that they were not exported, so theirs are kept. */
  readonly emptyTypes: readonly string[]
}

/**
 * Finds what is current and was brought by the same scope, but is not in the export that is being published
 * (`job_verdict`), and turns it into tombstones where that is wanted; in the caller's transaction. An export of patients
 * says nothing of resources of no patient, and one of a group nothing of who is not in it. Nothing is removed while lines
 * of the export are in quarantine: one of them may be what is missed.
 */
export async function settleUnseen(session: Session, whole: WholeExport): Promise<Unseen> {
  const about = {
    system: 'true',
    patient: 'c.spid IS NOT NULL',
    group: `c.spid IN (SELECT spid FROM job_verdict WHERE type = 'Patient')`,
  }
  await session.run(
    `CREATE OR REPLACE TEMP TABLE pull_unseen AS
     SELECT c.rid, c.type, c.type IN (SELECT type FROM job_verdict) AS told
     FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
     WHERE c.source_id = (SELECT source_id FROM source WHERE name = $source) AND NOT c.deleted
       AND l.file_id IN (SELECT f.file_id FROM source_file f JOIN pull p ON p.job_id = f.job_id WHERE p.scope_hash = $scope)
       AND ($types::JSON IS NULL OR list_contains(from_json($types::JSON, '["VARCHAR"]'), c.type))
       AND NOT list_contains(from_json($filtered::JSON, '["VARCHAR"]'), c.type)
       AND c.rid NOT IN (SELECT rid FROM job_verdict) AND ${about[whole.level]}`,
    {
      source: whole.source,
      scope: whole.scopeHash,
      types: whole.types === undefined ? null : JSON.stringify(whole.types),
      filtered: JSON.stringify(whole.filteredTypes),
    },
  )
  const found = await session.first<{ resources: number; emptyTypes: string[] | null; quarantined: number }>(
    `SELECT count(*) FILTER (told)::INTEGER AS resources,
       list(DISTINCT type ORDER BY type) FILTER (NOT told) AS "emptyTypes",
       (SELECT count(*)::INTEGER FROM quarantine q JOIN source_file f USING (file_id) WHERE f.job_id = $job) AS quarantined
     FROM temp.pull_unseen`,
    { job: whole.jobId },
  )
  const { resources = 0, quarantined = 0 } = found ?? {}
  const removed = whole.remove && quarantined === 0 ? resources : 0
  if (removed > 0) {
    await session.run(
      `UPDATE resource_current SET deleted = true, changed_seq = (SELECT published_seq FROM job WHERE job_id = $job)
       WHERE rid IN (SELECT rid FROM temp.pull_unseen WHERE told)`,
      { job: whole.jobId },
    )
    await forgetPersonLines(session, 'c.rid IN (SELECT rid FROM temp.pull_unseen WHERE told)')
  }
  await session.run('DROP TABLE temp.pull_unseen')
  return { resources, removed, emptyTypes: found?.emptyTypes ?? [] }
}
