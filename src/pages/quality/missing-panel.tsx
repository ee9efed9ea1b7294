import { isSmall } from '../../measure/index.ts'
import type { MissingData } from '../../store/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'

interface MissingProps {
  readonly rows: readonly MissingData[]
  readonly isSafe: boolean
}

/** Per measure, of whom nothing that answers it is in the data: a gap in care, or a gap in the data. */
export const MissingPanel = ({ rows, isSafe }: MissingProps) => (
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
        { label: 'Counted', align: 'end', cell: (row) => shown(row.atRisk, isSafe) },
        {
          label: 'Without a fact',
          align: 'end',
          cell: (row) => {
            if (mustHide(row, isSafe)) return <span class="zero">hidden</span>
            return formatCount(row.withoutData)
          },
        },
        {
          label: 'Share',
          align: 'end',
          cell: (row) => (row.atRisk === 0 || mustHide(row, isSafe) ? '' : formatPercent(row.withoutData / row.atRisk)),
        },
        { label: 'Not evaluated', align: 'end', cell: (row) => shown(row.notEvaluated, isSafe) },
      ]}
    />
  </Panel>
)

const shown = (count: number, isSafe: boolean) =>
  isSafe && isSmall(count) ? <span class="zero">hidden</span> : formatCount(count)

const mustHide = ({ atRisk, withoutData }: MissingData, isSafe: boolean): boolean =>
  isSafe && (isSmall(withoutData) || isSmall(atRisk) || isSmall(atRisk - withoutData))
