import type { Session } from '../duck/index.ts'

/** What evaluated a measure of a run. */
export interface RunEngineRow {
  readonly measureId: string
  /** The run's engine, or the one that stood in where that could not say the measure. */
  readonly engine: string
  /** Persons whom closures evaluated in its place, for columns cannot represent their records. */
  readonly closures: number
  /** Why, the most common reason first: each person counts for one. */
  readonly reasons: readonly ClosureReason[]
}

/** What SQL cannot say of some persons. */
export interface ClosureReason {
  readonly reason: string
  readonly persons: number
}

/** Says of an open run what evaluated its measures. */
export async function storeRunEngines(session: Session, runId: number, rows: readonly RunEngineRow[]): Promise<void> {
  for (const { measureId, engine, closures, reasons } of rows) {
    await session.run('INSERT INTO run_engine VALUES ($runId, $measureId, $engine, $closures)', {
      runId,
      measureId,
      engine,
      closures,
    })
    for (const { reason, persons } of reasons)
      await session.run('INSERT INTO run_closure VALUES ($runId, $measureId, $reason, $persons)', {
        runId,
        measureId,
        reason,
        persons,
      })
  }
}

/** What evaluated the measures of a run, by measure; none of a run that did not come that far. */
export function readRunEngines(session: Session, runId: number): Promise<RunEngineRow[]> {
  return session.all<RunEngineRow>(
    `SELECT e.measure_id AS "measureId", e.engine, e.closures, coalesce(c.reasons, []) AS reasons
     FROM run_engine e LEFT JOIN (
       SELECT measure_id, list(struct_pack(reason := reason, persons := persons) ORDER BY persons DESC, reason) AS reasons
       FROM run_closure WHERE run_id = $runId GROUP BY measure_id) c USING (measure_id)
     WHERE e.run_id = $runId ORDER BY e.measure_id`,
    { runId },
  )
}
