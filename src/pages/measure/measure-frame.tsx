import type { MeasureGroup } from '../../content/index.ts'
import { type RunSummary, readLoadSummary, readRuns, type ScorecardCounts } from '../../store/index.ts'
import { NoResult } from '../parts/no-result.tsx'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RunFacts } from '../parts/run-facts.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import { isInverse } from '../scorecard/scorecard-row.ts'
import { InverseMark } from '../scorecard/scorecard-table.tsx'
import { maySeeLists, type PageRequest, type PageView } from '../site.tsx'
import { asksForNoGroup, chosenGroup, type MeasureData, readMeasureData } from './measure-data.ts'

/** A measure with results, as its pages read it. */
export interface OpenMeasure {
  readonly data: MeasureData
  readonly run: RunSummary
  readonly counts: ScorecardCounts
  readonly group: MeasureGroup | undefined
}

/** The measure of the request's path with the results of the newest run; else the page that says what is missing. */
export async function openMeasure(request: PageRequest, current: MeasureView): Promise<OpenMeasure | PageView> {
  const data = await readMeasureData(request)
  if (data === undefined) return notFoundView('No measure with this id is installed, and the last run has none.')
  const asked = request.context.req.query('group')
  if (asksForNoGroup(data, asked)) return notFoundView('This measure has no group of that name.')
  const { counts, group } = chosenGroup(data, asked)
  if (data.run !== undefined && counts !== undefined) return { data, run: data.run, counts, group }
  const [newest] = await readRuns(request.session, 1)
  const content = (
    <>
      <MeasureHead data={data} group={group} current={current} linked={maySeeLists(request.scope.principal)} />
      {data.run === undefined ? (
        <NoRun load={await readLoadSummary(request.session)} newest={newest} />
      ) : (
        <NoResult measureId={data.id}>The last run has no result for it.</NoResult>
      )}
    </>
  )
  return { title: data.title, section: 'scorecard', content }
}

const views = ['overview', 'providers', 'trend', 'disparities', 'reconcile'] as const
/** The pages of one measure. */
export type MeasureView = (typeof views)[number]

const labels: Readonly<Record<MeasureView, string>> = {
  overview: 'Overview',
  providers: 'Practices and providers',
  trend: 'Trend',
  disparities: 'Disparities',
  reconcile: 'Reconcile',
}

/** The address of a page of a measure's group. */
export function measureHref(id: string, view: MeasureView, group?: string): string {
  const path = `/measures/${encodeURIComponent(id)}${view === 'overview' ? '' : `/${view}`}`
  return group === undefined ? path : `${path}?group=${encodeURIComponent(group)}`
}

/** The head of a measure's pages: what it is, and the ways between them. Lists of people are for those who may see them. */
export const MeasureHead = (props: {
  readonly data: MeasureData
  readonly group: MeasureGroup | undefined
  readonly current: MeasureView
  readonly linked: boolean
}) => {
  const { data, group, current } = props
  const asked = data.counts.length > 1 ? group?.id : undefined
  return (
    <PageHead
      title={data.title}
      crumbs={[{ href: '/', label: 'Scorecard' }]}
      {...(data.installed === undefined || current !== 'overview' ? {} : { lead: data.installed.description })}
    >
      <p class="row small">
        <span class="tag">
          {data.id} {data.version}
        </span>
        {group === undefined ? null : <span class="tag">{group.scoring}</span>}
        {isInverse(group) ? <InverseMark /> : null}
      </p>
      {data.run === undefined ? null : <RunFacts run={data.run} />}
      <nav class="tabs" aria-label="Pages of the measure">
        <ul>
          {views
            .filter((view) => view !== 'reconcile' || props.linked)
            .map((view) => (
              <li>
                <a
                  href={measureHref(data.id, view, asked)}
                  {...(view === current ? { 'aria-current': 'page' as const } : {})}
                >
                  {labels[view]}
                </a>
              </li>
            ))}
        </ul>
      </nav>
    </PageHead>
  )
}
