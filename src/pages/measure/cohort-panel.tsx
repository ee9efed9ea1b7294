import { raw } from 'hono/html'
import { dueCohorts, followUpDays } from '../../jobs/index.ts'
import { type ControlChart, leastSamples, pChart, type RunRule } from '../../measure/index.ts'
import type { CohortCounts, RatePoint, RunSummary, ScorecardCounts } from '../../store/index.ts'
import { formatCount, formatDay, formatPercent } from '../parts/format.ts'
import { isSafePoint } from '../parts/history.ts'
import { Panel } from '../parts/panel.tsx'
import { Rate } from '../parts/rate.tsx'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { DataTable } from '../parts/table.tsx'
import { mustBeSafe, type PageRequest } from '../site.tsx'
import { drawCohortChart } from './cohort-chart.ts'

/** What the chart and its table are made of. */
export interface Cohorts {
  readonly shown: readonly CohortCounts[]
  readonly hidden: number
  readonly chart: ControlChart | undefined
  readonly svg: string | undefined
}

/** Those who became due month by month, as the user may see them. The centre is of what is shown, so that it tells of nothing else. */
export async function cohortsOf(
  request: PageRequest,
  { measureId, groupId }: Pick<ScorecardCounts, 'measureId' | 'groupId'>,
  { points, run }: { readonly points: readonly RatePoint[]; readonly run: RunSummary },
): Promise<Cohorts> {
  const all = await dueCohorts(request.session, { measureId, groupId }, points, run)
  // No sum of the months is told anywhere, so that none has to be hidden for another.
  const shown = mustBeSafe(request) ? all.filter(isSafePoint) : all
  const chart = pChart(shown.map(({ numerator, atRisk }) => ({ events: numerator, trials: atRisk })))
  const svg =
    chart === undefined
      ? undefined
      : await drawCohortChart(
          chart,
          shown.map(({ month }) => month),
        )
  return { shown, hidden: all.length - shown.length, chart, svg }
}

const ruleNames: Readonly<Record<RunRule, string>> = {
  outside: 'outside the limits',
  shift: 'one of eight in a row on one side',
  trend: 'one of six in a row that rise or fall',
  'outer-third': 'one of two near the same limit',
}

/** A p-chart over disjoint people: each month's are those who became due in it, looked at equally long after. */
export const CohortPanel = ({ cohorts, request }: { readonly cohorts: Cohorts; readonly request: PageRequest }) => {
  const { shown, hidden, chart, svg } = cohorts
  return (
    <Panel
      id="months-due"
      title="By the month in which people became due"
      note={`Nobody’s due day is in two months, and each month is looked at by the first run at least ${followUpDays} days after its end: here run rules hold.`}
      flush
    >
      {svg === undefined ? (
        <p class="panel-body soft">{whyNone(shown.length)}</p>
      ) : (
        <>
          <div class="chart chart-wide" aria-hidden="true">
            {raw(svg)}
          </div>
          <p class="chart-key">
            Solid line: all months together, {formatPercent(chart?.centre ?? 0)}. Dashed: three standard deviations for
            the size of each month. A diamond is more than chance would explain.
          </p>
        </>
      )}
      {shown.length + hidden === 0 ? null : (
        <SafetyNote isSafe={mustBeSafe(request)} hidden={hidden} href={releaseHref(request.context)} />
      )}
      {shown.length === 0 ? null : <CohortTable shown={shown} chart={chart} />}
    </Panel>
  )
}

const whyNone = (months: number): string =>
  months === 0
    ? `No month can be judged yet. A month needs a run in the weeks before it, which says who becomes due, and one ${followUpDays} to 75 days after it.`
    : `${months === 1 ? 'One month is' : `${months} months are`} too few for limits: they are drawn from ${leastSamples} on.`

const CohortTable = ({ shown, chart }: Pick<Cohorts, 'shown' | 'chart'>) => (
  <DataTable
    label="By month due"
    narrow="cards"
    rows={shown.map((row, index) => ({ ...row, point: chart?.points[index] }))}
    columns={[
      { label: 'Due in', heading: true, cell: ({ month }) => formatDay(month) },
      {
        label: 'Rate, 95% interval',
        width: 'some',
        cell: (row) => <Rate numerator={row.numerator} atRisk={row.atRisk} />,
      },
      { label: 'Counted', align: 'end', cell: ({ atRisk }) => formatCount(atRisk) },
      {
        label: 'Limits',
        cell: ({ point }) =>
          point === undefined ? null : `${formatPercent(point.low)} to ${formatPercent(point.high)}`,
      },
      {
        label: 'More than chance',
        cell: ({ point }) =>
          point === undefined || point.rules.length === 0 ? (
            <span class="zero">no</span>
          ) : (
            <strong>{point.rules.map((rule) => ruleNames[rule]).join('; ')}</strong>
          ),
      },
      {
        label: 'Runs',
        cell: ({ foreseenBy, foundBy }) => (
          <>
            <a href={`/runs/${foreseenBy}`}>Run {foreseenBy}</a>, <a href={`/runs/${foundBy}`}>run {foundBy}</a>
          </>
        ),
      },
    ]}
  />
)
