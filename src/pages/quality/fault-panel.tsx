import { groupBy } from '../../base/index.ts'
import type { SafeFault } from '../../jobs/index.ts'
import type { FaultsFound } from '../../store/index.ts'
import { countOf, formatCount, formatPercent, shortPath } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { Panel } from '../parts/panel.tsx'
import { type Column, DataTable } from '../parts/table.tsx'

/** More sources than these do not fit beside each other: the table scrolls. */
const mostBeside = 6
/** So many rows are read at a glance; the others are folded. */
const mostShown = 12

type FaultKind = SafeFault['kind']

interface KindWords {
  readonly id: string
  readonly title: string
  readonly note: string
  readonly none: string
  readonly heading: string
  readonly row: (fault: SafeFault) => { readonly name: string; readonly detail: string }
}

const words: Readonly<Record<FaultKind, KindWords>> = {
  'future-date': {
    id: 'future-dates',
    title: 'Dates in the future',
    note: 'Clinical dates that had not come when the file was loaded: mostly a mistyped year, or a day that was planned and not done. Measures take such a date as it stands, so the fact falls into a period that it is not of. Appointments and what is marked as planned are left out. Have the source correct them and send them again.',
    none: 'No clinical date lies after its load.',
    heading: 'Date',
    row: ({ type, named }) => ({ name: type, detail: named }),
  },
  'dangling-reference': {
    id: 'dangling-references',
    title: 'References to what was never sent',
    note: 'Logic that follows such a reference finds nothing: a diagnosis of an encounter, or a medication that was ordered, counts as if it were not there. Where nearly all of a type refer to nothing the export mostly lacks the other type: ask the source for it.',
    none: 'Every reference leads to something that its source sent.',
    heading: 'Reference',
    row: ({ type, named }) => ({
      name: type,
      detail: named === 'urn' ? 'to an entry of a Bundle (urn:)' : `to ${named}`,
    }),
  },
}

interface FaultProps {
  readonly kind: FaultKind
  readonly faults: readonly SafeFault[]
  readonly sources: readonly string[]
  readonly state: FaultsFound['state']
}

/** Resources of each type with one kind of fault, the sources side by side. */
export const FaultPanel = ({ kind, faults, sources, state }: FaultProps) => {
  const own = faults.filter((fault) => fault.kind === kind)
  const { id, title, note, none } = words[kind]
  return (
    <Panel id={id} title={title} note={note} flush>
      {state === 'current' ? null : <LookingNotice state={state} />}
      {own.length > 0 ? (
        <FaultTables kind={kind} faults={own} sources={sources} />
      ) : state === 'none' ? null : (
        <p class="panel-body">{none}</p>
      )}
    </Panel>
  )
}

const LookingNotice = ({ state }: Pick<FaultProps, 'state'>) => (
  <Notice title={state === 'none' ? 'The data are being looked through' : 'There are newer data than these counts'}>
    <p>
      {state === 'none'
        ? 'What is found is told as soon as all lines were read.'
        : 'They are being looked through; until then this is of the data before.'}{' '}
      <a href="/quality">Load the page again</a>
    </p>
  </Notice>
)

interface FaultRow {
  readonly name: string
  readonly detail: string
  readonly bySource: ReadonlyMap<string, SafeFault>
}

const FaultTables = ({ kind, faults, sources }: Omit<FaultProps, 'state'>) => {
  const { row, title } = words[kind]
  // They come by number, the most first: so do the rows.
  const rows = [...groupBy(faults, ({ type, named }) => `${type} ${named}`)].flatMap(([, alike]): FaultRow[] => {
    const [first] = alike
    return first === undefined
      ? []
      : [{ ...row(first), bySource: new Map(alike.map((fault) => [fault.source, fault])) }]
  })
  const rest = rows.slice(mostShown)
  const places = faults.filter(({ file }) => file !== null)
  return (
    <>
      <SourceTable label={title} kind={kind} rows={rows.slice(0, mostShown)} sources={sources} />
      {rest.length === 0 ? null : (
        <div class="panel-body">
          <details>
            <summary>{countOf(rest.length, 'more kind', 'more kinds')}, of fewer resources</summary>
            <SourceTable label={`${title}, the others`} kind={kind} rows={rest} sources={sources} />
          </details>
        </div>
      )}
      {places.length === 0 ? null : (
        <div class="panel-body">
          <details>
            <summary>Where: the first line of each</summary>
            <PlaceTable kind={kind} faults={places} />
          </details>
        </div>
      )}
    </>
  )
}

const SourceTable = (props: {
  readonly label: string
  readonly kind: FaultKind
  readonly rows: readonly FaultRow[]
  readonly sources: readonly string[]
}) => (
  <DataTable
    label={props.label}
    narrow={props.sources.length > mostBeside ? 'scroll' : 'cards'}
    rows={props.rows}
    columns={[
      { label: words[props.kind].heading, heading: true, width: 'some', cell: (row) => <RowName {...row} /> },
      ...props.sources.map(
        (source): Column<FaultRow> => ({
          label: source,
          align: 'end',
          cell: ({ bySource }) => shareOf(bySource.get(source)),
        }),
      ),
    ]}
  />
)

const RowName = ({ name, detail }: Pick<FaultRow, 'name' | 'detail'>) => (
  <>
    {name}
    <span class="cell-note">{detail}</span>
  </>
)

/** `874` with `0.6% of 154,530` below. */
function shareOf(fault: SafeFault | undefined) {
  if (fault === undefined) return <span class="zero">0</span>
  const { resources, held } = fault
  if (resources === null || held === null) return <span class="zero">hidden</span>
  return (
    <>
      {formatCount(resources)}
      <span class="cell-note">
        {formatPercent(resources / held)} of {formatCount(held)}
      </span>
    </>
  )
}

const PlaceTable = ({ kind, faults }: Pick<FaultProps, 'kind' | 'faults'>) => (
  <DataTable
    label={`${words[kind].title}, the first line of each`}
    narrow="cards"
    rows={faults}
    columns={[
      {
        label: words[kind].heading,
        heading: true,
        width: 'some',
        cell: (fault) => <RowName {...words[kind].row(fault)} />,
      },
      { label: 'Source', cell: ({ source }) => source },
      {
        label: 'First at',
        cell: ({ file, line }) => (
          <code>
            {shortPath(file ?? '')}:{line}
          </code>
        ),
      },
      { label: 'Resources', align: 'end', cell: ({ resources }) => formatCount(resources ?? 0) },
      { label: 'Patients', align: 'end', cell: ({ patients }) => formatCount(patients ?? 0) },
      ...(kind === 'future-date'
        ? []
        : [{ label: 'Missing', align: 'end' as const, cell: ({ targets }: SafeFault) => formatCount(targets ?? 0) }]),
    ]}
  />
)
