import type { Session } from '../duck/index.ts'

/** Who became due in a month, as one run foresaw it, and what another run found of them. */
export interface CohortRuns {
  /** `YYYY-MM`. */
  readonly month: string
  /** The run whose due dates say who belongs to it. */
  readonly foreseenBy: number
  /** The run whose results say what became of them. */
  readonly foundBy: number
}

export interface CohortCounts extends CohortRuns {
  readonly atRisk: number
  readonly numerator: number
}

/**
 * By month, how many of those whom the first run said to become due then are counted by the second, and in its numerator. A
 * person of now is found through the source patients that each run knew. A month of which nobody is counted is left out.
 */
export function readCohortCounts(
  session: Session,
  measureId: string,
  groupId: string,
  cohorts: readonly CohortRuns[],
): Promise<CohortCounts[]> {
  const counted = 'r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0)'
  return session.all<CohortCounts>(
    `WITH cohort AS (
       SELECT unnest(from_json($cohorts::JSON, '[{"month":"VARCHAR","foreseenBy":"INTEGER","foundBy":"INTEGER"}]'), recursive := true)),
     member AS (
       SELECT DISTINCT c.month, c."foreseenBy", c."foundBy", f.pid
       FROM cohort c
       JOIN gap g ON g.run_id = c."foreseenBy" AND g.measure_id = $measureId AND g.group_id = $groupId
         AND g.due_date LIKE c.month || '%'
       JOIN run_person b ON b.run_id = c."foreseenBy" AND b.pid = g.pid
       JOIN run_person f ON f.run_id = c."foundBy" AND f.spid = b.spid)
     SELECT m.month, m."foreseenBy", m."foundBy", sum(${counted})::INTEGER AS "atRisk",
       sum(r.numerator - coalesce(r.numerator_exclusion, 0))::INTEGER AS numerator
     FROM member m
     JOIN person_result r ON r.run_id = m."foundBy" AND r.pid = m.pid AND r.measure_id = $measureId AND r.group_id = $groupId
     WHERE r.denominator > 0 AND ${counted} > 0 GROUP BY ALL ORDER BY m.month`,
    { measureId, groupId, cohorts: JSON.stringify(cohorts) },
  )
}
