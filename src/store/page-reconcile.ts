import type { Session } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** Whom a key of a list can mean among one source's patients. */
export interface KeyedPatient {
  readonly key: string
  readonly pid: number
}

/** The persons whom keys (a patient id, or the value of one of a patient's identifiers) mean within a source. */
export function findKeyedPatients(session: Session, source: string, keys: readonly string[]): Promise<KeyedPatient[]> {
  return session.all<KeyedPatient>(
    `WITH key AS MATERIALIZED (SELECT DISTINCT unnest(from_json($keys::JSON, '["VARCHAR"]')) AS key),
     patient AS (SELECT sp.spid, coalesce(sp.pid, sp.spid) AS pid, sp.patient_id FROM source_patient sp
       JOIN source s USING (source_id) WHERE s.name = $source),
     identifier AS (
       SELECT p.pid, unnest(from_json(coalesce(json_extract(l.raw, '$.identifier'), '[]'), '[{"value":"VARCHAR"}]')).value AS value
       FROM patient p JOIN resource_current c ON c.spid = p.spid AND c.type = 'Patient' AND NOT c.deleted
       JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash)
     SELECT DISTINCT key, pid FROM (
       SELECT k.key, p.pid FROM key k JOIN patient p ON p.patient_id = k.key
       UNION ALL SELECT k.key, i.pid FROM key k JOIN identifier i ON i.value = k.key) ORDER BY key, pid`,
    { source, keys: JSON.stringify(keys) },
  )
}

/** What a run says of a person of a source, for one measure's group, and why. */
export interface ReconciledResult {
  readonly pid: number
  readonly name: string | null
  readonly patientIds: readonly string[]
  readonly initialPopulation: number | null
  readonly denominator: number | null
  readonly denominatorExclusion: number | null
  readonly denominatorException: number | null
  readonly numerator: number | null
  readonly reasonCode: string | null
  readonly sentence: string | null
  /** Sources of the facts that decided, other than the one that is compared. */
  readonly otherSources: readonly string[]
  /** Why the person could not be evaluated; null where they were. */
  readonly error: string | null
}

/** Everybody of a source whom the user may see, with their result of one measure's group; without one where there is none. */
export function readSourceResults(
  session: Session,
  where: { readonly runId: number; readonly measureId: string; readonly groupId: string; readonly source: string },
  visible: PersonFilter,
): Promise<ReconciledResult[]> {
  const allowed = personPredicate(visible, 'm.pid')
  const { runId, measureId, groupId, source } = where
  return session.all<ReconciledResult>(
    `WITH member AS (
       SELECT coalesce(sp.pid, sp.spid) AS pid, list(sp.patient_id ORDER BY sp.patient_id) AS patient_ids
       FROM source_patient sp JOIN source s USING (source_id) WHERE s.name = $source GROUP BY 1)
     SELECT m.pid, p.name, m.patient_ids AS "patientIds", r.initial_population AS "initialPopulation", r.denominator,
       r.denominator_exclusion AS "denominatorExclusion", r.denominator_exception AS "denominatorException", r.numerator,
       g.reason_code AS "reasonCode", g.sentence,
       coalesce(list_distinct(list_filter(from_json(g.evidence, '[{"source":"VARCHAR"}]'),
         lambda e: e.source <> $source).list_transform(lambda e: e.source)), []) AS "otherSources", e.message AS error
     FROM member m LEFT JOIN person p ON p.pid = m.pid
     LEFT JOIN person_result r ON r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId AND r.pid = m.pid
     LEFT JOIN gap g ON g.run_id = $runId AND g.measure_id = $measureId AND g.group_id = $groupId AND g.pid = m.pid
     LEFT JOIN (SELECT pid, min(message) AS message FROM person_error
       WHERE run_id = $runId AND measure_id = $measureId GROUP BY pid) e ON e.pid = m.pid
     WHERE ${allowed.sql} ORDER BY p.name NULLS LAST, m.pid`,
    { runId, measureId, groupId, source, ...allowed.parameters },
  )
}
