import type { Session } from '../duck/index.ts'

/** A source patient who is otherwise in a population of one run than of another. */
export interface PopulationChange {
  readonly measure: string
  readonly group: string
  readonly population: string
  readonly source: string
  readonly patientId: string
  /** The person of the source patient in each run; null where that run knows no such patient. */
  readonly personBefore: number | null
  readonly personAfter: number | null
  /** Members before and after; null where there is no result (an error, or not in the run). */
  readonly before: number | null
  readonly after: number | null
  /** The facts of the person changed between the runs. */
  readonly factsChanged: boolean
  /** The person is made of other source patients, of those that both runs know. */
  readonly identityChanged: boolean
}

const populations = `
  UNPIVOT (SELECT measure_id, group_id, pid, initial_population AS "initial-population", denominator,
    denominator_exclusion AS "denominator-exclusion", denominator_exception AS "denominator-exception", numerator,
    numerator_exclusion AS "numerator-exclusion", measure_population AS "measure-population",
    measure_population_exclusion AS "measure-population-exclusion" FROM person_result WHERE run_id = `

const membersOf = (run: string) => `(
  SELECT u.measure_id, u.group_id, u.population, u.members, p.spid, p.pid
  FROM (${populations}${run}) ON COLUMNS(* EXCLUDE (measure_id, group_id, pid)) INTO NAME population VALUE members) u
  JOIN run_person p ON p.run_id = ${run} AND p.pid = u.pid
  WHERE u.measure_id IN (SELECT measure_id FROM both_runs))`

/** By source patient, who the person is in a run: the set of its source patients that both runs know. */
const personsOf = (run: string) => `(
  SELECT p.spid, p.pid, g.members FROM run_person p JOIN (
    SELECT pid, list(spid ORDER BY spid) FILTER (spid IN (SELECT spid FROM known)) AS members
    FROM run_person WHERE run_id = ${run} GROUP BY pid) g ON g.pid = p.pid
  WHERE p.run_id = ${run})`

const sql = `
  WITH both_runs AS (
    SELECT measure_id FROM run_measure WHERE run_id = $before AND state = 'done'
    INTERSECT SELECT measure_id FROM run_measure WHERE run_id = $after AND state = 'done'),
  known AS (SELECT spid FROM run_person WHERE run_id = $before INTERSECT SELECT spid FROM run_person WHERE run_id = $after),
  touched AS (
    SELECT DISTINCT spid FROM person_change WHERE kind = 'facts' AND state_id > $low AND state_id <= $high
    UNION (SELECT spid FROM run_person WHERE run_id IN ($before, $after) EXCEPT FROM known)),
  touched_before AS (SELECT DISTINCT pid FROM run_person WHERE run_id = $before AND spid IN (SELECT spid FROM touched)),
  touched_after AS (SELECT DISTINCT pid FROM run_person WHERE run_id = $after AND spid IN (SELECT spid FROM touched))
  SELECT measure_id AS measure, group_id AS "group", population, s.name AS source, sp.patient_id AS "patientId",
    pb.pid AS "personBefore", pa.pid AS "personAfter", b.members AS before, a.members AS after,
    pb.pid IN (SELECT pid FROM touched_before) OR pa.pid IN (SELECT pid FROM touched_after) AS "factsChanged",
    pb.spid IS NOT NULL AND pa.spid IS NOT NULL AND pb.members <> pa.members AS "identityChanged"
  FROM ${membersOf('$before')} b FULL JOIN ${membersOf('$after')} a USING (measure_id, group_id, population, spid)
  LEFT JOIN ${personsOf('$before')} pb ON pb.spid = spid
  LEFT JOIN ${personsOf('$after')} pa ON pa.spid = spid
  JOIN source_patient sp ON sp.spid = coalesce(b.spid, a.spid) JOIN source s USING (source_id)
  WHERE a.members IS DISTINCT FROM b.members AND (coalesce(a.members, 0) > 0 OR coalesce(b.members, 0) > 0)
  ORDER BY measure, "group", population, source, "patientId"`

/**
 * Whose membership in a population of a measure that both runs evaluated differs. `states` bound the changes of facts
 * between the runs (`statesBetween`).
 */
export function readPopulationChanges(
  session: Session,
  before: number,
  after: number,
  states: { readonly low: number; readonly high: number },
): Promise<PopulationChange[]> {
  return session.all<PopulationChange>(sql, { before, after, ...states })
}

/**
 * The states of the data that two snapshots stand for, lower and higher; undefined where one is not known: then nothing
 * can be said of whose facts changed.
 */
export async function statesBetween(
  session: Session,
  before: string,
  after: string,
): Promise<{ readonly low: number; readonly high: number } | undefined> {
  if (before === after) return { low: 0, high: 0 }
  const row = await session.first<{ before: number | null; after: number | null }>(
    `SELECT (SELECT max(state_id) FROM data_state WHERE snapshot = $before) AS before,
       (SELECT max(state_id) FROM data_state WHERE snapshot = $after) AS after`,
    { before, after },
  )
  const { before: first = null, after: second = null } = row ?? {}
  if (first === null || second === null) return undefined
  return { low: Math.min(first, second), high: Math.max(first, second) }
}
