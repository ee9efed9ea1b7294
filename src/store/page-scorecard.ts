import type { Session } from '../duck/index.ts'
import { dataDatesSql } from './coverage.ts'

/** Counts of one measure's group in a run: null where the group has no such population. */
export interface ScorecardCounts {
  readonly measureId: string
  readonly groupId: string
  readonly persons: number
  readonly initialPopulation: number | null
  readonly denominator: number | null
  readonly denominatorExclusion: number | null
  readonly denominatorException: number | null
  readonly numerator: number | null
  readonly numeratorExclusion: number | null
  readonly measurePopulation: number | null
  readonly openGaps: number
  readonly prospectiveGaps: number
  readonly orderedGaps: number
  readonly awaitingGaps: number
  readonly closedGaps: number
  readonly excludedGaps: number
  readonly unknownGaps: number
  /** Persons that this measure could not be evaluated for. */
  readonly errors: number
}

/** The counts of every measure and group of a run, in order of measure and group. */
export function readScorecardCounts(session: Session, runId: number): Promise<ScorecardCounts[]> {
  return session.all<ScorecardCounts>(
    `WITH result AS (
       SELECT measure_id, group_id, count(*)::INTEGER AS persons,
         sum(initial_population)::INTEGER AS ip, sum(denominator)::INTEGER AS den,
         sum(denominator_exclusion)::INTEGER AS denex, sum(denominator_exception)::INTEGER AS denexcep,
         sum(numerator)::INTEGER AS num, sum(numerator_exclusion)::INTEGER AS numex,
         sum(measure_population)::INTEGER AS mpop
       FROM person_result WHERE run_id = $runId GROUP BY ALL),
     gaps AS (
       SELECT measure_id, group_id, count(*) FILTER (status = 'open')::INTEGER AS open,
         count(*) FILTER (status = 'prospective')::INTEGER AS prospective,
         count(*) FILTER (status = 'ordered')::INTEGER AS ordered,
         count(*) FILTER (status = 'awaiting-data')::INTEGER AS awaiting,
         count(*) FILTER (status = 'closed')::INTEGER AS closed,
         count(*) FILTER (status = 'excluded')::INTEGER AS excluded,
         count(*) FILTER (status = 'unknown')::INTEGER AS unknown
       FROM gap WHERE run_id = $runId GROUP BY ALL),
     failed AS (
       SELECT measure_id, count(DISTINCT pid)::INTEGER AS errors FROM person_error WHERE run_id = $runId GROUP BY ALL)
     SELECT r.measure_id AS "measureId", r.group_id AS "groupId", r.persons, r.ip AS "initialPopulation",
       r.den AS denominator, r.denex AS "denominatorExclusion", r.denexcep AS "denominatorException",
       r.num AS numerator, r.numex AS "numeratorExclusion", r.mpop AS "measurePopulation",
       coalesce(g.open, 0) AS "openGaps", coalesce(g.prospective, 0) AS "prospectiveGaps",
       coalesce(g.ordered, 0) AS "orderedGaps", coalesce(g.awaiting, 0) AS "awaitingGaps",
       coalesce(g.closed, 0) AS "closedGaps",
       coalesce(g.excluded, 0) AS "excludedGaps", coalesce(g.unknown, 0) AS "unknownGaps",
       coalesce(f.errors, 0) AS errors
     FROM result r
     LEFT JOIN gaps g ON g.measure_id = r.measure_id AND g.group_id = r.group_id
     LEFT JOIN failed f ON f.measure_id = r.measure_id
     ORDER BY r.measure_id, r.group_id`,
    { runId },
  )
}

/** What was loaded, in sums. `dataAsOf`: of the source whose data are oldest, its newest whole export's own time, else its load. */
export interface LoadSummary {
  readonly sources: number
  readonly files: number
  readonly lines: number
  readonly good: number
  readonly quarantined: number
  readonly duplicate: number
  readonly sourcePatients: number
  readonly persons: number
  readonly dataAsOf: string | null
}

/** The sums of the whole ledger; zeros where nothing was loaded. */
export async function readLoadSummary(session: Session): Promise<LoadSummary | undefined> {
  return session.first<LoadSummary>(
    `SELECT (SELECT count(*) FROM source)::INTEGER AS sources, count(*)::INTEGER AS files,
       coalesce(sum(lines), 0)::DOUBLE AS lines, coalesce(sum(good), 0)::DOUBLE AS good,
       coalesce(sum(quarantined), 0)::DOUBLE AS quarantined, coalesce(sum(duplicate), 0)::DOUBLE AS duplicate,
       (SELECT count(*) FROM source_patient)::INTEGER AS "sourcePatients",
       (SELECT count(*) FROM person)::INTEGER AS persons,
       (SELECT min(data_of) FROM (${dataDatesSql})) AS "dataAsOf"
     FROM source_file`,
  )
}
