import { z } from 'zod'
import { personFilter } from '../../access/index.ts'
import { readyWorklist } from '../../jobs/index.ts'
import {
  type HuddleRow,
  readHuddle,
  readLoadSummary,
  readNextVisitDay,
  readRunMeasures,
  readRuns,
} from '../../store/index.ts'
import { Day } from '../parts/day.tsx'
import { Due } from '../parts/due.tsx'
import { countOf, formatDay } from '../parts/format.ts'
import { asGapStatus, GapChip } from '../parts/gap-chip.tsx'
import { NoRun } from '../parts/no-run.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { nameOf } from '../people/people-table.tsx'
import { badRequestView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'

const schema = z.strictObject({
  day: z.iso.date().optional(),
  provider: z
    .string()
    .max(200)
    .optional()
    .transform((text) => (text === '' ? undefined : text)),
})

/** Who is expected on a day, per provider, with what is to be talked about: made to be printed. */
export async function huddlePage({ context, session, site, scope }: PageRequest): Promise<PageView> {
  const parsed = schema.safeParse(context.req.query())
  if (!parsed.success) return badRequestView('A huddle sheet takes a day, as YYYY-MM-DD, and a provider.', '/huddle')
  const ready = await readyWorklist(session, site.application.clock)
  if (ready === undefined) {
    scope.read({ pids: [] })
    const [newest] = await readRuns(session, 1)
    const content = (
      <>
        <PageHead title="Huddle" crumbs={[{ href: '/worklist', label: 'Worklist' }]} />
        <NoRun load={await readLoadSummary(session)} newest={newest} />
      </>
    )
    return { title: 'Huddle', section: 'worklist', content }
  }
  const { run, today } = ready
  const day = parsed.data.day ?? today
  const all = await readHuddle(session, day, personFilter(scope.principal))
  const asked = parsed.data.provider
  const rows = asked === undefined ? all : all.filter(({ provider }) => provider === asked)
  scope.read({ pids: rows.map(({ pid }) => pid) })
  const measures = await readRunMeasures(session, run.runId)
  const titles = new Map(measures.map(({ measureId, title }) => [measureId, title]))
  const next = all.length > 0 ? undefined : await readNextVisitDay(session, day, personFilter(scope.principal))
  const content = (
    <Huddle
      day={day}
      today={today}
      rows={rows}
      providers={[...new Set(all.flatMap(({ provider }) => provider ?? []))]}
      asked={asked}
      titles={titles}
      next={next}
    />
  )
  return { title: `Huddle ${day}`, section: 'worklist', content }
}

const Huddle = (props: {
  readonly day: string
  readonly today: string
  /** Who expects somebody on the day, and whose sheet alone is asked for. */
  readonly providers: readonly string[]
  readonly asked: string | undefined
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
          <div class="field">
            <label for="huddle-provider">Provider</label>
            <select id="huddle-provider" name="provider">
              <option value="">All, a sheet each</option>
              {props.providers.map((name) => (
                <option value={name} selected={name === props.asked}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div class="actions">
            <button class="button" type="submit">
              Show
            </button>
          </div>
        </form>
        {props.rows.length > 0 ? null : (
          <Notice
            title={
              props.providers.length === 0
                ? 'Nobody is expected on this day'
                : 'Nobody is expected by this provider on this day'
            }
          >
            {props.providers.length > 0 ? null : props.next === undefined ? (
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
          <Sheet
            id={`provider-${index}`}
            day={props.day}
            today={props.today}
            provider={provider}
            rows={props.rows.filter((row) => row.provider === provider)}
            titles={props.titles}
          />
        ))}
      </div>
    </>
  )
}

interface SheetProps {
  readonly id: string
  readonly day: string
  readonly today: string
  readonly provider: string | null
  readonly rows: readonly HuddleRow[]
  readonly titles: ReadonlyMap<string, string>
}

/** One provider's day; on paper a page of its own. */
const Sheet = ({ id, day, today, provider, rows, titles }: SheetProps) => (
  <div class="sheet">
    <Panel
      id={id}
      title={provider ?? 'Provider not known'}
      note={`${formatDay(day)}, ${countOf(rows.length, 'visit')}`}
      flush
    >
      <DataTable
        label={`Visits of ${provider ?? 'a provider who is not known'}`}
        narrow="cards"
        rows={rows}
        columns={[
          { label: 'Time', cell: (row) => row.time ?? '' },
          {
            label: 'Person',
            heading: true,
            cell: (row) => (
              <>
                <a href={`/people/${row.pid}`}>{nameOf(row)}</a>
                {row.birthDate === null ? null : (
                  <span class="cell-note">
                    born <Day date={row.birthDate} />
                  </span>
                )}
              </>
            ),
          },
          { label: 'Visit', cell: (row) => row.what ?? '' },
          {
            label: 'To talk about',
            width: 'half',
            cell: (row) =>
              row.gaps.length === 0 ? <span class="soft">No gap</span> : <Gaps row={row} {...{ titles, today }} />,
          },
        ]}
      />
    </Panel>
  </div>
)

const Gaps = ({ row, titles, today }: Pick<SheetProps, 'titles' | 'today'> & { readonly row: HuddleRow }) => (
  <ul class="plain-list stack-tight">
    {row.gaps.map((gap) => {
      const status = asGapStatus(gap.status)
      return (
        <li>
          {status === undefined ? gap.status : <GapChip status={status} />} {titles.get(gap.measureId) ?? gap.measureId}
          {gap.dueDate === null ? null : (
            <span class="small soft">
              {' '}
              <Due date={gap.dueDate} asOf={today} />
            </span>
          )}
          {gap.nextAction === null ? null : <span class="cell-note">{gap.nextAction}</span>}
        </li>
      )
    })}
  </ul>
)
