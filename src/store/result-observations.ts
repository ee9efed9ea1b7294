import type { Session } from '../duck/index.ts'

/** All values of one observation of one group in a run, everybody's, in no order. */
export interface ObservedValuesRow {
  readonly measureId: string
  readonly groupId: string
  readonly id: string
  readonly values: readonly number[]
}

/** The observed values of a run; an observation that nobody has a value of has no row. */
export function readObservedValues(session: Session, runId: number): Promise<ObservedValuesRow[]> {
  return session.all<ObservedValuesRow>(
    `WITH observed AS (
       SELECT measure_id, group_id, id, unnest(coalesce(from_json(observations->id, '["DOUBLE"]'), [])) AS value
       FROM (SELECT measure_id, group_id, observations, unnest(json_keys(observations)) AS id
             FROM person_result WHERE run_id = $runId AND observations IS NOT NULL))
     SELECT measure_id AS "measureId", group_id AS "groupId", id, list(value) AS values
     FROM observed GROUP BY ALL ORDER BY ALL`,
    { runId },
  )
}
