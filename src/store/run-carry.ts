import type { Session } from '../duck/index.ts'
import { extendResults } from './run-lineage.ts'
import type { RunStamp } from './run-write.ts'

/** A published run whose results may stand for persons whom nothing has changed. */
export interface CarryBase {
  readonly runId: number
  readonly dataSnapshot: string
  /** ISO time in UTC. */
  readonly startedAt: string
}

/**
 * The newest published run with this stamp (but for the data), no later than `now`, in which just these measures were
 * evaluated with just this logic, over the same code maps. Undefined where there is none.
 */
export function findCarryBase(
  session: Session,
  stamp: RunStamp,
  measures: readonly { readonly measureId: string; readonly logicHash: string }[],
  setting: { readonly codeMaps: string; readonly now: Date },
): Promise<CarryBase | undefined> {
  const { dataSnapshot: _data, ...same } = stamp
  return session.first<CarryBase>(
    `SELECT r.run_id AS "runId", r.data_snapshot AS "dataSnapshot",
       strftime(r.started_at, '%Y-%m-%dT%H:%M:%SZ') AS "startedAt" FROM run r JOIN run_setting s USING (run_id)
     WHERE r.state = 'published' AND r.engine = $engine AND r.engine_version = $engineVersion
       AND r.period_start = $periodStart AND r.period_end = $periodEnd AND r.time_zone = $timeZone
       AND s.code_maps = $codeMaps AND r.started_at <= $now::TIMESTAMP
       AND coalesce((SELECT list(l.measure_id || ' ' || l.logic_hash ORDER BY l.measure_id)
             FROM run_logic l WHERE l.run_id = r.run_id), []) = from_json($measures::JSON, '["VARCHAR"]')
     ORDER BY r.run_id DESC LIMIT 1`,
    {
      ...same,
      codeMaps: setting.codeMaps,
      now: setting.now.toISOString().replace('T', ' ').replace('Z', ''),
      measures: JSON.stringify(measures.map(({ measureId, logicHash }) => `${measureId} ${logicHash}`).sort()),
    },
  )
}

/** The codes that differ between an expansion that is stored and the one that takes its place; undefined where the old one is not stored. */
export async function readStoredCodes(session: Session, sha256: string): Promise<Set<string> | undefined> {
  const set = await session.first('SELECT 1 FROM value_set WHERE sha256 = $sha256', { sha256 })
  if (set === undefined) return undefined
  const rows = await session.all<{ key: string }>(
    `SELECT DISTINCT m.system || '|' || m.code AS key FROM value_set_member m JOIN value_set s USING (value_set_id)
     WHERE s.sha256 = $sha256`,
    { sha256 },
  )
  return new Set(rows.map(({ key }) => key))
}

/** The day until which gaps of a run are looked at again, and whether it is another than that of the run. */
export interface GapDay {
  /** `2026-05-01`. */
  readonly day: string
  readonly isLater: boolean
}

/**
 * Persons of a run with a gap of which this day says otherwise: it was not due yet and is now (a month or a year is due from its
 * first day), or it was ordered, and an order grows old.
 */
export async function readWaitingPids(session: Session, runId: number, { day, isLater }: GapDay): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT pid FROM gap WHERE run_id = $runId AND
       (status = 'prospective' AND (due_date IS NULL OR due_date <= $day) OR status = 'ordered' AND $isLater) ORDER BY pid`,
    { runId, day, isLater },
  )
  return rows.map(({ pid }) => pid)
}

/**
 * Takes over the results of a run for all persons that there are but these; `copied` where the run will be taken away again. All of
 * it or nothing. Returns how many persons were taken over, and how many of them have an error.
 */
export function carryResults(
  session: Session,
  base: number,
  runId: number,
  { but, copied }: { readonly but: readonly number[]; readonly copied: boolean },
): Promise<{ readonly persons: number; readonly personErrors: number }> {
  return session.transaction(async () => {
    await extendResults(session, { base, runId, but, copied })
    const row = await session.first<{ persons: number; personErrors: number }>(
      `SELECT count(DISTINCT pid)::INTEGER AS persons,
         count(DISTINCT pid) FILTER (failed)::INTEGER AS "personErrors"
       FROM (SELECT run_id, pid, false AS failed FROM person_result UNION ALL SELECT run_id, pid, true FROM person_error)
       WHERE run_id = $runId`,
      { runId },
    )
    await session.run('UPDATE run_setting SET carried_from = $base, evaluated = $evaluated WHERE run_id = $runId', {
      base,
      runId,
      evaluated: but.length,
    })
    return row ?? { persons: 0, personErrors: 0 }
  })
}
