import type { MeasureGroup } from '../../content/index.ts'
import { type CountName, hiddenCounts } from '../../jobs/index.ts'
import { type RunSummary, readLoadSummary, readRuns, type ScorecardCounts } from '../../store/index.ts'
import { DiagnosticList, diagnosticsOf } from '../parts/diagnostics.tsx'
import { shortHash } from '../parts/format.ts'
import { NoRun } from '../parts/no-run.tsx'
import { Notice } from '../parts/notice.tsx'
import { Panel } from '../parts/panel.tsx'
import { Rate } from '../parts/rate.tsx'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import { atRiskOf, isInverse, noneHidden } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { type Breakdown, BreakdownPanel } from './breakdown.tsx'
import { funnelOf } from './counts.ts'
import { Definition } from './definition.tsx'
import { Funnel } from './funnel.tsx'
import { GapSplit } from './gap-split.tsx'
import { breakdownsOf } from './measure-breakdowns.ts'
import { asksForNoGroup, chosenGroup, type MeasureData, readMeasureData } from './measure-data.ts'
import { MeasureHead } from './measure-frame.tsx'

/** One measure: what it found, how the people get from one population to the next, and the logic that says so. */
export async function measurePage(request: PageRequest): Promise<PageView> {
  const data = await readMeasureData(request)
  if (data === undefined) return notFoundView('No measure with this id is installed, and the last run has none.')
  const asked = request.context.req.query('group')
  if (asksForNoGroup(data, asked)) return notFoundView('This measure has no group of that name.')
  const { counts, group } = chosenGroup(data, asked)
  const isSafe = mustBeSafe(request)
  const results =
    data.run === undefined || counts === undefined ? (
      await missingResults(request, data)
    ) : (
      <Results
        data={data}
        run={data.run}
        counts={counts}
        group={group}
        breakdowns={await breakdownsOf(request, data.run, counts)}
        linked={maySeeLists(request.scope.principal)}
        hidden={isSafe ? hiddenCounts(counts) : noneHidden}
        safety={{ isSafe, href: releaseHref(request.context) }}
      />
    )
  const { valueSets, clock } = request.site.application
  const content = (
    <>
      <MeasureHead data={data} group={group} current="overview" linked={maySeeLists(request.scope.principal)} />
      <div class="stack">
        {results}
        <Definition
          data={data}
          group={group}
          valueSets={valueSets}
          now={`${clock.now().toISOString().slice(0, 16)}Z`}
        />
      </div>
    </>
  )
  return { title: data.title, section: 'scorecard', content }
}

async function missingResults(request: PageRequest, data: MeasureData) {
  if (data.runMeasure !== undefined) {
    const diagnostics = diagnosticsOf(data.runMeasure.diagnostics)
    return (
      <Notice title="The last run has no result for this measure" fault>
        <p>Its state is “{data.runMeasure.state}”. Other measures of the run are not touched by this.</p>
        <DiagnosticList diagnostics={diagnostics} />
      </Notice>
    )
  }
  if (data.run !== undefined) {
    return (
      <Notice title="Not part of the last run">
        <p>The measure is installed and was not evaluated in run {data.run.runId}. Evaluate it to see its people.</p>
      </Notice>
    )
  }
  const [newest] = await readRuns(request.session, 1)
  return <NoRun load={await readLoadSummary(request.session)} newest={newest} />
}

interface ResultsProps {
  readonly data: MeasureData
  readonly run: RunSummary
  readonly counts: ScorecardCounts
  readonly group: MeasureGroup | undefined
  readonly breakdowns: readonly Breakdown[]
  readonly linked: boolean
  readonly hidden: ReadonlySet<CountName>
  readonly safety: { readonly isSafe: boolean; readonly href: string }
}

const Results = ({ data, run, counts, group, breakdowns, linked, hidden, safety }: ResultsProps) => (
  <>
    <GroupLinks data={data} current={counts.groupId} />
    {data.installed !== undefined && data.installed.contentHash !== data.runMeasure?.contentHash ? (
      <Notice title="The measure has changed since the last run">
        <p>
          The numbers are of run {run.runId} and the logic it used then ({shortHash(data.runMeasure?.contentHash ?? '')}
          ); the text below is what is installed now ({shortHash(data.installed.contentHash)}). Evaluate again to bring
          them together.
        </p>
      </Notice>
    ) : null}
    <section class="panel" aria-labelledby="funnel">
      <div class="panel-head">
        <h2 id="funnel">From everybody to the numerator</h2>
      </div>
      <div class="headline">
        {hidden.has('numerator') ? (
          <span class="soft">Hidden: small counts</span>
        ) : (
          <Rate
            numerator={(counts.numerator ?? 0) - (counts.numeratorExclusion ?? 0)}
            atRisk={atRiskOf(counts)}
            scoring={group?.scoring}
          />
        )}
        <p>{isInverse(group) ? inverseWords : directWords}</p>
      </div>
      <SafetyNote {...safety} hidden={hidden.size === 0 ? 0 : 1} />
      <Funnel steps={funnelOf(counts, group, hidden)} counts={counts} linked={linked} />
    </section>
    <Panel id="gaps" title="Care gaps">
      <GapSplit counts={counts} hidden={hidden} linked={linked} />
    </Panel>
    <div class="columns">
      {breakdowns.map((breakdown) => (
        <BreakdownPanel breakdown={breakdown} />
      ))}
    </div>
  </>
)

const directWords =
  'The share of those counted who meet the goal. Whoever is counted and not in the numerator is an open gap.'
const inverseWords =
  'Lower is better: the numerator holds those who do not meet the goal, people without any result among them. Whoever is in the numerator is an open gap.'

const GroupLinks = ({ data, current }: { readonly data: MeasureData; readonly current: string }) =>
  data.counts.length < 2 ? null : (
    <nav aria-label="Groups" class="row">
      {data.counts.map((row) => (
        <a
          class="tag"
          href={`/measures/${encodeURIComponent(data.id)}?group=${encodeURIComponent(row.groupId)}`}
          {...(row.groupId === current ? { 'aria-current': 'true' as const } : {})}
        >
          Group {row.groupId}
        </a>
      ))}
    </nav>
  )
