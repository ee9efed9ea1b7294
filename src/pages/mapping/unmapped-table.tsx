import type { SafeUnmapped } from '../../jobs/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { DataTable } from '../parts/table.tsx'
import { CodeText, kindNames } from './map-words.tsx'

type Candidate = SafeUnmapped['candidates'][number]

/** What no measure reads, with the codes it may mean; each can be proposed with one button. */
export const UnmappedTable = ({ rows, back }: { readonly rows: readonly SafeUnmapped[]; readonly back: string }) => (
  <DataTable
    label="What no measure reads"
    narrow="cards"
    rows={rows}
    columns={[
      {
        label: 'In the data',
        heading: true,
        width: 'some',
        cell: (row) => (
          <>
            {row.kind === 'text' ? `“${row.value}”` : <CodeText system={row.system} code={row.value} />}
            {row.display === undefined ? null : <span class="cell-note">{row.display}</span>}
          </>
        ),
      },
      {
        label: 'Where',
        cell: (row) => (
          <>
            {row.source}
            <span class="cell-note">
              {kindNames[row.kind]} of {row.type}
            </span>
          </>
        ),
      },
      {
        label: 'Times',
        align: 'end',
        cell: ({ count }) => (count === null ? <span class="zero">hidden</span> : formatCount(count)),
      },
      {
        label: 'May mean',
        width: 'half',
        cell: (row) =>
          row.candidates.length === 0 ? (
            <span class="soft">No code that a measure reads is like it</span>
          ) : (
            <ul class="plain-list stack-tight">
              {row.candidates.map((candidate) => (
                <li>
                  <ProposeForm row={row} candidate={candidate} back={back} />
                </li>
              ))}
            </ul>
          ),
      },
    ]}
  />
)

const ProposeForm = (props: { readonly row: SafeUnmapped; readonly candidate: Candidate; readonly back: string }) => {
  const { row, candidate, back } = props
  const fields = {
    kind: row.kind,
    source: row.source,
    fromSystem: row.system,
    fromValue: row.value,
    toSystem: candidate.system,
    toCode: candidate.code,
    back,
  }
  return (
    <form method="post" action="/mapping/maps" class="row candidate">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <span>
        <CodeText system={candidate.system} code={candidate.code} />
        <span class="cell-note">
          {candidate.display ?? ''}
          {candidate.display === undefined ? '' : ', '}
          {candidate.likeness === 1 ? 'the same words' : `${formatPercent(candidate.likeness)} alike`}
        </span>
      </span>
      <button class="button no-print" type="submit" aria-label={`Propose ${candidate.code} for ${row.value}`}>
        Propose
      </button>
    </form>
  )
}
