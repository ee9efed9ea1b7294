import { raw } from 'hono/html'
import { hiddenCounts, releasedRuns } from '../../jobs/index.ts'
import {
  type LookBack,
  type RatePoint,
  type RunSummary,
  readLookBacks,
  readRateHistory,
  readScorecardCounts,
} from '../../store/index.ts'
import { formatCount, formatDay, formatInstant, formatPercent } from '../parts/format.ts'
import {
  courseOf,
  dueByNow,
  isSafePoint,
  lastPeriodOf,
  nearLastYear,
  nearLookBack,
  sameDayLastYear,
} from '../parts/history.ts'
import { Panel } from '../parts/panel.tsx'
import { estimateRate, Rate } from '../parts/rate.tsx'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { DataTable } from '../parts/table.tsx'
import { atRiskOf, dueCountsOf, isInverse } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { CohortPanel, cohortsOf } from './cohort-panel.tsx'
import { MeasureHead, type OpenMeasure, openMeasure } from './measure-frame.tsx'
import { drawTrendChart } from './trend-chart.ts'

/** How a measure's rate went from run to run, year to date, beside the year before. */
export async function trendPage(request: PageRequest): Promise<PageView> {
  const opened = await openMeasure(request, 'trend')
  if (!('run' in opened)) return opened
  const { data, run, counts, group } = opened
  const isSafe = mustBeSafe(request)
  const all = await readRateHistory(request.session, data.id, counts.groupId)
  const isSmallNow = isSafe && hiddenCounts(counts).has('counted')
  const points = isSmallNow ? [] : isSafe ? await safeCourse(request, data.id, all) : all
  const year = Number(run.periodEnd.slice(0, 4))
  const own = points.filter((point) => point.periodEnd === run.periodEnd && point.periodStart === run.periodStart)
  const now = own.at(-1)
  const lastYear = courseOf(points, year - 1)
  const before = now === undefined ? undefined : sameDayLastYear(lastYear, now)
  const looked = isSafe ? undefined : await lookBackOf(request, { run, counts, contentHash: now?.contentHash ?? '' })
  const cohorts = isSmallNow ? undefined : await cohortsOf(request, counts, { points: all, run })
  const svg = own.length < 2 ? undefined : await drawTrendChart({ now: own, before: lastYear })
  const inverse = isInverse(group)
  const tells = isSafe ? await tellNotDue(request, opened, [now, before]) : undefined
  const isTold = (point: RatePoint): boolean => tells === undefined || point.notDue === 0 || tells.has(point.runId)
  // Beside the whole year's rate, few who are not due yet could be told from this one.
  const toDate = now === undefined || !isTold(now) ? undefined : dueByNow(now, inverse)
  const content = (
    <>
      <MeasureHead data={data} group={group} current="trend" linked={maySeeLists(request.scope.principal)} />
      <div class="stack">
        <dl class="figures">
          <Figure
            title="Year to date, of those who are due"
            rate={toDate}
            note={toDate === undefined || now === undefined ? 'hidden: small counts' : toDateNote(toDate, now.notDue)}
          />
          <Figure
            title="Same day last year"
            rate={lastYearOf(before !== undefined && isTold(before) ? before : undefined, looked, inverse)}
            note={
              before !== undefined
                ? `${isTold(before) ? '' : 'hidden: small counts; '}run ${before.runId}, ${formatInstant(before.at)}`
                : looked !== undefined
                  ? lookedNote(looked)
                  : noRunLastYear(run, isSafe)
            }
          />
          <Figure
            title="End of the year, if nothing more happens"
            rate={now}
            note={now === undefined ? 'hidden: small counts' : `everybody is due by ${formatDay(now.periodEnd)}`}
          />
        </dl>
        <Panel
          id="runs-of-measure"
          title="From run to run"
          note="Line and band: this year’s rate and its 95% interval. Dashed: last year’s runs on the same days. Each run holds the people of those before it, so no run rules are applied: neighbouring points are no independent samples."
          flush
        >
          {svg === undefined ? (
            <p class="panel-body soft">One run is no trend: the line begins with the second run of the period.</p>
          ) : (
            <div class="chart chart-wide" aria-hidden="true">
              {raw(svg)}
            </div>
          )}
          <SafetyNote isSafe={isSafe} hidden={all.length - points.length} href={releaseHref(request.context)} />
          <History points={points.toReversed()} isTold={isTold} />
        </Panel>
        {cohorts === undefined ? null : <CohortPanel cohorts={cohorts} request={request} />}
      </div>
    </>
  )
  return { title: `Trend: ${data.title}`, section: 'scorecard', content }
}

