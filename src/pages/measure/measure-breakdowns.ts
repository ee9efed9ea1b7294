import { hiddenCounts, readyWorklist } from '../../jobs/index.ts'
import {
  type BreakdownKind,
  type BreakdownRow,
  type RunSummary,
  readBreakdown,
  type ScorecardCounts,
} from '../../store/index.ts'
import { formatSex } from '../parts/format.ts'
import { peopleHref } from '../parts/people-link.tsx'
import { estimateRate } from '../parts/rate.tsx'
import { strataOf } from '../parts/safe-strata.ts'
import { atRiskOf } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest } from '../site.tsx'
import { type Breakdown, prepareBreakdown } from './breakdown.tsx'

/** The rates of a measure's group by practice, and by age and sex; none where nobody is counted. */
export async function breakdownsOf(
  request: PageRequest,
  run: RunSummary,
  counts: ScorecardCounts,
): Promise<Breakdown[]> {
  // The sizes of strata add up to those counted: where that must not be told, neither may they.
  if (mustBeSafe(request) && hiddenCounts(counts).has('counted')) return []
  if (mustBeSafe(request)) await readyWorklist(request.session, request.site.application.clock)
  const overall = estimateRate((counts.numerator ?? 0) - (counts.numeratorExclusion ?? 0), atRiskOf(counts))?.rate
  const practices = await shownRows(request, 'practice', run, counts)
  const practiceHref = (practice: string) =>
    practices.some(({ label }) => label === practice)
      ? peopleHref({ measureId: counts.measureId, groupId: counts.groupId, population: 'numerator', practice })
      : undefined
  const ages = await shownRows(request, 'age', run, counts)
  const sexes = (await shownRows(request, 'sex', run, counts)).map((row) => ({
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

/** The strata of a fact; to who may not see small counts without those that hold them or would tell them. */
async function shownRows(
  request: PageRequest,
  kind: BreakdownKind,
  run: RunSummary,
  counts: ScorecardCounts,
): Promise<readonly BreakdownRow[]> {
  if (!mustBeSafe(request)) {
    const { measureId, groupId } = counts
    return readBreakdown(request.session, kind, { runId: run.runId, measureId, groupId, periodEnd: run.periodEnd })
  }
  return (await strataOf(request, kind, { run, counts })).flatMap(({ label, atRisk, numerator }) =>
    atRisk === null || numerator === null ? [] : [{ label, atRisk, numerator }],
  )
}
