import type { RequestScope } from '../access/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Application } from '../jobs/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'

/** One request for a report: which measure, which days, and in whose name. */
export interface Evaluation {
  readonly application: Application
  readonly measure: InstalledMeasure
  readonly period: MeasurementPeriod
  readonly scope: RequestScope
}

/** The organization that reports name as their reporter. */
export const reporterName = 'caregap'