/** The runs of these points that may tell how many are not due yet: where that count is not hidden beside their other gaps. */
async function tellNotDue(
  { session }: PageRequest,
  { counts: { measureId, groupId } }: OpenMeasure,
  points: readonly (RatePoint | undefined)[],
): Promise<ReadonlySet<number>> {
  const told = new Set<number>()
  for (const runId of points.flatMap((point) => point?.runId ?? [])) {
    const all = await readScorecardCounts(session, runId)
    const own = all.find((counts) => counts.measureId === measureId && counts.groupId === groupId)
    if (own !== undefined && !hiddenCounts(own).has('prospectiveGaps')) told.add(runId)
  }
  return told
}

/** What was counted as of that day from later data. A count of each day would tell of few people by the difference of two. */
async function lookBackOf(
  { session }: PageRequest,
  { run, counts, contentHash }: Pick<OpenMeasure, 'run' | 'counts'> & { readonly contentHash: string },
): Promise<LookBack | undefined> {
  const known = await readLookBacks(session, lastPeriodOf(run))
  return nearLookBack(known, { ...counts, contentHash, at: run.startedAt })
}

function lastYearOf(before: RatePoint | undefined, looked: LookBack | undefined, inverse: boolean) {
  if (before !== undefined) return dueByNow(before, inverse)
  return looked === undefined ? undefined : dueByNow(dueCountsOf(looked.counts), inverse)
}

const lookedNote = ({ asOf, madeAt, counts }: LookBack): string =>
  `of ${formatCount(atRiskOf(counts))} people, looked back from the data of ${formatDay(madeAt.slice(0, 10))}: what is dated up to ${formatDay(asOf)}, with results that came late and statuses as they became; what was not exported of that year is missing`

/** What would have to be there: what was known on that day only a run of then knows; later data can be looked back from. */
function noRunLastYear({ startedAt }: Pick<RunSummary, 'startedAt'>, isSafe: boolean): string {
  const [from, to] = nearLastYear(startedAt)
  const then = `no run was made from ${formatDay(from)} to ${formatDay(to)}, and only a run knows what the data said then`
  return isSafe ? then : `${then}; what the data of today say of that day is counted by “caregap look-back”`
}

/** The runs whose counts may be told side by side, and of these the ones with no small count. */
async function safeCourse(
  request: PageRequest,
  measureId: string,
  points: readonly RatePoint[],
): Promise<readonly RatePoint[]> {
  const told = await releasedRuns(request.site.application.store, measureId)
  return points.filter((point) => told.has(point.runId) && isSafePoint(point))
}

interface Counted {
  readonly numerator: number
  readonly atRisk: number
}

const toDateNote = ({ numerator, atRisk }: Counted, notDue: number): string =>
  `${formatCount(numerator)} of ${formatCount(atRisk)}${notDue === 0 ? '' : `; ${formatCount(notDue)} more are not due yet`}`

const Figure = (props: { readonly title: string; readonly rate: Counted | undefined; readonly note: string }) => {
  const estimate = props.rate === undefined ? undefined : estimateRate(props.rate.numerator, props.rate.atRisk)
  return (
    <div class="figure">
      <dt>{props.title}</dt>
      <dd>{estimate === undefined ? 'Not known' : formatPercent(estimate.rate)}</dd>
      <dd class="note">{props.note}</dd>
    </div>
  )
}

interface HistoryShown {
  readonly points: readonly RatePoint[]
  readonly isTold: (point: RatePoint) => boolean
}

const History = ({ points, isTold }: HistoryShown) => (
  <DataTable
    label="Rates by run"
    narrow="cards"
    rows={points}
    columns={[
      {
        label: 'Run',
        heading: true,
        cell: (point) => (
          <>
            <a href={`/runs/${point.runId}`}>Run {point.runId}</a>
            <span class="cell-note">{formatInstant(point.at)}</span>
          </>
        ),
      },
      { label: 'Period', cell: (point) => `${formatDay(point.periodStart)} to ${formatDay(point.periodEnd)}` },
      {
        label: 'Rate, 95% interval',
        width: 'some',
        cell: (point) => <Rate numerator={point.numerator} atRisk={point.atRisk} />,
      },
      { label: 'Counted', align: 'end', cell: (point) => formatCount(point.atRisk) },
      {
        label: 'Not due yet',
        align: 'end',
        cell: (point) => (isTold(point) ? formatCount(point.notDue) : 'hidden'),
      },
      { label: 'Logic', cell: (point) => <code title={point.contentHash}>{point.contentHash.slice(0, 12)}</code> },
    ]}
  />
)
