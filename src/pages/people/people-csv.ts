import type { Route } from '../../access/index.ts'
import { csvLine } from '../../base/index.ts'
import { type PeopleRow, readPeople } from '../../store/index.ts'
import { notFoundView } from '../problem/problem-page.tsx'
import { renderPage, type Site } from '../site.tsx'
import { openPeopleList, type PeopleList } from './people-list.ts'

const heads = [
  'measure',
  'group',
  'population',
  'person',
  'name',
  'birth_date',
  'age',
  'sex',
  'deceased',
  'practice',
  'provider',
  'sources',
  'gap_status',
  'reason',
  'next_action',
  'due_date',
  'run',
  'period_start',
  'period_end',
]

/** The list as CSV text, CRLF at line ends, each line with the measure, run and period that it is of. */
export function peopleCsv(list: PeopleList, rows: readonly PeopleRow[]): string {
  const { filter, run } = list
  const lines = rows.map((row) => [
    filter.measureId,
    filter.groupId,
    filter.population,
    row.pid,
    row.name,
    row.birthDate,
    row.age,
    row.sex,
    row.deceased,
    row.practice,
    row.provider,
    row.sources.join(' '),
    row.status,
    row.sentence,
    row.nextAction,
    row.dueDate,
    run.runId,
    run.periodStart,
    run.periodEnd,
  ])
  return [heads, ...lines].map(csvLine).join('')
}

/** Exactly the people of a list, all pages of it, as a CSV file. */
export function peopleCsvRoute(site: Site, rule: Route['rule']): Route {
  return {
    method: 'GET',
    path: '/measures/:id/people.csv',
    rule,
    handle: async (context, scope) => {
      const session = await site.session()
      const opened = await openPeopleList({ site, session, context, scope })
      if (!('list' in opened)) {
        const view = opened.problem === 'no-run' ? notFoundView('There are no results to export yet.') : opened.problem
        return renderPage(context, site.stylesheet, view, scope.principal)
      }
      const { list } = opened
      const rows = await readPeople(session, list.filter)
      scope.read({ pids: rows.map((row) => row.pid), measureId: list.data.id })
      const day = site.application.clock.now().toISOString().slice(0, 10)
      const name = `${list.data.id}-${list.filter.population}-run${list.run.runId}-${day}.csv`
      return context.body(peopleCsv(list, rows), 200, {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
      })
    },
  }
}
