import type { Session } from '../duck/index.ts'

/** What a run stored of one person and one group of a measure. The JSON columns are text. */
export interface StoredResult {
  readonly groupId: string
  readonly counts: Readonly<Record<string, number | null>>
  /** A letter per name of the run measure's defines. */
  readonly defines: string
  readonly evidence: readonly { readonly define: number; readonly rid: string }[]
  readonly observations: string | null
  readonly strata: string | null
}

/** Why a run could not evaluate a person. `place` is JSON text. */
export interface StoredError {
  readonly code: string
  readonly message: string
  readonly place: string | null
}

/** The results of one person in a run, a row for each group; none where the run did not evaluate them. */
export function readStoredResults(
  session: Session,
  where: { readonly runId: number; readonly measureId: string; readonly pid: number },
): Promise<StoredResult[]> {
  return session.allOften<StoredResult>(
    `SELECT group_id AS "groupId", {
       'initial-population': initial_population, 'denominator': denominator,
       'denominator-exclusion': denominator_exclusion, 'denominator-exception': denominator_exception,
       'numerator': numerator, 'numerator-exclusion': numerator_exclusion,
       'measure-population': measure_population, 'measure-population-exclusion': measure_population_exclusion} AS counts,
       defines, list_transform(evidence, lambda e: {'define': e.define, 'rid': e.rid::VARCHAR}) AS evidence,
       observations::VARCHAR AS observations, strata::VARCHAR AS strata
     FROM person_result WHERE run_id = $runId AND measure_id = $measureId AND pid = $pid ORDER BY group_id`,
    where,
  )
}

/** The error of one person in a run; undefined where there was none. */
export async function readStoredError(
  session: Session,
  where: { readonly runId: number; readonly measureId: string; readonly pid: number },
): Promise<StoredError | undefined> {
  const [error] = await session.allOften<StoredError>(
    `SELECT code, message, place::VARCHAR AS place FROM person_error
     WHERE run_id = $runId AND measure_id = $measureId AND pid = $pid LIMIT 1`,
    where,
  )
  return error
}
