import type { Session } from '../duck/index.ts'
import { ageInYears, primaryAttribution } from './page-people-sql.ts'

/** What a rate may be broken down by. */
export type BreakdownKind = 'practice' | 'age' | 'sex'

/** A stratum: `label` is null where the fact is not known. `atRisk` is the denominator less exclusions and exceptions. */
export interface BreakdownRow {
  readonly label: string | null
  readonly atRisk: number
  readonly numerator: number
}

const ageBand = `CASE WHEN ${ageInYears} IS NULL THEN NULL WHEN ${ageInYears} < 18 THEN '0-17'
  WHEN ${ageInYears} < 40 THEN '18-39' WHEN ${ageInYears} < 65 THEN '40-64' WHEN ${ageInYears} < 75 THEN '65-74'
  ELSE '75 and over' END`

const labels: Readonly<Record<BreakdownKind, string>> = { practice: 'a.practice', age: ageBand, sex: 'p.sex' }

/** Numerator and population at risk of one measure's group per stratum, in order of label, unknown last. */
export function readBreakdown(
  session: Session,
  kind: BreakdownKind,
  where: { readonly runId: number; readonly measureId: string; readonly groupId: string; readonly periodEnd: string },
): Promise<BreakdownRow[]> {
  const { runId, measureId, groupId, periodEnd } = where
  return session.all<BreakdownRow>(
    `SELECT ${labels[kind]} AS label,
       sum(r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0))::INTEGER AS "atRisk",
       sum(r.numerator - coalesce(r.numerator_exclusion, 0))::INTEGER AS numerator, $periodEnd AS period_end
     FROM person_result r
     JOIN person p ON p.pid = r.pid
     ${kind === 'practice' ? `LEFT JOIN (${primaryAttribution('attribution')}) a ON a.pid = r.pid` : ''}
     WHERE r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId AND r.denominator > 0
     GROUP BY 1 HAVING sum(r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0)) > 0
     ORDER BY 1 NULLS LAST`,
    { runId, measureId, groupId, periodEnd },
  )
}
