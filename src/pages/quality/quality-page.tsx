import {
  type FindingCount,
  type LoadedFile,
  type QuarantinedLine,
  type QuarantineReason,
  readFindingCounts,
  readLoadedFiles,
  readPersonsBySources,
  readQuarantinedLines,
  readQuarantineReasons,
  readSourceQuality,
  readTypeCounts,
  type SourceQuality,
  type TypeCount,
} from '../../store/index.ts'
import { countOf, formatCount, formatInstant, formatPercent, shortPath } from '../parts/format.ts'
import { Command, Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
import type { PageRequest, PageView } from '../site.tsx'

const mostLines = 50
const mostFiles = 200

/** What came in from each source, what was refused and why, and what identity resolution found. */
export async function qualityPage({ session }: PageRequest): Promise<PageView> {
  const sources = await readSourceQuality(session)
  const content = (
    <>
      <PageHead
        title="Data quality"
        lead="Every line that was read is accounted for: taken, or quarantined with its place and its reason."
      />
      {sources.length === 0 ? (
        <Notice title="No data yet">
          <p>No source was loaded, so there is nothing to judge.</p>
          <Command text="bin/caregap ingest PATH --source NAME" />
        </Notice>
      ) : (
        <div class="stack">
          <SourcePanel sources={sources} />
          <QuarantinePanel
            reasons={await readQuarantineReasons(session)}
            lines={await readQuarantinedLines(session, mostLines)}
          />
          <div class="columns">
            <IdentityPanel findings={await readFindingCounts(session)} persons={await readPersonsBySources(session)} />
            <TypePanel counts={await readTypeCounts(session)} sources={sources.map(({ source }) => source)} />
          </div>
          <FilePanel files={await readLoadedFiles(session, mostFiles)} />
        </div>
      )}
    </>
  )
  return { title: 'Data quality', section: 'quality', content }
}

const count = <Row,>(label: string, pick: (row: Row) => number): Column<Row> => ({
  label,
  align: 'end',
  cell: (row) => (pick(row) === 0 ? <span class="zero">0</span> : formatCount(pick(row))),
})

const SourcePanel = ({ sources }: { readonly sources: readonly SourceQuality[] }) => (
  <Panel
    id="sources"
    title="Sources"
    note="Lines = taken + quarantined. Taken = inserted + updated + unchanged + duplicate, and older versions or other types where a source sent them."
    flush
  >
    <DataTable
      label="Sources"
      narrow="cards"
      rows={sources}
      columns={[
        {
          label: 'Source',
          heading: true,
          cell: (row) => (
            <>
              {row.source}
              <span class="cell-note">{row.timeZone}</span>
            </>
          ),
        },
        count<SourceQuality>('Patients', (row) => row.sourcePatients),
        count<SourceQuality>('Files', (row) => row.files),
        count<SourceQuality>('Lines', (row) => row.lines),
        count<SourceQuality>('Taken', (row) => row.good),
        count<SourceQuality>('Quarantined', (row) => row.quarantined),
        count<SourceQuality>('Inserted', (row) => row.inserted),
        count<SourceQuality>('Updated', (row) => row.updated),
        count<SourceQuality>('Unchanged', (row) => row.unchanged),
        count<SourceQuality>('Duplicate', (row) => row.duplicate),
        {
          label: 'Last loaded',
          cell: (row) => (row.lastLoaded === null ? 'never' : formatInstant(row.lastLoaded)),
        },
      ]}
    />
  </Panel>
)

const QuarantinePanel = (props: {
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

const IdentityPanel = (props: {
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

interface TypeRow {
  readonly type: string
  readonly bySource: ReadonlyMap<string, number>
}

const TypePanel = (props: { readonly counts: readonly TypeCount[]; readonly sources: readonly string[] }) => {
  const rows = new Map<string, Map<string, number>>()
  for (const { type, source, resources } of props.counts) {
    rows.set(type, (rows.get(type) ?? new Map<string, number>()).set(source, resources))
  }
  const sum = (row: TypeRow) => [...row.bySource.values()].reduce((total, value) => total + value, 0)
  return (
    <Panel id="types" title="Resources by type" flush>
      <DataTable
        label="Resources by type and source"
        narrow="scroll"
        rows={[...rows].map(([type, bySource]): TypeRow => ({ type, bySource }))}
        columns={[
          { label: 'Type', heading: true, cell: (row) => row.type },
          ...props.sources.map((source) => count<TypeRow>(source, (row) => row.bySource.get(source) ?? 0)),
          count<TypeRow>('All', sum),
        ]}
      />
    </Panel>
  )
}

const FilePanel = ({ files }: { readonly files: readonly LoadedFile[] }) => (
  <Panel id="files" title="Files">
    <details>
      <summary>
        {files.length < mostFiles ? countOf(files.length, 'file') : `The newest ${formatCount(files.length)} files`},
        with their lines
      </summary>
      <FileTable files={files} />
    </details>
  </Panel>
)

const FileTable = ({ files }: { readonly files: readonly LoadedFile[] }) => (
  <DataTable
    label="Files"
    narrow="cards"
    rows={files}
    columns={[
      { label: 'File', heading: true, cell: (row) => <code>{shortPath(row.path)}</code> },
      { label: 'Source', cell: (row) => row.source },
      { label: 'State', cell: (row) => row.state },
      count<LoadedFile>('Lines', (row) => row.lines ?? 0),
      count<LoadedFile>('Taken', (row) => row.good ?? 0),
      count<LoadedFile>('Quarantined', (row) => row.quarantined ?? 0),
    ]}
  />
)
