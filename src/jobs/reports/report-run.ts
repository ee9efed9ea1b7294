import { fault } from '../../base/index.ts'
import type { InstalledMeasure } from '../../content/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { findMeasureRun, type MeasureRun } from '../../store/index.ts'
import type { Application } from '../application.ts'

/** Which measure over which days. */
export interface MeasureAsked {
  readonly measure: InstalledMeasure
  readonly period: MeasurementPeriod
}

/**
 * The run that a population's report is made of: the newest of exactly that period. Faults (input): `jobs/no-run`, and
 * `jobs/measure-changed` where the measure or its value sets are no longer those of the run.
 */
export async function runOfReport({ store }: Application, { measure, period }: MeasureAsked): Promise<MeasureRun> {
  const run = await findMeasureRun(store.session, measure.id, period)
  const command = `caregap evaluate --measure ${measure.id} --period ${period.start}..${period.end}`
  const remedy = `Run \`${command}\`, or ask with \`Prefer: respond-async\`.`
  if (run === undefined) {
    throw fault('input', 'jobs/no-run', `No finished run has this measure from ${period.start} to ${period.end}.`, {
      remedy,
    })
  }
  if (run.contentHash === measure.contentHash) return run
  throw fault(
    'input',
    'jobs/measure-changed',
    'The measure or its value sets changed since the last run of this period.',
    { remedy },
  )
}
