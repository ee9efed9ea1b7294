import { personFilter } from '../../access/index.ts'
import { cursorText, mostOfList, type OpenWorklist, worklistText } from '../../jobs/index.ts'
import {
  readLastAction,
  readLoadSummary,
  readRunMeasures,
  readRuns,
  readWorklist,
  readWorklistChoices,
  type WorkAction,
  type WorklistChoices,
  type WorklistPage,
} from '../../store/index.ts'
import { countOf, formatInstant } from '../parts/format.ts'
import { NoRun } from '../parts/no-run.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RunFacts } from '../parts/run-facts.tsx'
import { workWords } from '../person/work-panel.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { WorklistFilters } from './worklist-filters.tsx'
import { worklistOf } from './worklist-of.ts'
import { WorklistTable } from './worklist-table.tsx'

const pageSize = 50

/** For so long the list offers to take the user's last action back; the page of a person always does. */
const undoOfferedMs = 60 * 60 * 1000

/** Who needs what, over all measures: a row per person, filters in the address, and what can be done about it. */
export async function worklistPage(request: PageRequest): Promise<PageView> {
  const opened = await worklistOf(request)
  const { session, scope } = request
  if (opened === 'no-run') {
    scope.read({ pids: [] })
    const [newest] = await readRuns(session, 1)
    const content = (
      <>
        <PageHead title="Worklist" />
        <NoRun load={await readLoadSummary(session)} newest={newest} />
      </>
    )
    return { title: 'Worklist', section: 'worklist', content }
  }
  if ('content' in opened) return opened
  const { after } = opened
  const page = await readWorklist(session, opened.filter, {
    limit: pageSize,
    ...(after === undefined ? {} : { after }),
  })
  scope.read({ pids: page.rows.map(({ pid }) => pid) })
  const measures = await readRunMeasures(session, opened.run.runId)
  const titles = new Map(measures.map(({ measureId, title }) => [measureId, title]))
  const choices = await readWorklistChoices(session, personFilter(scope.principal))
  const since = new Date(request.site.application.clock.now().getTime() - undoOfferedMs)
  const last = await readLastAction(session, scope.principal.userId, since)
  return {
    title: 'Worklist',
    section: 'worklist',
    content: <Worklist opened={opened} page={page} titles={titles} choices={choices} last={last} />,
  }
}

interface WorklistProps {
  readonly opened: OpenWorklist
  readonly page: WorklistPage
  readonly titles: ReadonlyMap<string, string>
  readonly choices: WorklistChoices
  readonly last: WorkAction | undefined
}

const Worklist = ({ opened, page, titles, choices, last }: WorklistProps) => {
  const { query, today } = opened
  const whole = worklistText(query, { after: undefined })
  return (
    <>
      <PageHead title="Worklist">
        <RunFacts run={opened.run} />
      </PageHead>
      <div class="stack">
        {last === undefined || last.undone === last.gaps ? null : (
          <UndoNotice last={last} back={`/worklist${worklistText(query)}`} />
        )}
        <section class="panel" aria-label="Worklist">
          <WorklistFilters query={query} choices={choices} measures={[...titles]} />
          <div class="list-head">
            <h2>
              {countOf(page.total, 'person', 'people')}, {countOf(page.gaps, 'gap')}
            </h2>
            <p class="no-print actions">
              <a class="button" href={`/worklist.csv${whole}`}>
                CSV
              </a>
              <a class="button" href={`/worklist.parquet${whole}`}>
                Parquet
              </a>
              <a class="button" href={`/huddle?day=${today}`}>
                Huddle sheet
              </a>
            </p>
          </div>
          {opened.isStale ? (
            <p class="panel-body soft">The list was made anew since that page; this is its beginning.</p>
          ) : null}
          {page.rows.length === 0 ? (
            <div class="panel-body">
              <p>
                Nobody matches these filters. <a href="/worklist">Take them all away</a>.
              </p>
            </div>
          ) : (
            <>
              <WorkForm back={`/worklist${worklistText(query)}`} list={whole} gaps={page.gaps} />
              <WorklistTable rows={page.rows} titles={titles} today={today} />
            </>
          )}
          <Pages opened={opened} next={page.next} />
        </section>
      </div>
    </>
  )
}

/** What the user did last, with the way back. */
const UndoNotice = ({ last, back }: { readonly last: WorkAction; readonly back: string }) => (
  <form class="notice notice-line no-print" method="post" action="/worklist/undo" aria-label="Your last action">
    <input type="hidden" name="event" value={String(last.eventId)} />
    <input type="hidden" name="back" value={back} />
    <p>
      <strong>{workWords[last.action] ?? last.action}</strong>, {countOf(last.gaps - last.undone, 'gap')}, by you,{' '}
      {formatInstant(last.at)}.
    </p>
    <button class="button" type="submit">
      Undo
    </button>
  </form>
)

const Pages = ({ opened, next }: { readonly opened: OpenWorklist; readonly next: WorklistPage['next'] }) =>
  next === undefined && opened.after === undefined ? null : (
    <nav class="pager" aria-label="Pages of the list">
      <ul>
        {opened.after === undefined ? null : (
          <li>
            <a class="button" href={`/worklist${worklistText(opened.query, { after: undefined })}`}>
              First page
            </a>
          </li>
        )}
        {next === undefined ? null : (
          <li>
            <a
              class="button"
              rel="next"
              href={`/worklist${worklistText(opened.query, { after: cursorText(opened.run, opened.today, next) })}`}
            >
              Next
            </a>
          </li>
        )}
      </ul>
    </nav>
  )

interface WorkFormProps {
  readonly back: string
  /** The list as a query string, and how many gaps it has. */
  readonly list: string
  readonly gaps: number
}

/** What can be done about the gaps that are ticked in the table, or about all of the list. */
const WorkForm = ({ back, list, gaps }: WorkFormProps) => (
  <form
    id="work"
    class="filters no-print"
    method="post"
    action="/worklist/actions"
    aria-label="Work on the chosen gaps"
  >
    <input type="hidden" name="back" value={back} />
    <input type="hidden" name="list" value={list} />
    <input type="hidden" name="expected" value={String(gaps)} />
    <div class="field">
      <label for="work-which">With</label>
      <select id="work-which" name="which">
        <option value="chosen">The ticked gaps</option>
        {gaps > mostOfList ? null : <option value="list">All {countOf(gaps, 'gap')} of this list</option>}
      </select>
    </div>
    <div class="field">
      <label for="work-action">Do</label>
      <select id="work-action" name="action">
        <option value="assign">Assign to</option>
        <option value="unassign">Take the assignment away</option>
        <option value="snooze">Snooze for days</option>
        <option value="claim">Reported done (never counts by itself)</option>
        <option value="outreach">Log an outreach</option>
        <option value="note">Note</option>
        <option value="no-contact">Must not be contacted</option>
      </select>
    </div>
    <div class="field">
      <label for="work-text">User, reason or note</label>
      <input id="work-text" name="text" type="text" maxlength={500} />
    </div>
    <div class="field">
      <label for="work-days">Days</label>
      <input id="work-days" name="days" type="number" min={1} max={366} />
    </div>
    <div class="actions">
      <button class="button" type="submit">
        Do it
      </button>
    </div>
  </form>
)
