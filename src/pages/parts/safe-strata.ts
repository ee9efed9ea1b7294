import { hiddenCounts } from '../../jobs/index.ts'
import { safeCells } from '../../measure/index.ts'
import type { ScorecardCounts, StratumRow } from '../../store/index.ts'

/** A stratum as a page may show it: what is null is hidden. */
export interface SafeStratum {
  readonly id: string | null
  readonly label: string | null
  readonly atRisk: number | null
  readonly numerator: number | null
  readonly isHidden: boolean
}

/** Strata with small counts, and what would tell them, hidden; as they are for who may see the people anyway. */
export function safeStrata(rows: readonly StratumRow[], isSafe: boolean, counts: ScorecardCounts): SafeStratum[] {
  // The sizes of strata add up to those counted: where that must not be told, neither may they.
  if (isSafe && hiddenCounts(counts).has('counted')) {
    return rows.map(({ id, label }) => ({ id, label, atRisk: null, numerator: null, isHidden: true }))
  }
  const safety = isSafe ? safeCells(rows.map(({ numerator, atRisk }) => ({ events: numerator, trials: atRisk }))) : []
  return rows.map(({ id, label, atRisk, numerator }, index) => {
    const { hideEvents = false, hideTrials = false } = safety[index] ?? {}
    return {
      id,
      label,
      atRisk: hideTrials ? null : atRisk,
      numerator: hideEvents ? null : numerator,
      isHidden: hideEvents || hideTrials,
    }
  })
}
