import type { Diagnostic } from '../base/index.ts'
import type { Session } from '../duck/index.ts'

/**
 * A line of the command `results`: one source patient, one group. The patients of one person repeat the
 * person's counts; totals count distinct `person`.
 */
export interface ResultLine {
  readonly measure: string
  readonly source: string
  readonly patientId: string
  /** The person key. */
  readonly person: number
  /** Empty for an error of a measure whose groups nobody has a result in. */
  readonly group: string
  /** Members by population code; only populations that the group has. Empty with an error. */
  readonly populations: Readonly<Record<string, number>>
  /** Values by the observation's id: one for each observed member. */
  readonly observations: Readonly<Record<string, readonly number[]>>
  /** Members by population code in each stratum: the stratifier's id, or `id=value` where a value decides. */
  readonly strata: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** What all results of the measure in this run must say of themselves: data that were partial, value sets that were cut. */
  readonly remarks?: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
}

interface Row {
  readonly measure: string
  readonly source: string
  readonly patientId: string
  readonly person: number
  readonly group: string
  readonly counts: Readonly<Record<string, number | null>>
  /** JSON text, or null. */
  readonly observations: string | null
  readonly strata: string | null
  readonly code: string | null
  readonly message: string | null
  /** JSON text, or null. */
  readonly remarks: string | null
}

const sql = `
  WITH groups AS (SELECT DISTINCT measure_id, group_id FROM person_result WHERE run_id = $runId),
  outcome AS (
    SELECT measure_id, group_id, pid, NULL AS code, NULL AS message, observations, strata, {
      'initial-population': initial_population, 'denominator': denominator,
      'denominator-exclusion': denominator_exclusion, 'denominator-exception': denominator_exception,
      'numerator': numerator, 'numerator-exclusion': numerator_exclusion,
      'measure-population': measure_population, 'measure-population-exclusion': measure_population_exclusion
    } AS counts
    FROM person_result WHERE run_id = $runId
    UNION ALL
    SELECT e.measure_id, coalesce(g.group_id, ''), e.pid, e.code, e.message, NULL, NULL, NULL
    FROM person_error e LEFT JOIN groups g USING (measure_id) WHERE e.run_id = $runId)
  SELECT o.measure_id AS measure, s.name AS source, p.patient_id AS "patientId", o.pid AS person,
    o.group_id AS "group", o.counts, o.observations::VARCHAR AS observations, o.strata::VARCHAR AS strata, o.code, o.message,
    m.diagnostics::VARCHAR AS remarks
  FROM outcome o JOIN run_person r ON r.run_id = $runId AND r.pid = o.pid
  JOIN source_patient p ON p.spid = r.spid JOIN source s USING (source_id)
  LEFT JOIN run_measure m ON m.run_id = $runId AND m.measure_id = o.measure_id AND m.state = 'done'
  ORDER BY measure, "group", source, "patientId"`

/** The persons of a run as they were then, ascending. */
export async function readRunPersons(session: Session, runId: number): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    'SELECT DISTINCT pid FROM run_person WHERE run_id = $runId ORDER BY pid',
    { runId },
  )
  return rows.map(({ pid }) => pid)
}

/** The results of a run, with who was whose patient then, ordered by measure, group, source and patient. The session streams meanwhile. */
export async function* resultLines(session: Session, runId: number): AsyncGenerator<ResultLine> {
  for await (const rows of session.stream<Row>(sql, { runId })) for (const row of rows) yield lineOf(row)
}

function lineOf({ counts, observations, strata, code, message, remarks, ...key }: Row): ResultLine {
  const said = (JSON.parse(remarks ?? '[]') as readonly Diagnostic[]).map((one) => `${one.code}: ${one.message}`)
  const error = code === null ? {} : { error: { code, message: message ?? '' } }
  // An error has no counts: the engine says so by an error, never by zeros.
  const populations = code === null ? Object.entries(counts).filter(([, count]) => count !== null) : []
  return {
    ...key,
    populations: Object.fromEntries(populations) as Record<string, number>,
    observations: JSON.parse(observations ?? '{}') as ResultLine['observations'],
    strata: JSON.parse(strata ?? '{}') as ResultLine['strata'],
    ...(said.length === 0 ? {} : { remarks: said }),
    ...error,
  }
}
