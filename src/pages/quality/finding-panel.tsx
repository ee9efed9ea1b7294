import type { FindingCount } from '../../store/index.ts'
import { countOf, formatPercent } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { count } from './count-column.tsx'

/** How many people are known from how many sources, and what kept source patients apart. */
export const FindingPanel = (props: {
  readonly findings: readonly FindingCount[]
  readonly persons: readonly { readonly sources: number; readonly persons: number }[]
}) => {
  const all = props.persons.reduce((sum, row) => sum + row.persons, 0)
  return (
    <Panel
      id="identity"
      title="Identity"
      note={`${countOf(all, 'person', 'people')}, each by how many sources know them.`}
      flush
    >
      <DataTable
        label="People by number of sources"
        narrow="scroll"
        rows={props.persons}
        columns={[
          { label: 'Known from', heading: true, cell: (row) => countOf(row.sources, 'source') },
          count<{ readonly persons: number }>('People', (row) => row.persons),
          { label: 'Share', align: 'end', cell: (row) => formatPercent(row.persons / all) },
        ]}
      />
      {props.findings.length === 0 ? (
        <p class="panel-body">Nothing stood in the way of a merge.</p>
      ) : (
        <DataTable
          label="Identity findings"
          narrow="cards"
          rows={props.findings}
          columns={[
            {
              label: 'Finding',
              heading: true,
              width: 'some',
              cell: (row) => (
                <>
                  {row.example}
                  <span class="cell-note">
                    <code>{row.code}</code>
                  </span>
                </>
              ),
            },
            count<FindingCount>('Times', (row) => row.findings),
            count<FindingCount>('Patients', (row) => row.patients),
          ]}
        />
      )}
    </Panel>
  )
}
