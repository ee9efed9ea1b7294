import { isObject, type Resource } from '../../fhir/index.ts'
import type { PersonFinding, PersonResource, PersonSourcePatient } from '../../store/index.ts'
import { countOf, formatCount, formatDay, formatSex } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { parseRaw } from './facts.ts'

interface Identifier {
  readonly system: string
  readonly value: string
}

/** A source's patient with what identity was decided by. */
interface SourceView extends PersonSourcePatient {
  readonly rid: string | undefined
  readonly resource: Resource | undefined
  readonly identifiers: readonly Identifier[]
}

function identifiersOf(resource: Resource | undefined): Identifier[] {
  const list: unknown = resource?.['identifier']
  return (Array.isArray(list) ? list : [])
    .filter(isObject)
    .flatMap(({ system, value }) =>
      typeof value === 'string' ? [{ system: typeof system === 'string' ? system : 'no system', value }] : [],
    )
}

const keyOf = ({ system, value }: Identifier) => JSON.stringify([system, value])

/** Identifiers of a configured system that two or more of the source patients bear: the ground for merging them. */
function sharedKeys(rows: readonly SourceView[], systems: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const keys = new Set(row.identifiers.filter(({ system }) => systems.includes(system)).map(keyOf))
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([key]) => key))
}

const textAt = (resource: Resource | undefined, element: string): string | undefined => {
  const value = resource?.[element]
  return typeof value === 'string' ? value : undefined
}

const Identifiers = ({ row, shared }: { readonly row: SourceView; readonly shared: ReadonlySet<string> }) => (
  <ul class="plain-list">
    {row.identifiers.map((identifier) => (
      <li>
        <code>{identifier.value}</code> <span class="small soft">{identifier.system}</span>{' '}
        {shared.has(keyOf(identifier)) ? <span class="tag">shared</span> : null}
      </li>
    ))}
  </ul>
)

/** Which patients of which sources the person is, and on what ground they are one. */
export const IdentityPanel = (props: {
  readonly pid: number
  readonly sourcePatients: readonly PersonSourcePatient[]
  readonly patients: readonly PersonResource[]
  readonly findings: readonly PersonFinding[]
  readonly systems: readonly string[]
}) => {
  const rows: SourceView[] = props.sourcePatients.map((row) => {
    const stored = props.patients.find(({ source, id }) => source === row.source && id === row.patientId)
    const resource = stored === undefined ? undefined : parseRaw(stored.raw)
    return { ...row, rid: stored?.rid, resource, identifiers: identifiersOf(resource) }
  })
  const shared = sharedKeys(rows, props.systems)
  return (
    <Panel id="identity" title="Identity" note={groundOf(rows, shared)} flush>
      <DataTable
        label="Source patients"
        narrow="cards"
        rows={rows}
        columns={[
          { label: 'Source', heading: true, cell: (row) => row.source },
          { label: 'Patient', cell: (row) => <PatientLink row={row} pid={props.pid} /> },
          { label: 'Birth date', cell: (row) => dateText(textAt(row.resource, 'birthDate')) },
          { label: 'Sex', cell: (row) => formatSex(textAt(row.resource, 'gender') ?? null) },
          {
            label: 'Identifiers',
            cell: (row) => (row.identifiers.length === 0 ? '' : <Identifiers row={row} shared={shared} />),
          },
          { label: 'Resources', align: 'end', cell: (row) => formatCount(row.resources) },
        ]}
      />
      {props.findings.length === 0 ? null : (
        <ul class="panel-body diagnostics">
          {props.findings.map((finding) => (
            <li>
              <strong>{finding.message}</strong>
              <span class="cell-note">
                <code>{finding.code}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

const dateText = (date: string | undefined) =>
  date === undefined ? <span class="soft">not given</span> : formatDay(date)

const PatientLink = ({ row, pid }: { readonly row: SourceView; readonly pid: number }) =>
  row.rid === undefined ? (
    <code>{row.patientId}</code>
  ) : (
    <a href={`/people/${pid}/resources/${row.rid}`}>
      <code>{row.patientId}</code>
    </a>
  )

function groundOf(rows: readonly SourceView[], shared: ReadonlySet<string>): string {
  if (rows.length < 2) return 'Known from one source patient; nothing was merged.'
  const ground =
    shared.size === 0
      ? 'They share no identifier directly; each is tied to another source patient of this person.'
      : `They share ${countOf(shared.size, 'identifier')} of a configured system, and neither birth date nor sex speaks against it.`
  return `${countOf(rows.length, 'source patient')} are one person. ${ground}`
}
