import { type CountName, releasedCounts, safeRuns } from '../../jobs/index.ts'
import {
  type LoadSummary,
  type RunSummary,
  readLoadSummary,
  readLookBacks,
  readPublishedRun,
  readRunMeasures,
  readRuns,
  readScorecardCounts,
  readSourceQuality,
  type ScorecardCounts,
  type SourceQuality,
} from '../../store/index.ts'
import { countOf, formatCount, formatInstant } from '../parts/format.ts'
import { lastPeriodOf, sameDayLastYear } from '../parts/history.ts'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { RunFacts, RunStamp } from '../parts/run-facts.tsx'
import { count, safeCounts } from '../parts/safe-column.tsx'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { DataTable } from '../parts/table.tsx'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { type ScorecardRow, scorecardRows } from './scorecard-row.ts'
import { ScorecardTable } from './scorecard-table.tsx'

/** The first page: how the population does by each measure, and how far the data can be trusted. */
export async function scorecardPage(request: PageRequest): Promise<PageView> {
  const { site, session, scope } = request
  const run = await readPublishedRun(session)
  const load = await readLoadSummary(session)
  if (run === undefined) {
    const [newest] = await readRuns(session, 1)
    return { title: 'Scorecard', section: 'scorecard', content: <Empty load={load} newest={newest} /> }
  }
  const measures = await readRunMeasures(session, run.runId)
  const isSafe = mustBeSafe(request)
  const released = isSafe ? await releasedCounts(site.application.store, run) : undefined
  const counts =
    released === undefined
      ? await readScorecardCounts(session, run.runId)
      : [...released.values()].flatMap((release) => release.counts)
  const rows = scorecardRows(measures, counts, site.application.measures, {
    isSafe,
    released,
    lastYear: await countsOfLastYear(request, run, isSafe),
    // A count of each day looked back from would tell of few people by the difference of two.
    lookBacks: { at: run.startedAt, known: isSafe ? [] : await readLookBacks(session, lastPeriodOf(run)) },
  })
  const sources = await readSourceQuality(session)
  const [shownRun = run] = await safeRuns(site.application.store, [run], isSafe)
  const content = (
    <Scorecard
      run={shownRun}
      load={load}
      rows={rows}
      sources={sources}
      linked={maySeeLists(scope.principal)}
      safety={{ isSafe, href: releaseHref(request.context) }}
    />
  )
  return { title: 'Scorecard', section: 'scorecard', content }
}

/** The counts of the run of the year before that is nearest to the same day. */
async function countsOfLastYear(
  { session, site }: PageRequest,
  run: RunSummary,
  isSafe: boolean,
): Promise<readonly ScorecardCounts[]> {
  const runs = (await readRuns(session, mostRuns)).filter(({ state }) => state === 'published')
  const days = runs.map(({ runId, startedAt, periodEnd }) => ({ runId, at: startedAt, periodEnd }))
  const near = sameDayLastYear(days, { at: run.startedAt, periodEnd: run.periodEnd })
  const nearRun = near === undefined ? undefined : runs.find(({ runId }) => runId === near.runId)
  if (nearRun === undefined) return []
  if (!isSafe) return readScorecardCounts(session, nearRun.runId)
  return [...(await releasedCounts(site.application.store, nearRun)).values()].flatMap(({ counts }) => counts)
}

const mostRuns = 500

/** What a row of the table shows. */
const shownCounts = [
  'openGaps',
  'numerator',
  'denominatorExclusion',
  'denominatorException',
  'denominator',
  'initialPopulation',
  'prospectiveGaps',
] as const satisfies readonly CountName[]

/** True where a count that the table shows of others is hidden. */
const lacksCounts = ({ hidden }: ScorecardRow): boolean => shownCounts.some((name) => hidden.has(name))

const Empty = (props: { readonly load: LoadSummary | undefined; readonly newest: RunSummary | undefined }) => (
  <>
    <PageHead title="Scorecard" />
    <NoRun {...props} />
  </>
)

const ratesNote =
  'The rate is where the period ends if nothing more happens: everybody counts who is due by its end (tick; band: 95% Wilson interval). Year to date counts those alone who are due by now. People without data count as the measure says.'
