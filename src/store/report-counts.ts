import type { Session } from '../duck/index.ts'

/** Whose results of a run are asked for: one measure's, of everybody or of some persons. */
export interface ResultsAsked {
  readonly runId: number
  readonly measureId: string
  /** Only these; everybody where absent. */
  readonly pids?: readonly number[]
}

/** Members of each population (by FHIR code) of one group over the persons asked for; null where the group has none. */
export interface ReportCounts {
  readonly groupId: string
  readonly counts: Readonly<Record<string, number | null>>
}

/** Members of one population within one stratum of one group. */
export interface StratumCount {
  readonly groupId: string
  readonly stratum: string
  readonly code: string
  readonly members: number
}

/** The values of one observation of one person's result, with what of it lies in each stratum. */
export interface ObservedPerson {
  readonly groupId: string
  /** JSON text: {id: [value]}. */
  readonly observations: string
  /** JSON text: {stratum: {code: count}}, or null. */
  readonly strata: string | null
  /** JSON text: {stratum: {id: [value]}} of strata that have a part of it, or null. */
  readonly stratumObservations: string | null
  readonly counts: Readonly<Record<string, number | null>>
}

const populationColumns = `{
  'initial-population': initial_population, 'denominator': denominator,
  'denominator-exclusion': denominator_exclusion, 'denominator-exception': denominator_exception,
  'numerator': numerator, 'numerator-exclusion': numerator_exclusion,
  'measure-population': measure_population, 'measure-population-exclusion': measure_population_exclusion}`

const summed = populationColumns.replaceAll(/: (\w+)/g, ': sum($1)::INTEGER')

const chosen = `run_id = $runId AND measure_id = $measureId
  AND ($pids::JSON IS NULL OR pid IN (SELECT unnest(from_json($pids::JSON, '["INTEGER"]'))))`

const parametersOf = ({ runId, measureId, pids }: ResultsAsked) => ({
  runId,
  measureId,
  pids: pids === undefined ? null : JSON.stringify(pids),
})

/** The counts of each group of a measure in a run; a group in which nobody has a result has no row. */
export function readReportCounts(session: Session, asked: ResultsAsked): Promise<ReportCounts[]> {
  return session.all<ReportCounts>(
    `SELECT group_id AS "groupId", ${summed} AS counts FROM person_result WHERE ${chosen} GROUP BY group_id ORDER BY ALL`,
    parametersOf(asked),
  )
}

/** The counts of each stratum of a measure's groups in a run. */
export function readStratumCounts(session: Session, asked: ResultsAsked): Promise<StratumCount[]> {
  return session.all<StratumCount>(
    `WITH stratum AS (
       SELECT group_id, unnest(map_entries(strata::MAP(VARCHAR, MAP(VARCHAR, INTEGER)))) AS entry
       FROM person_result WHERE ${chosen} AND strata IS NOT NULL AND initial_population > 0),
     counted AS (SELECT group_id, entry.key AS stratum, unnest(map_entries(entry.value)) AS cell FROM stratum)
     SELECT group_id AS "groupId", stratum, cell.key AS code, sum(cell.value)::INTEGER AS members
     FROM counted GROUP BY ALL ORDER BY ALL`,
    parametersOf(asked),
  )
}

/** Results with observations, person by person, in order of pid. */
export function readObservedPersons(session: Session, asked: ResultsAsked): Promise<ObservedPerson[]> {
  return session.all<ObservedPerson>(
    `SELECT group_id AS "groupId", observations::VARCHAR AS observations, strata::VARCHAR AS strata,
       stratum_observations::VARCHAR AS "stratumObservations", ${populationColumns} AS counts
     FROM person_result WHERE ${chosen} AND observations IS NOT NULL ORDER BY pid, group_id`,
    parametersOf(asked),
  )
}

/** How many of the persons asked for a measure could not be evaluated for. */
export async function countReportErrors(session: Session, asked: ResultsAsked): Promise<number> {
  const row = await session.first<{ errors: number }>(
    `SELECT count(DISTINCT pid)::INTEGER AS errors FROM person_error WHERE ${chosen}`,
    parametersOf(asked),
  )
  return row?.errors ?? 0
}

/** The persons asked for whom a measure could not be evaluated for, ascending. */
export async function readErrorPids(session: Session, asked: ResultsAsked): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT pid FROM person_error WHERE ${chosen} ORDER BY pid`,
    parametersOf(asked),
  )
  return rows.map(({ pid }) => pid)
}

/** The persons asked for who are in the initial population of a group of the measure, ascending. */
export async function readConcernedPids(session: Session, asked: ResultsAsked): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT pid FROM person_result WHERE ${chosen} AND initial_population > 0 ORDER BY pid`,
    parametersOf(asked),
  )
  return rows.map(({ pid }) => pid)
}

/** A member of a group's initial population: the person's counts, and JSON text of their strata (or null). */
export interface MemberRow {
  readonly pid: number
  readonly counts: Readonly<Record<string, number | null>>
  readonly strata: string | null
}

/** The members of one group's initial population, ascending. */
export function readMemberPids(session: Session, asked: ResultsAsked, groupId: string): Promise<MemberRow[]> {
  return session.all<MemberRow>(
    `SELECT pid, ${populationColumns} AS counts, strata::VARCHAR AS strata FROM person_result
     WHERE ${chosen} AND group_id = $groupId AND initial_population > 0 ORDER BY pid`,
    { ...parametersOf(asked), groupId },
  )
}

/** The counts of one group of a measure, person by person, ascending. */
export function readPersonCounts(
  session: Session,
  asked: ResultsAsked,
  groupId: string,
): Promise<Pick<MemberRow, 'pid' | 'counts'>[]> {
  return session.all(
    `SELECT pid, ${populationColumns} AS counts FROM person_result
     WHERE ${chosen} AND group_id = $groupId AND initial_population > 0 ORDER BY pid`,
    { ...parametersOf(asked), groupId },
  )
}
