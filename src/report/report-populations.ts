import type { InstalledMeasure, MeasureGroup, PopulationCode } from '../content/index.ts'
import type { GroupCounts } from './counts.ts'
import type { PopulationDetail } from './report-context.ts'
import { echoOf, writtenPopulations } from './written-measure.ts'

const populationSystem = 'http://terminology.hl7.org/CodeSystem/measure-population'

/**
 * The populations of a group, or of one of its strata, in the Measure's order with its ids and codes. Every one has a
 * count (deqm-8); that of an observation is the number of values observed.
 */
export function reportPopulations(
  measure: InstalledMeasure,
  group: MeasureGroup,
  counts: Pick<GroupCounts, 'populations' | 'byId' | 'observed'>,
  reportPath: string,
  detail: (groupId: string, code: PopulationCode) => ReturnType<PopulationDetail>,
): readonly object[] {
  return writtenPopulations(measure, group).flatMap((one) => {
    const head = echoOf(one.written, 'group.population', reportPath)
    if ('observation' in one) {
      const values = counts.observed?.[one.observation.id]
      if (values === undefined) return []
      const code = codeOf(one.written, 'measure-observation')
      return [{ ...head, code, count: values.length, ...detail(group.id, one.observation.population) }]
    }
    const { id, code } = one.population
    const count = (id === undefined ? undefined : counts.byId?.[id]) ?? counts.populations[code] ?? 0
    return [
      {
        ...head,
        ...(id === undefined ? {} : { id }),
        code: codeOf(one.written, code),
        count,
        ...detail(group.id, code),
      },
    ]
  })
}

const codeOf = (written: Readonly<Record<string, unknown>>, code: string) =>
  written['code'] ?? { coding: [{ system: populationSystem, code }] }
