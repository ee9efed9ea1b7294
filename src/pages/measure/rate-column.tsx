import { Rate } from '../parts/rate.tsx'
import type { SafeStratum } from '../parts/safe-strata.ts'
import type { Column } from '../parts/table.tsx'

/** The rate of a stratum with its interval, or that small counts hide it. */
export const rateColumn: Column<SafeStratum> = {
  label: 'Rate, 95% interval',
  width: 'some',
  cell: ({ atRisk, numerator }) =>
    atRisk === null || numerator === null ? (
      <span class="soft">Hidden: small counts</span>
    ) : (
      <Rate numerator={numerator} atRisk={atRisk} />
    ),
}
