import type { InstalledMeasure } from '../content/index.ts'
import { logicOf } from './logic.ts'
import { nodesIn, reachableDefines } from './reach.ts'

/**
 * The FHIR resource types that a measure's populations retrieve, through every library and function that they
 * read; sorted, with Patient always among them. What only supplemental data reads is left out.
 */
export function retrievedTypes(measure: InstalledMeasure): readonly string[] {
  const logic = logicOf(measure)
  const populations = measure.groups.flatMap((group) => group.populations)
  const reached = populations.flatMap(({ define }) => reachableDefines(logic, { library: logic.main, define }))
  const retrieves = reached.flatMap((name) =>
    logic
      .bodies(name)
      .flatMap(nodesIn)
      .filter((node) => node.type === 'Retrieve'),
  )
  const types = retrieves.map((node) => String(node['dataType']).replace(/^\{[^}]*\}/, ''))
  return [...new Set(['Patient', ...types])].sort()
}
