import type { SafeUnmapped } from '../../jobs/index.ts'
import type { CodeMapRow } from '../../store/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { DataTable } from '../parts/table.tsx'
import { CodeText, kindNames } from './map-words.tsx'

type Candidate = SafeUnmapped['candidates'][number]

interface UnmappedTableProps {
  readonly rows: readonly SafeUnmapped[]
  /** Maps that wait for a decision: what they say is not proposed again. */
  readonly waiting: readonly CodeMapRow[]
  readonly back: string
}

/** What no measure reads, with the codes it may mean; each can be proposed with one button. */
export const UnmappedTable = ({ rows, waiting, back }: UnmappedTableProps) => (
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
                  <CandidateView row={row} candidate={candidate} map={mapOf(waiting, row, candidate)} back={back} />
                </li>
              ))}
            </ul>
          ),
      },
    ]}
  />
)

const mapOf = (waiting: readonly CodeMapRow[], row: SafeUnmapped, candidate: Candidate): CodeMapRow | undefined =>
  waiting.find(
    (map) =>
      map.kind === row.kind &&
      (map.source ?? row.source) === row.source &&
      map.fromSystem === row.system &&
      map.fromValue === row.value &&
      map.toSystem === candidate.system &&
      map.toCode === candidate.code,
  )

interface CandidateProps {
  readonly row: SafeUnmapped
  readonly candidate: Candidate
  /** The map that says so already. */
  readonly map: CodeMapRow | undefined
  readonly back: string
}

const CandidateView = ({ row, candidate, map, back }: CandidateProps) =>
  map === undefined ? (
    <ProposeForm row={row} candidate={candidate} back={back} />
  ) : (
    <div class="row candidate">
      <CandidateText candidate={candidate} />
      <a href={`/mapping/maps/${map.mapId}`}>Map {map.mapId} waits</a>
    </div>
  )

const CandidateText = ({ candidate }: { readonly candidate: Candidate }) => (
  <span>
    <CodeText system={candidate.system} code={candidate.code} />
    <span class="cell-note">
      {candidate.display ?? ''}
      {candidate.display === undefined ? '' : ', '}
      {candidate.likeness === 1 ? 'the same words' : `${formatPercent(candidate.likeness)} alike`}
    </span>
  </span>
)

const ProposeForm = ({ row, candidate, back }: Omit<CandidateProps, 'map'>) => {
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
      <CandidateText candidate={candidate} />
      <button class="button no-print" type="submit" aria-label={`Propose ${candidate.code} for ${row.value}`}>
        Propose
      </button>
    </form>
  )
}
