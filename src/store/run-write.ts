import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { codeMapsSql } from './code-map.ts'
import { insertRunBasis, type MeasureBasis } from './run-basis.ts'
import { startLineage, takeBackResults } from './run-lineage.ts'

/** What a run is made of: equal stamps and equal measures give equal rows. */
export interface RunStamp {
  readonly engine: string
  readonly engineVersion: string
  /** YYYY-MM-DD, both days included, in the zone. */
  readonly periodStart: string
  readonly periodEnd: string
  readonly timeZone: string
  readonly dataSnapshot: string
}

/** A measure of a run. `done`: evaluated; `failed`: refused before anybody was, with its diagnostics. */
export interface RunMeasureRow {
  readonly measureId: string
  readonly url: string
  readonly version: string
  readonly title: string
  readonly contentHash: string
  readonly state: 'done' | 'failed'
  readonly defines: readonly string[]
  readonly diagnostics: readonly unknown[]
  /** What its results rest on; absent where it was refused. */
  readonly basis?: MeasureBasis
}

/** Opens a run that nobody sees the results of yet, and returns its id. `startedAt` is UTC. */
export async function openRun(
  session: Session,
  stamp: RunStamp,
  measures: readonly RunMeasureRow[],
  startedAt: Date,
): Promise<number> {
  return session.transaction(async () => {
    const row = await session.first<{ runId: number }>(
      `INSERT INTO run BY NAME
       SELECT coalesce(max(run_id), 0) + 1 AS run_id, 'running' AS state, $engine AS engine,
         $engineVersion AS engine_version, $periodStart AS period_start, $periodEnd AS period_end,
         $timeZone AS time_zone, $dataSnapshot AS data_snapshot, $startedAt::TIMESTAMP AS started_at
       FROM run RETURNING run_id AS "runId"`,
      { ...stamp, startedAt: timestampOf(startedAt) },
    )
    invariant(row !== undefined, 'an inserted run has an id')
    await session.run(
      `INSERT INTO run_measure BY NAME
       SELECT $runId AS run_id, m->>'measureId' AS measure_id, m->>'url' AS measure_url, m->>'version' AS measure_version,
         m->>'title' AS title, m->>'contentHash' AS content_hash, m->>'state' AS state,
         from_json(m->'defines', '["VARCHAR"]') AS defines, m->'diagnostics' AS diagnostics
       FROM (SELECT unnest(from_json($measures::JSON, '["JSON"]')) AS m)`,
      { runId: row.runId, measures: JSON.stringify(measures) },
    )
    await insertRunBasis(session, row.runId, measures)
    await startLineage(session, row.runId)
    return row.runId
  })
}

/** `unlisted`: made for a report; pages and lists go on showing the newest published one. */
export type FinishedState = 'published' | 'unlisted'

/** Makes a run's results the ones that readers see. */
export async function publishRun(
  session: Session,
  runId: number,
  totals: { readonly persons: number; readonly personErrors: number; readonly state?: FinishedState },
  finishedAt: Date,
): Promise<void> {
  await session.run(
    `UPDATE run SET state = $state, finished_at = $finishedAt::TIMESTAMP, persons = $persons,
       person_errors = $personErrors WHERE run_id = $runId`,
    { runId, ...totals, state: totals.state ?? 'published', finishedAt: timestampOf(finishedAt) },
  )
}

const ownTables = ['run_person', 'run_engine', 'run_closure'] as const

/** In the caller's transaction. */
async function dropRows(session: Session, runId: number): Promise<void> {
  await takeBackResults(session, runId)
  for (const table of ownTables) await session.run(`DELETE FROM ${table} WHERE run_id = $runId`, { runId })
}

/** Ends a run that came to nothing: it stays in the list as `failed`, and its rows go. */
export async function discardRun(session: Session, runId: number, finishedAt: Date): Promise<void> {
  await session.transaction(async () => {
    await dropRows(session, runId)
    await session.run(`UPDATE run SET state = 'failed', finished_at = $finishedAt::TIMESTAMP WHERE run_id = $runId`, {
      runId,
      finishedAt: timestampOf(finishedAt),
    })
  })
}

/**
 * Takes the rows of runs away that were made for a report alone and ended before a time: they stay in the list as `expired`.
 * Returns how many.
 */
export async function expireReportRuns(session: Session, before: Date): Promise<number> {
  const old = await session.all<{ runId: number }>(
    `SELECT run_id AS "runId" FROM run WHERE state = 'unlisted' AND finished_at < $before::TIMESTAMP`,
    { before: timestampOf(before) },
  )
  for (const { runId } of old)
    await session.transaction(async () => {
      await dropRows(session, runId)
      await session.run(`UPDATE run SET state = 'expired' WHERE run_id = $runId`, { runId })
    })
  return old.length
}

/** Runs that a process which is gone left unfinished. There is one writer, so at its start every open run is one. */
export async function findOpenRuns(session: Session): Promise<readonly number[]> {
  const rows = await session.all<{ runId: number }>(
    `SELECT run_id AS "runId" FROM run WHERE state = 'running' ORDER BY run_id`,
  )
  return rows.map((row) => row.runId)
}

/** The newest run in one of these states with this stamp and just these measures by content; undefined where there is none. */
export async function findEqualRun(
  session: Session,
  stamp: RunStamp,
  measures: readonly Pick<RunMeasureRow, 'measureId' | 'contentHash' | 'state'>[],
  states: readonly FinishedState[] = ['published'],
): Promise<number | undefined> {
  const row = await session.first<{ runId: number }>(
    `SELECT r.run_id AS "runId" FROM run r JOIN run_measure m USING (run_id)
     WHERE r.state IN (SELECT unnest(from_json($states::JSON, '["VARCHAR"]'))) AND r.engine = $engine
       AND r.engine_version = $engineVersion
       AND r.period_start = $periodStart AND r.period_end = $periodEnd AND r.time_zone = $timeZone
       AND r.data_snapshot = $dataSnapshot
       AND r.run_id IN (SELECT run_id FROM run_setting WHERE code_maps = ${codeMapsSql})
     GROUP BY r.run_id
     HAVING list(m.measure_id || ' ' || m.content_hash || ' ' || m.state ORDER BY m.measure_id)
       = from_json($measures::JSON, '["VARCHAR"]')
     ORDER BY r.run_id DESC LIMIT 1`,
    { ...stamp, measures: JSON.stringify(measures.map(keyOf).sort()), states: JSON.stringify(states) },
  )
  return row?.runId
}

const keyOf = (measure: Pick<RunMeasureRow, 'measureId' | 'contentHash' | 'state'>) =>
  `${measure.measureId} ${measure.contentHash} ${measure.state}`

const timestampOf = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', '')
