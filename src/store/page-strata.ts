import type { Session } from '../duck/index.ts'
import { ageInYears } from './page-people-sql.ts'

/** What people of a measure may be told apart by. */
export type StratumKind = 'practice' | 'provider' | 'race' | 'ethnicity' | 'sex' | 'age' | 'payer' | 'language'

/** A stratum with its name; both null where the fact is not known. */
export interface StratumRow {
  readonly id: string | null
  readonly label: string | null
  /** The denominator less exclusions and exceptions. */
  readonly atRisk: number
  readonly numerator: number
}

const ageBand = `CASE WHEN ${ageInYears} IS NULL THEN NULL WHEN ${ageInYears} < 18 THEN '0 to 17'
  WHEN ${ageInYears} < 40 THEN '18 to 39' WHEN ${ageInYears} < 65 THEN '40 to 64' WHEN ${ageInYears} < 75 THEN '65 to 74'
  ELSE '75 and over' END`

const kinds: Readonly<Record<StratumKind, { readonly id: string; readonly label: string }>> = {
  practice: { id: 'w.practice', label: 'w.practice' },
  provider: { id: 'w.npi', label: 'coalesce(w.provider, w.npi)' },
  race: { id: 'w.race', label: 'w.race' },
  ethnicity: { id: 'w.ethnicity', label: 'w.ethnicity' },
  sex: { id: 'p.sex', label: 'p.sex' },
  age: { id: ageBand, label: ageBand },
  payer: { id: 'w.payer', label: 'w.payer' },
  language: { id: 'w.language', label: 'w.language' },
}

interface StrataWhere {
  readonly runId: number
  readonly measureId: string
  readonly groupId: string
  readonly periodEnd: string
}

const counted = 'r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0)'
const countsSql = `sum(${counted})::INTEGER AS "atRisk",
  sum(CASE WHEN ${counted} > 0 THEN r.numerator - coalesce(r.numerator_exclusion, 0) ELSE 0 END)::INTEGER AS numerator,
  $periodEnd AS "periodEnd"`
const countedSql = `person_result r JOIN person p ON p.pid = r.pid LEFT JOIN worklist_person w ON w.pid = r.pid
  WHERE r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId AND r.denominator > 0`
const parametersOf = ({ runId, measureId, groupId, periodEnd }: StrataWhere) => ({
  runId,
  measureId,
  groupId,
  periodEnd,
})

/**
 * Numerator and people counted of one measure's group of the newest run per stratum, by name, the unknown last. Reads the
 * people of the lists (`ensureWorklist` first).
 */
export function readStrata(session: Session, kind: StratumKind, where: StrataWhere): Promise<StratumRow[]> {
  const { id, label } = kinds[kind]
  return session.all<StratumRow>(
    `SELECT ${id} AS id, any_value(${label}) AS label, ${countsSql} FROM ${countedSql}
     GROUP BY 1 HAVING sum(${counted}) > 0 ORDER BY label NULLS LAST, id`,
    parametersOf(where),
  )
}

/** People of one practice and one provider; null where it is not known. */
export interface SharedStratum {
  readonly practice: string | null
  readonly provider: string | null
  readonly atRisk: number
  readonly numerator: number
}

/** The same by practice and provider at once. */
export function readSharedStrata(session: Session, where: StrataWhere): Promise<SharedStratum[]> {
  return session.all<SharedStratum>(
    `SELECT ${kinds.practice.id} AS practice, ${kinds.provider.id} AS provider, ${countsSql} FROM ${countedSql}
     GROUP BY 1, 2 HAVING sum(${counted}) > 0 ORDER BY ALL`,
    parametersOf(where),
  )
}

/** A published run's rate of one measure's group, of its own period. */
export interface RatePoint {
  readonly runId: number
  readonly periodStart: string
  readonly periodEnd: string
  /** ISO instant. */
  readonly at: string
  readonly version: string
  readonly contentHash: string
  readonly atRisk: number
  readonly numerator: number
  /** Gaps that were not due yet. */
  readonly notDue: number
}

/** The rates of all published runs, oldest first. */
export function readRateHistory(session: Session, measureId: string, groupId: string): Promise<RatePoint[]> {
  const counted = 'r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0)'
  return session.all<RatePoint>(
    `SELECT u.run_id AS "runId", u.period_start AS "periodStart", u.period_end AS "periodEnd",
       strftime(u.started_at, '%Y-%m-%dT%H:%M:%SZ') AS at, m.measure_version AS version, m.content_hash AS "contentHash",
       coalesce(sum(${counted}) FILTER (r.denominator > 0), 0)::INTEGER AS "atRisk",
       coalesce(sum(r.numerator - coalesce(r.numerator_exclusion, 0)) FILTER (r.denominator > 0 AND ${counted} > 0), 0)::INTEGER AS numerator,
       (SELECT count(*) FROM gap g WHERE g.run_id = u.run_id AND g.measure_id = $measureId AND g.group_id = $groupId
         AND g.status = 'prospective')::INTEGER AS "notDue"
     FROM run u JOIN run_measure m ON m.run_id = u.run_id AND m.measure_id = $measureId AND m.state = 'done'
     LEFT JOIN person_result r ON r.run_id = u.run_id AND r.measure_id = $measureId AND r.group_id = $groupId
     WHERE u.state = 'published' GROUP BY ALL ORDER BY u.run_id`,
    { measureId, groupId },
  )
}
