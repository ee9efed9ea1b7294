import { hiddenCounts } from '../../jobs/index.ts'
import { safeCells } from '../../measure/index.ts'
import { type BreakdownRow, type RunSummary, readBreakdown, type ScorecardCounts } from '../../store/index.ts'
import { formatSex } from '../parts/format.ts'
import { peopleHref } from '../parts/people-link.tsx'
import { estimateRate } from '../parts/rate.tsx'
import { atRiskOf } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest } from '../site.tsx'
import { type Breakdown, prepareBreakdown } from './breakdown.tsx'

/** The rates of a measure's group by practice, and by age and sex; none where nobody is counted. */
export async function breakdownsOf(
  request: PageRequest,
  run: RunSummary,
  counts: ScorecardCounts,
): Promise<Breakdown[]> {
  const isSafe = mustBeSafe(request)
  // The sizes of strata add up to those counted: where that must not be told, neither may they.
  if (isSafe && hiddenCounts(counts).has('counted')) return []
  const shown = (rows: readonly BreakdownRow[]) => (isSafe ? withoutSmall(rows) : rows)
  const overall = estimateRate((counts.numerator ?? 0) - (counts.numeratorExclusion ?? 0), atRiskOf(counts))?.rate
  const where = {
    runId: run.runId,
    measureId: counts.measureId,
    groupId: counts.groupId,
    periodEnd: run.periodEnd,
  }
  const practices = shown(await readBreakdown(request.session, 'practice', where))
  const practiceHref = (practice: string) =>
    practices.some(({ label }) => label === practice)
      ? peopleHref({ measureId: counts.measureId, groupId: counts.groupId, population: 'numerator', practice })
      : undefined
  const ages = shown(await readBreakdown(request.session, 'age', where))
  const sexes = shown(await readBreakdown(request.session, 'sex', where)).map((row) => ({
    ...row,
    label: row.label === null ? null : formatSex(row.label),
  }))
  if (ages.length === 0) return []
  const byAge = await prepareBreakdown(
    [...ages, ...sexes],
    { id: 'by-age-and-sex', title: 'By age and sex', label: 'Age or sex', unknown: 'Not known' },
    overall,
  )
  // Without any attribution the one stratum would only repeat the measure's own rate.
  if (practices.every(({ label }) => label === null)) return [byAge]
  return [
    await prepareBreakdown(
      practices,
      {
        id: 'by-practice',
        title: 'By practice',
        label: 'Practice',
        unknown: 'No practice known',
        ...(maySeeLists(request.scope.principal) ? { peopleHref: practiceHref } : {}),
      },
      overall,
    ),
    byAge,
  ]
}

/** Strata without those that hold small counts or would tell them. */
function withoutSmall(rows: readonly BreakdownRow[]): readonly BreakdownRow[] {
  const safety = safeCells(rows.map(({ numerator, atRisk }) => ({ events: numerator, trials: atRisk })))
  return rows.filter((_, index) => safety[index]?.hideEvents !== true && safety[index]?.hideTrials !== true)
}