const lookedBackNote =
  ' Looked back: no run was made then, so the day is counted from the facts of today that are dated up to it.'

interface ScorecardProps {
  readonly run: RunSummary
  readonly load: LoadSummary | undefined
  readonly rows: readonly ScorecardRow[]
  readonly sources: readonly SourceQuality[]
  readonly linked: boolean
  readonly safety: { readonly isSafe: boolean; readonly href: string }
}

const Scorecard = ({ run, load, rows, sources, linked, safety }: ScorecardProps) => (
  <>
    <PageHead title="Scorecard">
      <RunFacts run={run} load={load} />
    </PageHead>
    <div class="stack">
      {load === undefined ? null : <LoadStrip run={run} load={load} rows={rows} />}
      <Panel
        id="measures"
        title="Measures"
        note={`${ratesNote}${rows.some(({ lookBack }) => lookBack !== undefined) ? lookedBackNote : ''}`}
        flush
      >
        <SafetyNote {...safety} hidden={rows.filter(lacksCounts).length} />
        <ScorecardTable rows={rows} linked={linked} />
      </Panel>
      <div class="columns-wide">
        <Panel id="sources" title="Sources" flush>
          <SourceTable sources={sources} isSafe={safety.isSafe} />
        </Panel>
        <Panel id="stamp" title="What these numbers rest on">
          <RunStamp run={run} />
        </Panel>
      </div>
    </div>
  </>
)

const LoadStrip = ({
  run,
  load,
  rows,
}: {
  readonly run: RunSummary
  readonly load: LoadSummary
  readonly rows: readonly ScorecardRow[]
}) => (
  <dl class="figures">
    <div class="figure">
      <dt>People</dt>
      <dd>{run.persons === null ? 'hidden' : formatCount(run.persons)}</dd>
      <dd class="note">of {countOf(load.sourcePatients, 'source patient')}</dd>
    </div>
    <div class="figure">
      <dt>Open gaps</dt>
      <dd>
        {rows.some(({ hidden }) => hidden.has('openGaps'))
          ? 'hidden'
          : formatCount(rows.reduce((sum, row) => sum + (row.counts?.openGaps ?? 0), 0))}
      </dd>
      <dd class="note">over {countOf(rows.length, 'measure')}</dd>
    </div>
    <div class="figure">
      <dt>Lines read</dt>
      <dd>{formatCount(load.lines)}</dd>
      <dd class="note">
        {countOf(load.files, 'file')}, {countOf(load.sources, 'source')}
      </dd>
    </div>
    <div class="figure">
      <dt>Quarantined lines</dt>
      <dd>{formatCount(load.quarantined)}</dd>
      <dd class="note">
        {load.quarantined === 0 ? 'every line was taken' : <a href="/quality#quarantine">see why</a>}
      </dd>
    </div>
    <div class="figure">
      <dt>Not evaluated</dt>
      <dd>{run.personErrors === null ? 'hidden' : formatCount(run.personErrors)}</dd>
      <dd class="note">
        {run.personErrors === 0 ? 'no error in any person' : <a href={`/runs/${run.runId}`}>see why</a>}
      </dd>
    </div>
  </dl>
)

const SourceTable = (props: { readonly sources: readonly SourceQuality[]; readonly isSafe: boolean }) => {
  const patients = safeCounts(
    props.sources.map((row) => row.sourcePatients),
    props.isSafe,
  )
  const rows = props.sources.map((row, index) => ({ ...row, patients: patients[index] ?? null }))
  return (
    <DataTable
      label="Sources"
      narrow="cards"
      rows={rows}
      columns={[
        { label: 'Source', heading: true, cell: (row) => row.source },
        count<(typeof rows)[number]>('Patients', ({ patients: known }) => known),
        { label: 'Lines', align: 'end', cell: (row) => formatCount(row.lines) },
        { label: 'Quarantined', align: 'end', cell: (row) => formatCount(row.quarantined) },
        { label: 'Data of', cell: (row) => (row.dataOf === null ? 'unknown' : formatInstant(row.dataOf)) },
        { label: 'Last loaded', cell: (row) => (row.lastLoaded === null ? 'never' : formatInstant(row.lastLoaded)) },
      ]}
    />
  )
}
