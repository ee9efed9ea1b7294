import { Day } from '../parts/day.tsx'
import { DataTable } from '../parts/table.tsx'
import type { ShownFact } from './facts.ts'

/** The resources that a result rests on; each leads to the line as the source sent it. */
export const FactTable = ({
  facts,
  pid,
  label,
}: {
  readonly facts: readonly ShownFact[]
  readonly pid: number
  readonly label: string
}) => (
  <DataTable
    label={label}
    narrow="cards"
    rows={facts}
    columns={[
      {
        label: 'What',
        heading: true,
        cell: (fact) => (
          <>
            {fact.what} {fact.decisive ? <span class="tag">decides</span> : null}
          </>
        ),
      },
      {
        label: 'When',
        cell: (fact) => (fact.day === undefined ? <span class="soft">no date</span> : <Day date={fact.day} />),
      },
      { label: 'Value', cell: (fact) => fact.value ?? '' },
      { label: 'Read by', cell: (fact) => fact.defines.join(', ') },
      { label: 'Source', cell: (fact) => fact.source },
      {
        label: 'Resource',
        width: 'some',
        cell: (fact) => (
          <a href={`/people/${pid}/resources/${fact.rid}`}>
            <code>
              {fact.type}/{fact.id}
            </code>
          </a>
        ),
      },
    ]}
  />
)
