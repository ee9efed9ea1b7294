import { type Application, hiddenCounts, readFacts, releasedCounts, safeFacts, safeFaults } from '../../jobs/index.ts'
import { isSmall } from '../../measure/index.ts'
import {
  type RunSummary,
  readFaults,
  readFindingCounts,
  readLoadedFiles,
  readMissingData,
  readPersonsBySources,
  readPublishedRun,
  readQuarantinedLines,
  readQuarantineReasons,
  readSourceQuality,
  readTypeCounts,
  type SourceQuality,
} from '../../store/index.ts'
import { formatInstant } from '../parts/format.ts'
import { Command, Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { count } from '../parts/safe-column.tsx'
import { DataTable } from '../parts/table.tsx'
import { atRiskOf } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { FactsPanel } from './facts-panel.tsx'
import { FaultPanel } from './fault-panel.tsx'
import { FilePanel } from './file-panel.tsx'
import { FindingPanel } from './finding-panel.tsx'
import { MissingPanel } from './missing-panel.tsx'
import { QuarantinePanel } from './quarantine-panel.tsx'
import { TypePanel } from './type-panel.tsx'

const mostLines = 50
const mostFiles = 200

/** What came in from each source, what measures lack of it, what is wrong with it, and what identity resolution found. */
export async function qualityPage(request: PageRequest): Promise<PageView> {
  const { session } = request
  const isSafe = mustBeSafe(request)
  const run = await readPublishedRun(session)
  const missing = run === undefined ? [] : await readMissingData(session, run.runId)
  const released = run === undefined || !isSafe ? undefined : await countedOf(request.site.application, run)
  const facts = run === undefined ? undefined : await readFacts(request.site.application)
  const sources = await readSourceQuality(session)
  const held = await readTypeCounts(session)
  const found = await readFaults(request.site.application.store)
  const faults = {
    sources: sources.map(({ source }) => source),
    state: found.state,
    faults: safeFaults(found.faults, held, isSafe),
  }
  const content = (
    <>
      <PageHead
        title="Data quality"
        lead="Every line that was read is accounted for: taken, or quarantined with its place and its reason."
      >
        {maySeeLists(request.scope.principal) ? (
          <p>
            <a class="button no-print" href="/mapping">
              Code mapping: what no measure reads
            </a>
          </p>
        ) : null}
      </PageHead>
      {sources.length === 0 ? (
        <Notice title="No data yet">
          <p>No source was loaded, so there is nothing to judge.</p>
          <Command text="bin/caregap ingest PATH --source NAME" />
        </Notice>
      ) : (
        <div class="stack">
          <SourcePanel sources={sources} isSafe={isSafe} />
          {missing.length === 0 ? null : <MissingPanel rows={missing} released={released} />}
          {facts === undefined ? null : (
            <FactsPanel state={facts.state} facts={facts.found && safeFacts(facts.found, isSafe)} />
          )}
          <FaultPanel kind="future-date" {...faults} />
          <FaultPanel kind="dangling-reference" {...faults} />
          <QuarantinePanel
            reasons={await readQuarantineReasons(session)}
            lines={await readQuarantinedLines(session, mostLines)}
          />
          <div class="columns">
            <FindingPanel
              findings={await readFindingCounts(session)}
              persons={await readPersonsBySources(session)}
              isSafe={isSafe}
            />
            <TypePanel counts={held} sources={faults.sources} isSafe={isSafe} />
          </div>
          <FilePanel files={await readLoadedFiles(session, mostFiles)} most={mostFiles} isSafe={isSafe} />
        </div>
      )}
    </>
  )
  return { title: 'Data quality', section: 'quality', content }
}

/** By measure and group, how many are counted, where that may be told. */
async function countedOf({ store }: Application, run: RunSummary): Promise<ReadonlyMap<string, number>> {
  const rows = [...(await releasedCounts(store, run)).values()].flatMap(({ counts }) => counts)
  const tellable = rows.filter((counts) => !hiddenCounts(counts).has('counted'))
  return new Map(tellable.map((counts) => [`${counts.measureId} ${counts.groupId}`, atRiskOf(counts)]))
}

/** Where small counts must not be told, how a source's lines divide is not told: less the types below it would tell of small ones. */
const SourcePanel = ({ sources, isSafe }: { readonly sources: readonly SourceQuality[]; readonly isSafe: boolean }) => (
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
              <span class="cell-note">
                {row.timeZone}
                {row.outside ? ', outside organisation: whom it alone knows does not count' : ''}
              </span>
            </>
          ),
        },
        count<SourceQuality>('Patients', (row) => (isSafe && isSmall(row.sourcePatients) ? null : row.sourcePatients)),
        count<SourceQuality>('Files', (row) => row.files),
        count<SourceQuality>('Lines', (row) => row.lines),
        count<SourceQuality>('Taken', (row) => row.good),
        count<SourceQuality>('Quarantined', (row) => row.quarantined),
        count<SourceQuality>('Inserted', (row) => (isSafe ? null : row.inserted)),
        count<SourceQuality>('Updated', (row) => (isSafe ? null : row.updated)),
        count<SourceQuality>('Unchanged', (row) => (isSafe ? null : row.unchanged)),
        count<SourceQuality>('Duplicate', (row) => (isSafe ? null : row.duplicate)),
        {
          label: 'Last loaded',
          cell: (row) => (row.lastLoaded === null ? 'never' : formatInstant(row.lastLoaded)),
        },
      ]}
    />
  </Panel>
)
