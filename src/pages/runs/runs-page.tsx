import { type RunSummary, readLoadSummary, readRuns } from '../../store/index.ts'
import { formatCount, formatDay, formatDuration, formatInstant } from '../parts/format.ts'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { ActivityPanel } from './activity-panel.tsx'

const mostRuns = 100

/** The runs of this store, newest first. */
export async function runsPage({ session, site }: PageRequest): Promise<PageView> {
  const runs = await readRuns(session, mostRuns)
  const newestPublished = runs.find((run) => run.state === 'published')?.runId
  const content = (
    <>
      <PageHead
        title="Runs"
        lead="A run evaluates measures over everybody. Its results become visible as a whole; until then the last good run stays."
      />
      <div class="stack">
        <ActivityPanel activities={site.application.activity?.list() ?? []} />
        {runs.length === 0 ? (
          <NoRun load={await readLoadSummary(session)} newest={undefined} />
        ) : (
          <Panel id="runs" title="All runs" flush>
            <RunTable runs={runs} shown={newestPublished} />
          </Panel>
        )}
      </div>
    </>
  )
  return { title: 'Runs', section: 'runs', content }
}

const RunTable = ({ runs, shown }: { readonly runs: readonly RunSummary[]; readonly shown: number | undefined }) => (
  <DataTable
    label="Runs"
    narrow="cards"
    rows={runs}
    columns={[
      {
        label: 'Run',
        heading: true,
        cell: (run) => (
          <>
            <a href={`/runs/${run.runId}`}>Run {run.runId}</a>{' '}
            {run.runId === shown ? <span class="tag">shown</span> : null}
          </>
        ),
      },
      { label: 'State', cell: (run) => run.state },
      { label: 'Period', cell: (run) => `${formatDay(run.periodStart)} to ${formatDay(run.periodEnd)}` },
      { label: 'Started', cell: (run) => formatInstant(run.startedAt) },
      {
        label: 'Took',
        align: 'end',
        cell: (run) => (run.finishedAt === null ? 'not ended' : formatDuration(run.startedAt, run.finishedAt)),
      },
      { label: 'People', align: 'end', cell: (run) => (run.persons === null ? '' : formatCount(run.persons)) },
      {
        label: 'Not evaluated',
        align: 'end',
        cell: (run) => (run.personErrors === null ? '' : formatCount(run.personErrors)),
      },
      { label: 'Engine', cell: (run) => run.engine },
    ]}
  />
)
