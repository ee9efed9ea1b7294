import { safeActivities, safeRuns } from '../../jobs/index.ts'
import { type RunSummary, readLoadSummary, readRuns } from '../../store/index.ts'
import { formatCount, formatDay, formatDuration, formatInstant } from '../parts/format.ts'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { ActivityPanel } from './activity-panel.tsx'

const mostRuns = 100

/** The runs of this store, newest first. */
export async function runsPage(request: PageRequest): Promise<PageView> {
  const { session, site } = request
  const isSafe = mustBeSafe(request)
  const runs = await safeRuns(site.application.store, await readRuns(session, mostRuns), isSafe)
  const newestPublished = runs.find((run) => run.state === 'published')?.runId
  const content = (
    <>
      <PageHead
        title="Runs"
        lead="A run evaluates measures over everybody. Its results become visible as a whole; until then the last good run stays."
      />
      <div class="stack">
        <ActivityPanel activities={safeActivities(site.application.activity?.list() ?? [], isSafe)} />
        {runs.length === 0 ? (
          <NoRun load={await readLoadSummary(session)} newest={undefined} />
        ) : (
          <Panel id="runs" title="All runs" flush>
            <RunTable runs={runs} shown={newestPublished} isSafe={isSafe} />
          </Panel>
        )}
      </div>
    </>
  )
  return { title: 'Runs', section: 'runs', content }
}

/** A run that has not ended counts nobody; of one that has, what is absent is hidden. */
const people = (run: RunSummary, count: number | null, isSafe: boolean) =>
  count !== null ? formatCount(count) : isSafe && run.finishedAt !== null ? <span class="zero">hidden</span> : ''

const RunTable = ({
  runs,
  shown,
  isSafe,
}: {
  readonly runs: readonly RunSummary[]
  readonly shown: number | undefined
  readonly isSafe: boolean
}) => (
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
      { label: 'People', align: 'end', cell: (run) => people(run, run.persons, isSafe) },
      {
        label: 'Not evaluated',
        align: 'end',
        cell: (run) => people(run, run.personErrors, isSafe),
      },
      { label: 'Engine', cell: (run) => run.engine },
    ]}
  />
)
