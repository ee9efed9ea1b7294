import type { WorklistGap, WorklistRow } from '../../store/index.ts'
import { Day } from '../parts/day.tsx'
import { Due } from '../parts/due.tsx'
import { asGapStatus, GapChip } from '../parts/gap-chip.tsx'
import { DataTable } from '../parts/table.tsx'
import { nameOf } from '../people/people-table.tsx'
import { gapValue } from './work-form.ts'

type Titles = ReadonlyMap<string, string>

const GapItem = ({
  row,
  gap,
  titles,
  today,
}: {
  readonly row: WorklistRow
  readonly gap: WorklistGap
  readonly titles: Titles
  readonly today: string
}) => {
  const status = asGapStatus(gap.status)
  const title = titles.get(gap.measureId) ?? gap.measureId
  const value = gapValue({ pid: row.pid, ...gap })
  return (
    <li class="work-item">
      <label class="work-gap">
        <input type="checkbox" form="work" name="gap" value={value} aria-label={`${title}, ${nameOf(row)}`} />
        {status === undefined ? <span class="tag">{gap.status}</span> : <GapChip status={status} />}
        <span>{title}</span>
      </label>
      <span class="work-note">
        {gap.dueDate === null ? null : (
          <>
            <Due date={gap.dueDate} asOf={today} isDone={gap.status === 'closed'} />
          </>
        )}
        {gap.assignedTo === null ? null : <> · {gap.assignedTo}</>}
        {gap.snoozedUntil === null ? null : (
          <>
            {' '}
            · snoozed until <Day date={gap.snoozedUntil} />
          </>
        )}
        {gap.claim === null ? null : <> · reported done: {gap.claim}</>}
      </span>
    </li>
  )
}

const warnings = (row: WorklistRow): string[] => [
  ...(row.deceased ? ['Deceased'] : []),
  ...(row.inactive ? ['Inactive'] : []),
  ...(row.hospice ? ['Hospice'] : []),
  ...(row.noContact ? ['Do not contact'] : []),
]

/** A row per person, a chip per gap. */
export const WorklistTable = ({
  rows,
  titles,
  today,
}: {
  readonly rows: readonly WorklistRow[]
  readonly titles: Titles
  readonly today: string
}) => (
  <DataTable
    label="Worklist"
    narrow="cards"
    rows={rows}
    columns={[
      {
        label: 'Person',
        heading: true,
        cell: (row) => (
          <>
            <a href={`/people/${row.pid}`}>{nameOf(row)}</a>
            <span class="cell-note">
              {[row.age === null ? undefined : `${row.age} years`, row.sex, ...warnings(row)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </>
        ),
      },
      {
        label: 'Gaps',
        width: 'half',
        cell: (row) => (
          <ul class="plain-list work-gaps">
            {row.gaps.map((gap) => (
              <GapItem row={row} gap={gap} titles={titles} today={today} />
            ))}
          </ul>
        ),
      },
      {
        label: 'Contact',
        cell: (row) => (
          <>
            {row.phone === null ? <span class="soft">No phone</span> : <span class="nowrap">{row.phone}</span>}
            {row.language === null ? null : <span class="cell-note">{row.language}</span>}
          </>
        ),
      },
      {
        label: 'Provider',
        cell: (row) => (
          <>
            {row.provider ?? <span class="soft">None known</span>}
            {row.practice === null ? null : <span class="cell-note">{row.practice}</span>}
            {row.payer === null ? null : <span class="cell-note">{row.payer}</span>}
          </>
        ),
      },
      {
        label: 'Next visit',
        cell: (row) => (row.nextVisit === null ? <span class="soft">None</span> : <Day date={row.nextVisit} />),
      },
    ]}
  />
)
