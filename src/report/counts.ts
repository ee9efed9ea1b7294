import type { ObservedValues, PopulationTotals } from '../measure/index.ts'

/** Members of each population of one group; a population that the group lacks is absent. */
export interface GroupCounts {
  readonly groupId: string
  readonly populations: PopulationTotals
  /** Members by population id, where the group has several populations of one code (two initial populations). */
  readonly byId?: Readonly<Record<string, number>>
  /** Values by the observation's id. */
  readonly observed?: ObservedValues
  /** Absent where the group has no stratifiers. */
  readonly strata?: readonly StratumTotals[]
}

/** What lies in one stratum. `key` is the stratifier's id, or `id=value` where values make the strata. */
export interface StratumTotals {
  readonly key: string
  readonly populations: PopulationTotals
  /** Absent where it is not known which observations lie in the stratum. */
  readonly observed?: ObservedValues
}
