import type { QuarantinedLine, QuarantineReason } from '../../store/index.ts'
import { formatCount, shortPath } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { count } from '../parts/safe-column.tsx'
import { DataTable } from '../parts/table.tsx'

/** Refused lines: why, and where. */
export const QuarantinePanel = (props: {
  readonly reasons: readonly QuarantineReason[]
  readonly lines: readonly QuarantinedLine[]
}) => (
  <Panel id="quarantine" title="Quarantined lines" flush>
    {props.reasons.length === 0 ? (
      <p class="panel-body">No line was refused.</p>
    ) : (
      <>
        <DataTable
          label="Reasons for quarantine"
          narrow="cards"
          rows={props.reasons}
          columns={[
            { label: 'Reason', heading: true, width: 'some', cell: (row) => row.reason },
            { label: 'Code', cell: (row) => <code>{row.code}</code> },
            count<QuarantineReason>('Lines', (row) => row.lines),
            count<QuarantineReason>('Files', (row) => row.files),
          ]}
        />
        <div class="panel-body">
          <details>
            <summary>Where: the first {formatCount(props.lines.length)} lines</summary>
            <QuarantinedLines lines={props.lines} />
          </details>
        </div>
      </>
    )}
  </Panel>
)

const QuarantinedLines = ({ lines }: { readonly lines: readonly QuarantinedLine[] }) => (
  <DataTable
    label="Quarantined lines"
    narrow="cards"
    rows={lines}
    columns={[
      {
        label: 'Place',
        heading: true,
        cell: (row) => (
          <code>
            {shortPath(row.file)}:{row.line}
          </code>
        ),
      },
      { label: 'Source', cell: (row) => row.source },
      { label: 'Reason', width: 'some', cell: (row) => row.reason },
    ]}
  />
)
