import { raw } from 'hono/html'
import type { BreakdownRow } from '../../store/index.ts'
import { formatCount } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { Rate } from '../parts/rate.tsx'
import { drawRateChart, type RateStratum } from '../parts/rate-chart.ts'
import { DataTable } from '../parts/table.tsx'

/** Rates over the strata of one fact, drawn, with their table. */
export interface Breakdown {
  readonly id: string
  readonly title: string
  readonly label: string
  readonly svg: string
  readonly strata: readonly RateStratum[]
  /** Where the numerator of a stratum leads to; absent where the user may not see people, or no list is of the stratum. */
  readonly peopleHref?: (label: string) => string | undefined
}

/** Draws the rates of a breakdown; `unknown` is what the stratum without the fact is called. */
export async function prepareBreakdown(
  rows: readonly BreakdownRow[],
  words: Omit<Breakdown, 'svg' | 'strata'> & { readonly unknown: string },
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
    note="Dot or tick: rate. Band: 95% interval. Dashed line: everybody. Overlapping bands are no ground for a ranking."
    flush
  >
    {/* The table below says the same in words. The text is Vega's own, which escapes what it is given. */}
    <div class="chart" aria-hidden="true">
      {raw(breakdown.svg)}
    </div>
    <DataTable
      label={breakdown.title}
      narrow="cards"
      rows={breakdown.strata}
      columns={[
        { label: breakdown.label, heading: true, cell: (row) => row.label },
        { label: 'Rate, 95% interval', cell: (row) => <Rate numerator={row.numerator} atRisk={row.atRisk} /> },
        {
          label: 'Numerator',
          align: 'end',
          cell: (row) => <Numerator stratum={row} href={breakdown.peopleHref?.(row.label)} />,
        },
      ]}
    />
  </Panel>
)

const Numerator = ({ stratum, href }: { readonly stratum: RateStratum; readonly href: string | undefined }) => (
  <>
    {href === undefined || stratum.numerator === 0 ? (
      formatCount(stratum.numerator)
    ) : (
      <a href={href} aria-label={`${formatCount(stratum.numerator)} in the numerator, ${stratum.label}`}>
        {formatCount(stratum.numerator)}
      </a>
    )}{' '}
    of {formatCount(stratum.atRisk)}
  </>
)
