import type { MissingData } from '../../store/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'

interface MissingProps {
  readonly rows: readonly MissingData[]
  /** To who may not see small counts: how many a measure counts, where that may be told; undefined to who may. */
  readonly released: ReadonlyMap<string, number> | undefined
}

/** Per measure, of whom nothing that answers it is in the data: a gap in care, or a gap in the data. */
export const MissingPanel = ({ rows, released }: MissingProps) => (
  <Panel
    id="missing"
    title="What measures lack"
    note="People whom a measure counts and of whom no source holds a fact that answers it. A large share is more often a code that no map reads, or an export that lacks a type, than care that was not given."
    flush
  >
    <DataTable
      label="What measures lack"
      narrow="cards"
      rows={rows}
      columns={[
        {
          label: 'Measure',
          heading: true,
          width: 'some',
          cell: ({ measureId, title }) => <a href={`/measures/${encodeURIComponent(measureId)}`}>{title}</a>,
        },
        {
          label: 'Counted',
          align: 'end',
          cell: (row) => told(released === undefined ? row.atRisk : released.get(`${row.measureId} ${row.groupId}`)),
        },
        {
          label: 'Without a fact',
          align: 'end',
          cell: (row) => told(released === undefined || row.withoutData === 0 ? row.withoutData : undefined),
        },
        {
          label: 'Share',
          align: 'end',
          cell: (row) => {
            if (row.atRisk === 0) return ''
            const share = row.withoutData / row.atRisk
            return released === undefined ? formatPercent(share) : bandOf(share)
          },
        },
        {
          label: 'Not evaluated',
          align: 'end',
          cell: (row) => told(released === undefined || row.notEvaluated === 0 ? row.notEvaluated : undefined),
        },
      ]}
    />
  </Panel>
)

const told = (count: number | undefined) =>
  count === undefined ? <span class="zero">hidden</span> : formatCount(count)

/** A share as coarse as tells of nobody, and as fine as tells where to look. */
const bandOf = (share: number): string =>
  share === 0 ? 'none' : share < 0.1 ? 'below 10%' : share < 0.5 ? '10 to 50%' : '50% or more'
