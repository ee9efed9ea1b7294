import type { Diagnostic } from '../base/index.ts'
import type { InstalledMeasure, PopulationCode } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'

/** What every report of a measure says of itself. */
export interface ReportContext {
  readonly measure: InstalledMeasure
  readonly period: MeasurementPeriod
  /** When the results were computed; an instant in ISO form. */
  readonly date: string
  /** The organization that reports: its name, or the Organization itself. */
  readonly reporter: string | Resource
  /** The id of the report, where it can be read again under it. */
  readonly id?: string
  /** What limits whom a report counts (subject, practitioner), where its profile has no element for it. */
  readonly parameters?: Readonly<Record<string, string>>
  /** What must be known beside the numbers. */
  readonly remarks?: readonly Diagnostic[]
}

export type ReportType = 'individual' | 'subject-list' | 'summary'

/** Adds to a population, or to its part in a stratum, what only some kinds of report say of it. */
export type PopulationDetail = (
  groupId: string,
  code: PopulationCode,
  stratum?: string,
) => Readonly<Record<string, unknown>>
