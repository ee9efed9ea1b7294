import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault, fixedClock, type Progress, silentProgress } from '../base/index.ts'
import { momentOfDay } from '../direct/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import {
  copyKnownFacts,
  type LastMoment,
  type LookBack,
  openStore,
  type RunSummary,
  readLookBacks,
  readPublishedRun,
  readRunMeasures,
  readScorecardCounts,
  storeLookBacks,
} from '../store/index.ts'
import type { Application } from './application.ts'
import { evaluateRun, type RunContext } from './evaluate-run.ts'
import { todayIn } from './evaluator.ts'

/** The day and the period of the year before that a run is compared with. */
export interface LookBackDay {
  readonly asOf: string
  readonly period: MeasurementPeriod
}

/** The same day of the year before; of 29 February the day before it. */
export function yearBefore(day: string): string {
  const before = `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}${day.slice(4)}`
  return before.endsWith('-02-29') ? `${before.slice(0, 8)}28` : before
}

/** What is looked back at from a run of a period, on a day: until the end of the period before, if that is over. */
export function lookBackDay(period: MeasurementPeriod, today: string): LookBackDay {
  const before = { ...period, start: yearBefore(period.start), end: yearBefore(period.end) }
  const asOf = yearBefore(today)
  return { period: before, asOf: asOf < before.end ? asOf : before.end }
}

/**
 * Counts all measures of the newest run for its period of the year before, as of the same day: by the facts of today that
 * are dated up to that day. It is evaluated in a database beside this one, which holds no more than these facts and goes
 * when the counts are kept, so that whatever a measure reads, by whichever engine, is of then. What no date tells is of
 * today: results that came late, a status that changed since. Fault `jobs/no-run` before the first run, `jobs/no-look-back`
 * where the period had not begun on that day.
 */
export async function lookBack(context: RunContext, progress: Progress): Promise<readonly LookBack[]> {
  const { store, clock } = context
  const run = await readPublishedRun(store.session)
  if (run === undefined)
    throw fault('input', 'jobs/no-run', 'No run is published that a year before could be compared with.', {
      remedy: 'Run `caregap evaluate --all` first.',
    })
  const day = lookBackDay(periodOf(run), todayIn(clock, run.timeZone))
  if (day.asOf < day.period.start)
    throw fault('input', 'jobs/no-look-back', `On ${day.asOf} the period had not begun: there is nothing to count.`, {
      remedy: `Evaluate a period that has begun; that of run ${run.runId} begins on ${run.periodStart}.`,
    })
  const copy = copyOf(store.path)
  removeCopy(store.path)
  try {
    const made = await countAsOf(context, { run, day, copy }, progress)
    await storeLookBacks(store.session, made)
    return made
  } finally {
    removeCopy(store.path)
  }
}

const periodOf = ({ periodStart, periodEnd, timeZone }: RunSummary): MeasurementPeriod => ({
  start: periodStart,
  end: periodEnd,
  timeZone,
})

const dayMs = 86_400_000

/** Counts anew where the newest run has nothing of the last seven days to be compared with, and the configuration asks for it. */
export async function keepLookBack(application: Application): Promise<void> {
  const { store, config, clock } = application
  const run = config.lookBack ? await readPublishedRun(store.session) : undefined
  if (run === undefined) return
  const { asOf, period } = lookBackDay(periodOf(run), todayIn(clock, run.timeZone))
  const known = await readLookBacks(store.session, { periodStart: period.start, periodEnd: period.end })
  const isNew = known.some((one) => Math.abs(Date.parse(one.asOf) - Date.parse(asOf)) < 7 * dayMs)
  if (!isNew && asOf >= period.start) await application.lookBack(silentProgress)
}

/** Beside the database, for it holds the same: what keeps one safe keeps the other. */
const copyOf = (path: string): string =>
  path === ':memory:' ? join(tmpdir(), `caregap-look-back-${process.pid}.duckdb`) : `${path}.look-back`

/** Removes what a look back left that was killed. */
export function removeCopy(path: string): void {
  const copy = copyOf(path)
  for (const file of [copy, `${copy}.wal`, `${copy}.tmp`]) rmSync(file, { recursive: true, force: true })
}

async function countAsOf(
  context: RunContext,
  { run, day, copy }: { readonly run: RunSummary; readonly day: LookBackDay; readonly copy: string },
  progress: Progress,
): Promise<readonly LookBack[]> {
  const { store, clock } = context
  const { asOf, period } = day
  const empty = await openStore({ path: copy })
  empty.close()
  const copying = progress.stage('copy facts of then')
  const later = await copyKnownFacts(store.session, copy, endOf(asOf, period.timeZone))
  copying.done(`${later} facts are of later days and left out`)
  const measured = new Set((await readRunMeasures(store.session, run.runId)).map(({ measureId }) => measureId))
  const measures = context.content.measures.filter(({ id }) => measured.has(id))
  const then = await openStore({ path: copy })
  try {
    // Noon of that day, so that it is that day in nearly every zone.
    const own = { ...context, store: then, clock: fixedClock(`${asOf}T12:00:00Z`), content: { measures, refused: [] } }
    const runId = await evaluateRun(own, { period, full: true }, progress)
    const counts = await readScorecardCounts(then.session, runId)
    const hashes = new Map(measures.map(({ id, contentHash }) => [id, contentHash]))
    const about = { asOf, periodStart: period.start, periodEnd: period.end, timeZone: period.timeZone }
    const madeAt = clock.now().toISOString()
    return counts.map((row) => ({ ...about, counts: row, contentHash: hashes.get(row.measureId) ?? '', madeAt }))
  } finally {
    then.close()
  }
}

function endOf(day: string, timeZone: string): LastMoment {
  const { wall, offset } = momentOfDay(day, 'end', timeZone)
  return { day, endMs: wall - offset * 60_000 }
}
