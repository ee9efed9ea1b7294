import { hiddenCounts, releasedStrata } from '../../jobs/index.ts'
import { releasedUnits } from '../../report/index.ts'
import {
  type RunSummary,
  readStrata,
  type ScorecardCounts,
  type Store,
  type StratumKind,
  type ToldStratum,
} from '../../store/index.ts'
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
    ? await toldStrata(request.site.application.store, kind, where)
    : await readStrata(request.session, kind, { ...counts, runId: run.runId, periodEnd: run.periodEnd })
  return rows.map(({ id, label, atRisk, numerator }) => ({
    id,
    label,
    atRisk,
    numerator,
    isHidden: atRisk === null || numerator === null,
  }))
}

/** A practice and its providers are held against each other; other strata stand by themselves. */
function toldStrata(
  store: Store,
  kind: StratumKind,
  where: { readonly run: RunSummary; readonly counts: ScorecardCounts },
): Promise<readonly ToldStratum[]> {
  if (kind !== 'practice' && kind !== 'provider') return releasedStrata(store, kind, where)
  return releasedUnits(store, kind, { ...where, isSumHidden: hiddenCounts(where.counts).has('counted') })
}
