import type { Session } from '../duck/index.ts'

/** Whom a run took a source's patient for; undefined where that run knows no such patient. */
export async function findRunPid(
  session: Session,
  runId: number,
  patient: { readonly source: string; readonly patientId: string },
): Promise<number | undefined> {
  const row = await session.first<{ pid: number }>(
    `SELECT m.pid FROM run_person m JOIN source_patient p USING (spid) JOIN source s USING (source_id)
     WHERE m.run_id = $runId AND s.name = $source AND p.patient_id = $patientId`,
    { runId, ...patient },
  )
  return row?.pid
}

/** The letters and counts that a run stored of a person and a measure; the same row as `PersonMeasureResult`, in short. */
export interface StoredLetters {
  readonly groupId: string
  readonly initialPopulation: number | null
  readonly denominator: number | null
  readonly denominatorExclusion: number | null
  readonly denominatorException: number | null
  readonly numerator: number | null
  readonly numeratorExclusion: number | null
  readonly defines: string
}

/** What a run stored of one person and measure: a row for each group, or the code of the error in its place. */
export async function readStoredLetters(
  session: Session,
  run: { readonly runId: number; readonly measureId: string },
  pid: number,
): Promise<{ readonly results: readonly StoredLetters[]; readonly error: { readonly code: string } | undefined }> {
  const where = 'WHERE run_id = $runId AND measure_id = $measureId AND pid = $pid'
  const parameters = { ...run, pid }
  const results = await session.all<StoredLetters>(
    `SELECT group_id AS "groupId", initial_population AS "initialPopulation", denominator,
       denominator_exclusion AS "denominatorExclusion", denominator_exception AS "denominatorException", numerator,
       numerator_exclusion AS "numeratorExclusion", defines FROM person_result ${where}`,
    parameters,
  )
  const error = await session.first<{ code: string }>(`SELECT code FROM person_error ${where} LIMIT 1`, parameters)
  return { results, error }
}
