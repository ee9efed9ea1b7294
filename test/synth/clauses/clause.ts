import type { Evidence } from '../evidence.ts'

/** One leaf of a measure's published logic: true or false of a person. */
export interface Clause {
  /** Numbers of the CMS measures that have it. */
  readonly measures: string
  readonly says: string
  readonly holds: (person: Evidence) => boolean
}

export const clause = (measures: string, says: string, holds: Clause['holds']): Clause => ({ measures, says, holds })
