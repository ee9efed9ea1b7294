import { z } from 'zod'
import { personFilter } from '../../access/index.ts'
import { populationCodes } from '../../content/index.ts'
import { type Cause, type ChangeTotal, type ComparedChange, compareRuns, totalsOf } from '../../jobs/index.ts'
import { readHiddenPids, readRun, readRunMeasures, readRuns } from '../../store/index.ts'
import { populationName } from '../measure/counts.ts'
import { countOf, formatCount, formatInstant } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { badRequestView, notFoundView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'

const runNumber = z.coerce.number().int().min(1).max(2_147_483_647)
const query = z.strictObject({ before: runNumber.optional(), measure: z.string().max(200).optional() })

const mostShown = 50

/** What a run changed since the one before it of the same period: who is newly in or out of each population, and why. */
export async function changesPage({ session, context, scope }: PageRequest): Promise<PageView> {
  const id = runNumber.safeParse(context.req.param('run'))
  const run = id.success ? await readRun(session, id.data) : undefined
  scope.read({ pids: [] })
  if (run === undefined) return notFoundView('There is no run with this number.')
  const here = `/runs/${run.runId}/changes`
  const asked = query.safeParse(context.req.query())
  if (!asked.success) return badRequestView('The page takes before (the number of a run) and measure.', here)
  const runs = (await readRuns(session, 200)).filter(({ state }) => state === 'published')
  const others = runs.filter(({ runId }) => runId !== run.runId)
  const earlier = others.filter(({ runId }) => runId < run.runId)
  const sameYear = earlier.find((one) => one.periodStart === run.periodStart && one.periodEnd === run.periodEnd)
  const beforeId = asked.data.before ?? sameYear?.runId ?? earlier[0]?.runId
  if (run.state !== 'published' || beforeId === undefined) return nothingToCompare(run.runId, run.state)
  if (!others.some(({ runId }) => runId === beforeId))
    return notFoundView('There is no published run with this number.')
  const comparison = await compareRuns(session, beforeId, run.runId)
  const hidden = new Set(await readHiddenPids(session, personFilter(scope.principal), pidsOf(comparison.changes)))
  const visible = comparison.changes.filter((change) => pidsOf([change]).every((pid) => !hidden.has(pid)))
  const wanted = asked.data.measure
  const chosen = visible.filter(({ measure }) => wanted === undefined || measure === wanted)
  const shown = chosen.slice(0, mostShown)
  scope.read({ pids: pidsOf(shown) })
  const titles = new Map((await readRunMeasures(session, run.runId)).map(({ measureId, title }) => [measureId, title]))
  const named = (measure: string) => titles.get(measure) ?? measure
  const place = { here, before: beforeId, named }
  return {
    title: `Changes of run ${run.runId}`,
    section: 'runs',
    content: (
      <>
        <PageHead
          title={`What run ${run.runId} changed`}
          crumbs={[
            { href: '/runs', label: 'Runs' },
            { href: `/runs/${run.runId}`, label: `Run ${run.runId}` },
          ]}
          lead={`Since run ${beforeId} of ${formatInstant(comparison.before.startedAt)}.`}
        />
        <div class="stack">
          <form class="panel filters" method="get" action={here} aria-label="Compare with another run">
            <div class="field">
              <label for="changes-before">Since</label>
              <select id="changes-before" name="before">
                {others.map((one) => (
                  <option value={String(one.runId)} selected={one.runId === beforeId}>
                    {`Run ${one.runId}, ${one.periodStart.slice(0, 4)}`}
                  </option>
                ))}
              </select>
            </div>
            <div class="actions">
              <button class="button" type="submit">
                Compare
              </button>
            </div>
          </form>
          <Totals totals={totalsOf(visible)} notCompared={comparison.notCompared} place={place} />
          <People changes={shown} total={chosen.length} wanted={wanted} place={place} />
        </div>
      </>
    ),
  }
}

const pidsOf = (changes: readonly ComparedChange[]): number[] => [
  ...new Set(changes.flatMap(({ personBefore, personAfter }) => [personBefore ?? [], personAfter ?? []].flat())),
]

const nothingToCompare = (runId: number, state: string): PageView => ({
  title: `Changes of run ${runId}`,
  section: 'runs',
  content: (
    <>
      <PageHead
        title={`What run ${runId} changed`}
        crumbs={[
          { href: '/runs', label: 'Runs' },
          { href: `/runs/${runId}`, label: `Run ${runId}` },
        ]}
      />
      <Notice title="Nothing to compare with">
        <p>
          {state === 'published'
            ? 'It is the first published run. From the second on, this page says who is newly in or out, and why.'
            : 'The run is not published, so it has no results that could be compared.'}
        </p>
      </Notice>
    </>
  ),
})

/** A cause in the words of the pages. One that is new here is shown by its own name. */
const causeWords: Readonly<Partial<Record<Cause, string>>> = {
  period: 'another period',
  logic: 'the logic of the measure',
  engine: 'the engine',
  terminology: 'value sets',
  'code-mapping': 'maps of local codes',
  identity: 'who is one person',
  data: 'facts of the person',
}

const wordsOf = (causes: readonly Cause[]): string =>
  causes.length === 0
    ? 'no cause found: a fault of caregap'
    : causes.map((cause) => causeWords[cause] ?? cause).join(', ')

const nameOf = (population: string): string =>
  populationName(population as Parameters<typeof populationName>[0]) ?? population

/** Populations in the order in which measures ask for them. */
const placeOf = (population: string): number => populationCodes.findIndex((code) => code === population)

/** Where the page is, since which run, and what its measures are called. */
interface Place {
  readonly here: string
  readonly before: number
  readonly named: (measure: string) => string
}

const Totals = (props: {
  readonly totals: readonly ChangeTotal[]
  readonly notCompared: readonly string[]
  readonly place: Place
}) => {
  const { notCompared, place } = props
  const totals = props.totals.toSorted(
    (one, other) =>
      place.named(one.measure).localeCompare(place.named(other.measure), 'en') ||
      placeOf(one.population) - placeOf(other.population),
  )
  return (
    <Panel
      id="totals"
      title="By measure and population"
      note={
        notCompared.length === 0
          ? 'A cause alone is certain; several changed together.'
          : `Only one of the runs evaluated ${notCompared.map(place.named).join(', ')}.`
      }
      flush
    >
      {totals.length === 0 ? (
        <p class="panel-body soft">Nobody is in another population than before.</p>
      ) : (
        <DataTable
          label="Changes by measure and population"
          narrow="cards"
          rows={totals}
          columns={[
            {
              label: 'Measure',
              heading: true,
              width: 'some',
              cell: ({ measure }) => (
                <a href={`${place.here}?before=${place.before}&measure=${encodeURIComponent(measure)}`}>
                  {place.named(measure)}
                </a>
              ),
            },
            { label: 'Population', cell: ({ population }) => nameOf(population) },
            { label: 'Newly in', align: 'end', cell: (row) => formatCount(row.in) },
            { label: 'Newly out', align: 'end', cell: (row) => formatCount(row.out) },
            { label: 'Because of', width: 'some', cell: ({ causes }) => wordsOf(causes) },
          ]}
        />
      )}
    </Panel>
  )
}

const directions = { in: 'newly in', out: 'newly out', count: 'other number of episodes' } as const

const People = (props: {
  readonly changes: readonly ComparedChange[]
  readonly total: number
  readonly wanted: string | undefined
  readonly place: Place
}) => {
  const { changes, total, wanted, place } = props
  if (total === 0) return null
  return (
    <Panel
      id="people"
      title={`${countOf(total, 'change')}${wanted === undefined ? '' : ` of ${place.named(wanted)}`}`}
      {...(total > changes.length
        ? { note: `The first ${changes.length} are listed; a measure above leads to its own, and the API has all.` }
        : {})}
      flush
    >
      {wanted === undefined ? null : (
        <p class="panel-note">
          <a href={`${place.here}?before=${place.before}`}>Show the changes of all measures</a>
        </p>
      )}
      <DataTable
        label="Changes of people"
        narrow="cards"
        rows={changes}
        columns={[
          {
            label: 'Patient',
            heading: true,
            cell: ({ source, patientId, personAfter, personBefore }) => (
              <>
                <a href={`/people/${personAfter ?? personBefore}`}>{patientId}</a>
                <span class="cell-note">{source}</span>
              </>
            ),
          },
          { label: 'Measure', width: 'some', cell: ({ measure }) => place.named(measure) },
          { label: 'Population', cell: ({ population }) => nameOf(population) },
          { label: 'Change', cell: ({ change }) => directions[change] },
          { label: 'Because of', width: 'some', cell: ({ causes }) => wordsOf(causes) },
        ]}
      />
    </Panel>
  )
}
