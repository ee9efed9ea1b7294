import type { GapStatus } from '../../gaps/index.ts'
import {
  countPeople,
  type PeopleRow,
  readLoadSummary,
  readPeople,
  readPeopleChoices,
  readRuns,
} from '../../store/index.ts'
import { populationName } from '../measure/counts.ts'
import type { MeasureData } from '../measure/measure-data.ts'
import { countOf, formatCount } from '../parts/format.ts'
import { NoResult } from '../parts/no-result.tsx'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { RunFacts } from '../parts/run-facts.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { PeopleFilters } from './people-filters.tsx'
import { openPeopleList, type PeopleList } from './people-list.ts'
import { populationOf, queryText } from './people-query.ts'
import { PeopleTable } from './people-table.tsx'

const pageSize = 50

/** The people of one population or gap status of a measure, a page at a time. */
export async function peoplePage(request: PageRequest): Promise<PageView> {
  const opened = await openPeopleList(request)
  if (!('list' in opened)) return opened.problem === 'no-run' ? withoutRun(request, opened.data) : opened.problem
  const { list } = opened
  const total = await countPeople(request.session, list.filter)
  const offset = (list.query.page - 1) * pageSize
  const rows = await readPeople(request.session, list.filter, { offset, limit: pageSize })
  request.scope.read({ pids: rows.map((row) => row.pid), measureId: list.data.id })
  const choices = await readPeopleChoices(request.session)
  return {
    title: `${listName(list)}: ${list.data.title}`,
    section: 'scorecard',
    content: <People list={list} rows={rows} total={total} choices={choices} />,
  }
}

async function withoutRun(request: PageRequest, data: MeasureData | undefined): Promise<PageView> {
  request.scope.read({ pids: [] })
  const [newest] = await readRuns(request.session, 1)
  const load = await readLoadSummary(request.session)
  const content = (
    <>
      <PageHead title={data?.title ?? 'People'} crumbs={[{ href: '/', label: 'Scorecard' }]} />
      {data?.run === undefined ? (
        <NoRun load={load} newest={newest} />
      ) : (
        <NoResult measureId={data.id}>The last run has no result for it, so there are no people to list.</NoResult>
      )}
    </>
  )
  return { title: data?.title ?? 'People', section: 'scorecard', content }
}

const gapListNames: Readonly<Record<GapStatus, string>> = {
  open: 'Open gaps',
  prospective: 'Gaps that are not due yet',
  ordered: 'Gaps with an order',
  'awaiting-data': 'Gaps awaiting data',
  closed: 'Closed gaps',
  excluded: 'Excluded from the measure',
  'not-applicable': 'Not in the measure',
  unknown: 'Cannot be evaluated',
}

function listName({ query }: PeopleList): string {
  const population = populationName(populationOf(query))
  if (query.status === undefined) return population
  const gap = gapListNames[query.status]
  return populationOf(query) === 'all' ? gap : `${population}: ${gap.toLowerCase()}`
}

interface PeopleProps {
  readonly list: PeopleList
  readonly rows: readonly PeopleRow[]
  readonly total: number
  readonly choices: { readonly practices: readonly string[]; readonly sources: readonly string[] }
}

const People = ({ list, rows, total, choices }: PeopleProps) => {
  const measure = `/measures/${encodeURIComponent(list.data.id)}`
  const action = `${measure}/people`
  return (
    <>
      <PageHead
        title={listName(list)}
        crumbs={[
          { href: '/', label: 'Scorecard' },
          { href: measure, label: list.data.title },
        ]}
      >
        <RunFacts run={list.run} />
      </PageHead>
      <div class="stack">
        <section class="panel" aria-label="People of this list">
          <PeopleFilters query={list.query} action={action} {...choices} />
          <div class="list-head">
            <h2>{countOf(total, 'person', 'people')}</h2>
            {total === 0 ? null : (
              <a class="button no-print" href={`${measure}/people.csv${queryText(list.query, { page: undefined })}`}>
                Download all {formatCount(total)} as CSV
              </a>
            )}
          </div>
          {rows.length === 0 ? (
            <Nobody list={list} total={total} action={action} />
          ) : (
            <PeopleTable rows={rows} query={list.query} action={action} asOf={list.run.startedAt.slice(0, 10)} />
          )}
          <Pager
            page={list.query.page}
            pageSize={pageSize}
            total={total}
            href={(page) => `${action}${queryText(list.query, { page: String(page) })}`}
          />
        </section>
      </div>
    </>
  )
}

const Nobody = ({
  list,
  total,
  action,
}: {
  readonly list: PeopleList
  readonly total: number
  readonly action: string
}) => (
  <div class="panel-body">
    {total === 0 ? (
      <p>
        Nobody matches these filters. <a href={action}>Take them all away</a> to see the whole initial population.
      </p>
    ) : (
      <p>
        The list ends before page {list.query.page}.{' '}
        <a href={`${action}${queryText(list.query, { page: undefined })}`}>Go to its first page</a>.
      </p>
    )}
  </div>
)
