import {
  type RunErrorKind,
  type RunMeasureSummary,
  type RunSummary,
  readRun,
  readRunErrorKinds,
  readRunMeasures,
  readScorecardCounts,
  type ScorecardCounts,
} from '../../store/index.ts'
import { DiagnosticList, diagnosticsOf } from '../parts/diagnostics.tsx'
import { formatCount, formatDay, shortHash } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { RunStamp } from '../parts/run-facts.tsx'
import { DataTable } from '../parts/table.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'

/** One run: its stamp, its measures, and what could not be evaluated, by kind. */
export async function runPage(request: PageRequest): Promise<PageView> {
  const { session, context, scope } = request
  const isSafe = mustBeSafe(request)
  const id = context.req.param('run') ?? ''
  const run = /^\d{1,9}$/.test(id) ? await readRun(session, Number(id)) : undefined
  if (run === undefined) return notFoundView('There is no run with this number.')
  const measures = await readRunMeasures(session, run.runId)
  const counts = run.state === 'published' ? await readScorecardCounts(session, run.runId) : []
  const errors = await readRunErrorKinds(session, run.runId)
  const content = (
    <>
      <PageHead
        title={`Run ${run.runId}`}
        crumbs={[{ href: '/runs', label: 'Runs' }]}
        lead={`${formatDay(run.periodStart)} to ${formatDay(run.periodEnd)}, ${run.state}`}
      >
        {run.state === 'published' && maySeeLists(scope.principal) ? (
          <p>
            <a class="button no-print" href={`/runs/${run.runId}/changes`}>
              What it changed, and why
            </a>
          </p>
        ) : null}
      </PageHead>
      <div class="stack">
        {run.state === 'published' ? null : <Unpublished run={run} />}
        <Panel id="measures" title="Measures" flush>
          <MeasureTable measures={measures} counts={counts} isSafe={isSafe} />
        </Panel>
        {errors.length === 0 ? null : <ErrorPanel errors={errors} isSafe={isSafe} />}
        <Panel id="stamp" title="Stamp" note="With the same stamp the same numbers come out.">
          <RunStamp run={run} />
        </Panel>
      </div>
    </>
  )
  return { title: `Run ${run.runId}`, section: 'runs', content }
}

const Unpublished = ({ run }: { readonly run: RunSummary }) =>
  run.state === 'unlisted' ? (
    <Notice title="This run was made for a report">
      <p>Its results are in the reports that asked for it. The pages show the last published run.</p>
    </Notice>
  ) : run.state === 'expired' ? (
    <Notice title="This run was made for a report that is gone">
      <p>Its results were kept for two days and taken away. Ask for the report again where it is needed.</p>
    </Notice>
  ) : (
    <Notice title={run.finishedAt === null ? 'This run has not ended' : 'This run was not published'} fault>
      <p>
        {run.finishedAt === null
          ? 'Its results become visible as a whole when it ends. The pages show the last published run until then.'
          : 'Something went wrong before its results were complete, so none of them are shown. The last published run stays.'}
      </p>
    </Notice>
  )

const MeasureTable = (props: {
  readonly measures: readonly RunMeasureSummary[]
  readonly counts: readonly ScorecardCounts[]
  readonly isSafe: boolean
}) => (
  <DataTable
    label="Measures of the run"
    narrow="cards"
    rows={props.measures}
    columns={[
      {
        label: 'Measure',
        heading: true,
        width: 'some',
        cell: (measure) => (
          <>
            <a href={`/measures/${encodeURIComponent(measure.measureId)}`}>{measure.title}</a>
            <span class="cell-note">
              {measure.measureId} {measure.version}
            </span>
          </>
        ),
      },
      { label: 'State', cell: (measure) => measure.state },
      {
        label: 'People with a result',
        align: 'end',
        cell: (measure) => {
          const persons = personsOf(props.counts, measure.measureId)
          return props.isSafe ? <span class="zero">hidden</span> : formatCount(persons)
        },
      },
      { label: 'Hash', cell: (measure) => <code>{shortHash(measure.contentHash)}</code> },
      {
        label: 'Remarks',
        width: 'some',
        cell: (measure) => {
          const diagnostics = diagnosticsOf(measure.diagnostics)
          return diagnostics.length === 0 ? (
            <span class="soft">none</span>
          ) : (
            <DiagnosticList diagnostics={diagnostics} />
          )
        },
      },
    ]}
  />
)

const personsOf = (counts: readonly ScorecardCounts[], measureId: string): number =>
  Math.max(0, ...counts.filter((row) => row.measureId === measureId).map((row) => row.persons))

const ErrorPanel = ({ errors, isSafe }: { readonly errors: readonly RunErrorKind[]; readonly isSafe: boolean }) => (
  <Panel
    id="errors"
    title="People who could not be evaluated"
    note="They are in no population and in no rate. The list of a measure’s people with the gap “Cannot be evaluated” names them."
    flush
  >
    <DataTable
      label="Errors by kind"
      narrow="cards"
      rows={errors}
      columns={[
        { label: 'Measure', heading: true, cell: (error) => error.measureId },
        {
          label: 'People',
          align: 'end',
          cell: (error) => (isSafe ? <span class="zero">hidden</span> : formatCount(error.persons)),
        },
        { label: 'Reason', width: 'some', cell: (error) => error.message },
        { label: 'Code', cell: (error) => <code>{error.code}</code> },
      ]}
    />
  </Panel>
)
