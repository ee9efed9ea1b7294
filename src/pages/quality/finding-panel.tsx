import { isSmall } from '../../measure/index.ts'
import type { FindingCount } from '../../store/index.ts'
import { countOf, formatPercent } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { count, safeCounts } from '../parts/safe-column.tsx'
import { DataTable } from '../parts/table.tsx'

/** A sentence of the data without the small counts in it; days and decimals stay. */
const withoutFew = (sentence: string): string =>
  sentence.replaceAll(/(?<![\w.-])\d+(?!\w|[.-]\d)/g, (count) => (isSmall(Number(count)) ? 'few' : count))

/** How many people are known from how many sources, and what kept source patients apart. */
export const FindingPanel = (props: {
  readonly findings: readonly FindingCount[]
  readonly persons: readonly { readonly sources: number; readonly persons: number }[]
  readonly isSafe: boolean
}) => {
  const { isSafe } = props
  const all = props.persons.reduce((sum, row) => sum + row.persons, 0)
  const told = safeCounts(
    props.persons.map((row) => row.persons),
    isSafe,
  )
  const persons = props.persons.map(({ sources }, index) => ({ sources, persons: told[index] ?? null }))
  const seldom = (value: number) => (isSafe && isSmall(value) ? null : value)
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
        rows={persons}
        columns={[
          { label: 'Known from', heading: true, cell: (row) => countOf(row.sources, 'source') },
          count<{ readonly persons: number | null }>('People', (row) => row.persons),
          {
            label: 'Share',
            align: 'end',
            cell: (row) => (row.persons === null ? '' : formatPercent(row.persons / all)),
          },
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
                  {isSafe ? withoutFew(row.example) : row.example}
                  <span class="cell-note">
                    <code>{row.code}</code>
                  </span>
                </>
              ),
            },
            count<FindingCount>('Times', (row) => seldom(row.findings)),
            count<FindingCount>('Patients', (row) => seldom(row.patients)),
          ]}
        />
      )}
    </Panel>
  )
}
