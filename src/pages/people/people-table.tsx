import type { PeopleRow, PeopleSort } from '../../store/index.ts'
import { Due } from '../parts/due.tsx'
import { formatSex } from '../parts/format.ts'
import { asGapStatus, GapChip } from '../parts/gap-chip.tsx'
import { sentenceBesideChip } from '../parts/gap-sentence.ts'
import { type Column, DataTable } from '../parts/table.tsx'
import { type PeopleQuery, queryText } from './people-query.ts'

/** The name of a person; where no source gives one, the key, so that the link still says something. */
export const nameOf = (row: { readonly name: string | null; readonly pid: number }): string =>
  row.name ?? `Person ${row.pid}`

const Person = ({ row }: { readonly row: PeopleRow }) => (
  <>
    <a href={`/people/${row.pid}`}>{nameOf(row)}</a>
    {row.deceased ? <span class="cell-note">Deceased</span> : null}
  </>
)

const Gap = ({ row, asOf }: { readonly row: PeopleRow; readonly asOf: string }) => {
  const status = asGapStatus(row.status)
  return (
    <>
      {status === undefined ? <span class="soft">No gap was derived</span> : <GapChip status={status} />}{' '}
      {row.dueDate === null ? null : (
        <span class="small soft">
          <Due date={row.dueDate} asOf={asOf} isDone={row.status === 'closed'} />
        </span>
      )}
      {row.sentence === null ? null : (
        <span class="cell-sentence">{sentenceBesideChip(row.sentence, row.nextAction)}</span>
      )}
      {row.nextAction === null ? null : <span class="cell-note">Next: {row.nextAction}</span>}
    </>
  )
}

function sortOf(query: PeopleQuery, by: PeopleSort, action: string): NonNullable<Column<PeopleRow>['sort']> {
  const current = query.sort === by ? query.direction : undefined
  const next = current === 'ascending' ? 'descending' : 'ascending'
  const href = `${action}${queryText(query, { sort: by, direction: next, page: undefined })}`
  return { href, ...(current === undefined ? {} : { direction: current }) }
}

/** The people of a list, a row each. */
export const PeopleTable = ({
  rows,
  query,
  action,
  asOf,
}: {
  readonly rows: readonly PeopleRow[]
  readonly query: PeopleQuery
  readonly action: string
  /** The day that the run was made: what was overdue then. */
  readonly asOf: string
}) => (
  <DataTable
    label="People"
    narrow="cards"
    rows={rows}
    columns={[
      { label: 'Name', heading: true, cell: (row) => <Person row={row} />, sort: sortOf(query, 'name', action) },
      {
        label: 'Age',
        align: 'end',
        cell: (row) => row.age ?? <span class="soft">?</span>,
        sort: sortOf(query, 'age', action),
      },
      { label: 'Sex', cell: (row) => formatSex(row.sex) },
      {
        label: 'Practice',
        cell: (row) => (
          <>
            {row.practice ?? <span class="soft">None known</span>}
            {row.provider === null ? null : <span class="cell-note">{row.provider}</span>}
          </>
        ),
        sort: sortOf(query, 'practice', action),
      },
      { label: 'Sources', cell: (row) => row.sources.join(', ') },
      {
        label: 'Gap',
        width: 'half',
        cell: (row) => <Gap row={row} asOf={asOf} />,
        sort: sortOf(query, 'status', action),
      },
    ]}
  />
)
