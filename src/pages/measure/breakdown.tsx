import { raw } from 'hono/html'
import type { BreakdownRow } from '../../store/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { estimateRate } from '../parts/rate.tsx'
import { drawRateChart, type RateStratum } from '../parts/rate-chart.ts'
import { DataTable } from '../parts/table.tsx'

/** Rates over the strata of one fact, drawn, with their table. */
export interface Breakdown {
  readonly id: string
  readonly title: string
  readonly label: string
  readonly svg: string
  readonly strata: readonly RateStratum[]
}

/** Draws the rates of a breakdown; `unknown` is what the stratum without the fact is called. */
export async function prepareBreakdown(
  rows: readonly BreakdownRow[],
  words: { readonly id: string; readonly title: string; readonly label: string; readonly unknown: string },
  overall: number | undefined,
): Promise<Breakdown> {
  const strata = rows.map((row) => ({ ...row, label: row.label ?? words.unknown }))
  return { ...words, strata, svg: await drawRateChart(strata, overall) }
}

/** The chart of a breakdown and the table of what it draws. */
export const BreakdownPanel = ({ breakdown }: { readonly breakdown: Breakdown }) => (
  <Panel
    id={breakdown.id}
    title={breakdown.title}
    note="Dot: rate. Band: 95% interval. Dashed line: everybody. Overlapping bands are no ground for a ranking."
    flush
  >
    {/* The table below says the same in words. The text is Vega's own, which escapes what it is given. */}
    <div class="chart" aria-hidden="true">
      {raw(breakdown.svg)}
    </div>
    <DataTable
      label={breakdown.title}
      narrow="scroll"
      rows={breakdown.strata}
      columns={[
        { label: breakdown.label, heading: true, cell: (row) => row.label },
        { label: 'Numerator', align: 'end', cell: (row) => formatCount(row.numerator) },
        { label: 'Counted', align: 'end', cell: (row) => formatCount(row.atRisk) },
        { label: 'Rate', align: 'end', cell: (row) => formatPercent(row.numerator / row.atRisk) },
        { label: '95% interval', align: 'end', cell: intervalText },
      ]}
    />
  </Panel>
)

function intervalText(row: RateStratum): string {
  const estimate = estimateRate(row.numerator, row.atRisk)
  return estimate === undefined ? '' : `${formatPercent(estimate.low)} to ${formatPercent(estimate.high)}`
}
