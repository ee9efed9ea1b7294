import { personFilter } from '../../access/index.ts'
import type { PeopleFilter, RunSummary } from '../../store/index.ts'
import { asksForNoGroup, chosenGroup, type MeasureData, readMeasureData } from '../measure/measure-data.ts'
import { faultOfQuery } from '../parts/page-query.ts'
import { badRequestView, notFoundView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { filterOf, type PeopleQuery, parsePeopleQuery } from './people-query.ts'

/** A list of people that a URL names, ready to be read. */
export interface PeopleList {
  readonly data: MeasureData
  readonly run: RunSummary
  readonly query: PeopleQuery
  readonly filter: PeopleFilter
}

/** The list of the request, or the page that says why there is none. */
export async function openPeopleList(
  request: PageRequest,
): Promise<{ readonly list: PeopleList } | { readonly problem: PageView | 'no-run'; readonly data?: MeasureData }> {
  const data = await readMeasureData(request)
  if (data === undefined) {
    return { problem: notFoundView('No measure with this id is installed, and the last run has none.') }
  }
  const back = `/measures/${encodeURIComponent(data.id)}/people`
  const twice = faultOfQuery(request.context, 'own')
  if (twice !== undefined) return { problem: badRequestView(twice, back) }
  const parsed = parsePeopleQuery(request.context.req.query())
  if (!parsed.ok) return { problem: badRequestView(parsed.reason, back) }
  if (asksForNoGroup(data, parsed.query.group)) {
    return { problem: notFoundView('This measure has no group of that name.') }
  }
  const { counts } = chosenGroup(data, parsed.query.group)
  if (data.run === undefined || counts === undefined) return { problem: 'no-run', data }
  const filter = filterOf(parsed.query, {
    runId: data.run.runId,
    measureId: data.id,
    groupId: counts.groupId,
    periodEnd: data.run.periodEnd,
    visible: personFilter(request.scope.principal),
  })
  return { list: { data, run: data.run, query: parsed.query, filter } }
}
