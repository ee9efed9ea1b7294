import type { Session } from '../duck/index.ts'
import { ageInYears, primaryAttribution } from './page-people-sql.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** One person's header. Null where not known. */
export interface PersonHeader {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
  readonly age: number | null
  readonly sex: string | null
  readonly deceased: boolean
  readonly practice: string | null
  readonly tin: string | null
  readonly provider: string | null
  readonly npi: string | null
  readonly lastVisit: string | null
}

/** The header of a person, or undefined where there is no such person or it the user may not see it. */
export function readPersonHeader(
  session: Session,
  pid: number,
  periodEnd: string,
  visible: PersonFilter,
): Promise<PersonHeader | undefined> {
  const allowed = personPredicate(visible, 'p.pid')
  return session.first<PersonHeader>(
    `WITH visits AS (SELECT * FROM attribution WHERE pid = $pid)
     SELECT p.pid, p.name, p.birth_date AS "birthDate", (${ageInYears})::INTEGER AS age, p.sex, p.deceased,
       a.practice, a.tin, a.provider_name AS provider, a.npi, a.last_visit AS "lastVisit"
     FROM person p LEFT JOIN (${primaryAttribution('visits')}) a ON a.pid = p.pid
     WHERE p.pid = $pid AND ${allowed.sql}`,
    { pid, periodEnd, ...allowed.parameters },
  )
}

/** A source's patient that the person is made of, with how many resources it brought. */
export interface PersonSourcePatient {
  readonly spid: number
  readonly source: string
  readonly patientId: string
  readonly resources: number
}

/** The source patients of a person, in order of source and id. */
export function readPersonSourcePatients(session: Session, pid: number): Promise<PersonSourcePatient[]> {
  return session.all<PersonSourcePatient>(
    `SELECT sp.spid, s.name AS source, sp.patient_id AS "patientId",
       (SELECT count(*) FROM resource_current c WHERE c.spid = sp.spid AND NOT c.deleted)::INTEGER AS resources
     FROM source_patient sp JOIN source s ON s.source_id = sp.source_id
     WHERE coalesce(sp.pid, sp.spid) = $pid ORDER BY s.name, sp.patient_id`,
    { pid },
  )
}

/** What identity resolution had to say of any of a person's source patients. */
export interface PersonFinding {
  readonly code: string
  readonly message: string
}

/** Identity findings that touch a person. */
export function readPersonFindings(session: Session, pid: number): Promise<PersonFinding[]> {
  return session.all<PersonFinding>(
    `SELECT DISTINCT code, message FROM identity_finding
     WHERE list_has_any(spids, (SELECT coalesce(list(spid), []) FROM source_patient WHERE coalesce(pid, spid) = $pid))
     ORDER BY code, message`,
    { pid },
  )
}

/** One measure's result of a person in a run. `evidence` names resources per define index. */
export interface PersonMeasureResult {
  readonly measureId: string
  readonly groupId: string
  readonly initialPopulation: number | null
  readonly denominator: number | null
  readonly denominatorExclusion: number | null
  readonly denominatorException: number | null
  readonly numerator: number | null
  readonly numeratorExclusion: number | null
  readonly defines: string
  readonly evidence: readonly { readonly define: number; readonly rid: string }[]
}

/** What a run says of a person, in order of measure and group. */
export function readPersonMeasureResults(session: Session, runId: number, pid: number): Promise<PersonMeasureResult[]> {
  return session.all<PersonMeasureResult>(
    `SELECT measure_id AS "measureId", group_id AS "groupId", initial_population AS "initialPopulation", denominator,
       denominator_exclusion AS "denominatorExclusion", denominator_exception AS "denominatorException", numerator,
       numerator_exclusion AS "numeratorExclusion", defines, evidence
     FROM person_result WHERE run_id = $runId AND pid = $pid ORDER BY measure_id, group_id`,
    { runId, pid },
  )
}

/** A stored gap of a person; `evidence` is JSON text of the gap's evidence. */
export interface PersonGapRow {
  readonly measureId: string
  readonly groupId: string
  readonly status: string
  readonly reasonCode: string
  readonly sentence: string
  readonly evidence: string
  readonly nextAction: string | null
  readonly dueDate: string | null
}

/** The gaps of a person in a run. */
export function readPersonGaps(session: Session, runId: number, pid: number): Promise<PersonGapRow[]> {
  return session.all<PersonGapRow>(
    `SELECT measure_id AS "measureId", group_id AS "groupId", status, reason_code AS "reasonCode", sentence,
       evidence::VARCHAR AS evidence, next_action AS "nextAction", due_date AS "dueDate"
     FROM gap WHERE run_id = $runId AND pid = $pid ORDER BY measure_id, group_id`,
    { runId, pid },
  )
}

/** Why a run could not evaluate a person. */
export function readPersonErrors(
  session: Session,
  runId: number,
  pid: number,
): Promise<{ measureId: string; code: string; message: string }[]> {
  return session.all(
    `SELECT measure_id AS "measureId", code, message FROM person_error
     WHERE run_id = $runId AND pid = $pid ORDER BY measure_id`,
    { runId, pid },
  )
}

/** A resource as received, with where it came from. */
export interface PersonResource {
  readonly rid: string
  readonly source: string
  readonly type: string
  readonly id: string
  readonly versionId: string | null
  readonly lastUpdated: string | null
  readonly hash: string
  readonly file: string | null
  readonly line: number
  readonly raw: string
}

const resourceRows = `SELECT c.rid::VARCHAR AS rid, s.name AS source, c.type, l.id, l.version_id AS "versionId",
    l.last_updated AS "lastUpdated", l.hash::VARCHAR AS hash, f.path AS file, l.line_no::DOUBLE AS line, l.raw
  FROM resource_current c
  JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
  JOIN source s ON s.source_id = c.source_id
  LEFT JOIN source_file f ON f.file_id = l.file_id`

/** Resources by key, whoever they are of: for evidence, which may name what a record refers to. In order of rid. */
export function readResources(session: Session, rids: readonly string[]): Promise<PersonResource[]> {
  if (rids.length === 0) return Promise.resolve([])
  return session.all<PersonResource>(
    `${resourceRows} WHERE list_contains(from_json($rids, '["VARCHAR"]')::BIGINT[], c.rid) ORDER BY c.rid`,
    { rids: JSON.stringify(rids) },
  )
}

/**
 * One resource of a person's own record, or one that is about nobody (a practitioner, say) which the record
 * may refer to; undefined where it is another person's or there is none.
 */
export function readPersonResource(session: Session, pid: number, rid: string): Promise<PersonResource | undefined> {
  return session.first<PersonResource>(
    `${resourceRows} LEFT JOIN source_patient sp ON sp.spid = c.spid
     WHERE c.rid = TRY_CAST($rid AS BIGINT) AND (c.spid IS NULL OR coalesce(sp.pid, sp.spid) = $pid)`,
    { pid, rid },
  )
}

/** The Patient resources of a person, one per source patient, in order of source and id. */
export function readPersonPatients(session: Session, pid: number): Promise<PersonResource[]> {
  return session.all<PersonResource>(
    `${resourceRows} JOIN source_patient sp ON sp.spid = c.spid
     WHERE c.type = 'Patient' AND NOT c.deleted AND coalesce(sp.pid, sp.spid) = $pid ORDER BY s.name, l.id`,
    { pid },
  )
}
