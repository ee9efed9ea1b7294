import type { PopulationTotals } from '../measure/index.ts'

/** Members of each population of one group; a population that the group lacks is absent. */
export interface GroupCounts {
  readonly groupId: string
  readonly populations: PopulationTotals
}
