import { z } from 'zod'
import { personFilter } from '../../access/index.ts'
import { readyWorklist } from '../../jobs/index.ts'
import { type HuddleRow, readHuddle, readNextVisitDay, readRunMeasures } from '../../store/index.ts'
import { Day } from '../parts/day.tsx'
import { countOf, formatDay } from '../parts/format.ts'
import { asGapStatus, GapChip } from '../parts/gap-chip.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { nameOf } from '../people/people-table.tsx'
import { badRequestView, notFoundView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'

const schema = z.strictObject({ day: z.iso.date().optional() })

/** Who is expected on a day, per provider, with what is to be talked about: made to be printed. */
export async function huddlePage({ context, session, site, scope }: PageRequest): Promise<PageView> {
  const parsed = schema.safeParse(context.req.query())
  if (!parsed.success) return badRequestView('A huddle sheet takes one parameter: day, as YYYY-MM-DD.', '/huddle')
  const ready = await readyWorklist(session, site.application.clock)
  if (ready === undefined) return notFoundView('There is no run yet, so there are no gaps to talk about.')
  const { run, today } = ready
  const day = parsed.data.day ?? today
  const rows = await readHuddle(session, day, personFilter(scope.principal))
  scope.read({ pids: rows.map(({ pid }) => pid) })
  const measures = await readRunMeasures(session, run.runId)
  const titles = new Map(measures.map(({ measureId, title }) => [measureId, title]))
  const next = rows.length > 0 ? undefined : await readNextVisitDay(session, day, personFilter(scope.principal))
  const content = <Huddle day={day} rows={rows} titles={titles} next={next} />
  return { title: `Huddle ${day}`, section: 'worklist', content }
}

const Huddle = (props: {
  readonly day: string
  readonly rows: readonly HuddleRow[]
  readonly titles: ReadonlyMap<string, string>
  /** Where nobody is expected: the next day on which somebody is. */
  readonly next: string | undefined
}) => {
  const providers = [...new Set(props.rows.map(({ provider }) => provider))]
  return (
    <>
      <PageHead
        title={`Huddle: ${formatDay(props.day)}`}
        crumbs={[{ href: '/worklist', label: 'Worklist' }]}
        lead={`${countOf(props.rows.length, 'visit')} expected.`}
      />
      <div class="stack">
        <form class="panel filters no-print" method="get" action="/huddle" aria-label="Choose the day">
          <div class="field">
            <label for="huddle-day">Day</label>
            <input id="huddle-day" type="date" name="day" value={props.day} />
          </div>
          <div class="actions">
            <button class="button" type="submit">
              Show
            </button>
          </div>
        </form>
        {props.rows.length > 0 ? null : (
          <Notice title="Nobody is expected on this day">
            {props.next === undefined ? (
              <p>The data hold no visit after it either: no source sent an Appointment or planned Encounter.</p>
            ) : (
              <p class="actions">
                <a class="button" href={`/huddle?day=${props.next}`}>
                  Show the next day with visits, {formatDay(props.next)}
                </a>
              </p>
            )}
          </Notice>
        )}
        {providers.map((provider, index) => (
          <Panel id={`provider-${index}`} title={provider ?? 'Provider not known'} flush>
            <HuddleTable
              rows={props.rows.filter((row) => row.provider === provider)}
              titles={props.titles}
              name={provider}
            />
          </Panel>
        ))}
      </div>
    </>
  )
}

const HuddleTable = (props: {
  readonly rows: readonly HuddleRow[]
  readonly titles: ReadonlyMap<string, string>
  readonly name: string | null
}) => (
  <DataTable
    label={`Visits of ${props.name ?? 'a provider who is not known'}`}
    narrow="cards"
    rows={props.rows}
    columns={[
      {
        label: 'Person',
        heading: true,
        width: 'some',
        cell: (row) => <a href={`/people/${row.pid}`}>{nameOf(row)}</a>,
      },
      { label: 'Born', cell: (row) => (row.birthDate === null ? '' : <Day date={row.birthDate} />) },
      { label: 'Visit', cell: (row) => row.what ?? '' },
      {
        label: 'Gaps',
        width: 'half',
        cell: (row) =>
          row.gaps.length === 0 ? (
            <span class="soft">None</span>
          ) : (
            <ul class="plain-list">
              {row.gaps.map((gap) => {
                const status = asGapStatus(gap.status)
                return (
                  <li>
                    {status === undefined ? gap.status : <GapChip status={status} />}{' '}
                    {props.titles.get(gap.measureId) ?? gap.measureId}
                  </li>
                )
              })}
            </ul>
          ),
      },
    ]}
  />
)
