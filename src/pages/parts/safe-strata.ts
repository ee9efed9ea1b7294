import { releasedStrata } from '../../jobs/index.ts'
import { type RunSummary, readStrata, type ScorecardCounts, type StratumKind } from '../../store/index.ts'
import { mustBeSafe, type PageRequest } from '../site.tsx'

/** A stratum as a page may show it: what is null is hidden. */
export interface SafeStratum {
  readonly id: string | null
  readonly label: string | null
  readonly atRisk: number | null
  readonly numerator: number | null
  readonly isHidden: boolean
}

/** The strata of a measure's group as the user may see them: exact, or as they may be told beside what was told before. */
export async function strataOf(
  request: PageRequest,
  kind: StratumKind,
  where: { readonly run: RunSummary; readonly counts: ScorecardCounts },
): Promise<readonly SafeStratum[]> {
  const { run, counts } = where
  const rows = mustBeSafe(request)
    ? await releasedStrata(request.site.application.store, kind, where)
    : await readStrata(request.session, kind, { ...counts, runId: run.runId, periodEnd: run.periodEnd })
  return rows.map(({ id, label, atRisk, numerator }) => ({
    id,
    label,
    atRisk,
    numerator,
    isHidden: atRisk === null || numerator === null,
  }))
}
