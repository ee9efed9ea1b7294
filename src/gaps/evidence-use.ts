import type { InstalledMeasure, PopulationCode } from '../content/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import { logicOf } from './logic.ts'
import { reachableDefines } from './reach.ts'

/** A resource that a define read by a population's logic held. */
export interface EvidenceUse {
  readonly groupId: string
  readonly code: PopulationCode
  readonly rid: string
}

/** For each population the resources that its logic held, through every define that it reads. */
export function evidenceByPopulation(measure: InstalledMeasure, evaluation: PersonEvaluation): readonly EvidenceUse[] {
  const logic = logicOf(measure)
  return measure.groups.flatMap((group) =>
    group.populations.flatMap((population) => {
      const reached = reachableDefines(logic, { library: logic.main, define: population.define })
      const names = new Set(reached.filter(({ library }) => library === logic.main).map(({ define }) => define))
      const held = evaluation.evidence.filter(({ define }) => names.has(logic.defines[define] ?? ''))
      const rids = new Set(held.map(({ rid }) => rid))
      return [...rids].map((rid) => ({ groupId: group.id, code: population.code, rid }))
    }),
  )
}
