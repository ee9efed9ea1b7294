import type { Session } from '../duck/index.ts'

/** What evaluated a measure of a run. */
export interface RunEngineRow {
  readonly measureId: string
  /** The run's engine, or the one that stood in where that could not say the measure. */
  readonly engine: string
  /** Persons whom closures evaluated in its place, for columns cannot represent their records. */
  readonly closures: number
}

/** Says of an open run what evaluated its measures. */
export async function storeRunEngines(session: Session, runId: number, rows: readonly RunEngineRow[]): Promise<void> {
  for (const { measureId, engine, closures } of rows) {
    await session.run('INSERT INTO run_engine VALUES ($runId, $measureId, $engine, $closures)', {
      runId,
      measureId,
      engine,
      closures,
    })
  }
}

/** What evaluated the measures of a run, by measure; none of a run that did not come that far. */
export function readRunEngines(session: Session, runId: number): Promise<RunEngineRow[]> {
  return session.all<RunEngineRow>(
    `SELECT measure_id AS "measureId", engine, closures FROM run_engine WHERE run_id = $runId ORDER BY measure_id`,
    { runId },
  )
}
