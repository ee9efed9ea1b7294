import type { InstalledMeasure, MeasureGroup, MeasureStratifier } from '../content/index.ts'
import { scoreGroup } from '../measure/index.ts'
import type { StratumTotals } from './counts.ts'
import type { PopulationDetail } from './report-context.ts'
import { reportPopulations } from './report-populations.ts'
import { scoreQuantity } from './score-quantity.ts'
import { echoOf, listOf, type Written, writtenGroup } from './written-measure.ts'

/** The stratifiers of a group with their strata, as the Measure writes them. */
export function reportStratifiers(
  measure: InstalledMeasure,
  group: MeasureGroup,
  strata: readonly StratumTotals[],
  detail: PopulationDetail,
): readonly object[] {
  const written = listOf(writtenGroup(measure, group)['stratifier'])
  return (group.stratifiers ?? []).map((stratifier, index) => {
    const element = written[index] ?? {}
    const own = strata.filter(({ key }) => isOf(stratifier, key))
    const components = listOf(element['component'])
    const stratum = own.map((one) => ({
      ...valueOf(stratifier, components, one.key),
      population: reportPopulations(measure, group, one, 'group.stratifier.stratum.population', (id, code) =>
        detail(id, code, one.key),
      ),
      ...scoreQuantity(scoreGroup(group, one.populations, one.observed)),
    }))
    return {
      ...echoOf(element, 'group.stratifier'),
      // DEQM asks for the code of the stratifier, or of its components (deqm-7): where the Measure gives none, its words.
      ...(components.length > 0 && stratum.length > 0
        ? {}
        : { code: [element['code'] ?? wordsOf(element, stratifier)] }),
      ...(stratum.length === 0 ? {} : { stratum }),
    }
  })
}

const isOf = ({ id }: MeasureStratifier, key: string): boolean => key === id || key.startsWith(`${id}=`)

function wordsOf(element: Written, { id, criteria }: MeasureStratifier) {
  const description = element['description']
  return { text: typeof description === 'string' && description !== '' ? description : (criteria[0]?.define ?? id) }
}

/** A stratum's value, or a value for each component. A criterion that holds is the value `true`. */
function valueOf({ id, criteria }: MeasureStratifier, components: readonly Written[], key: string) {
  const text = key === id ? undefined : key.slice(id.length + 1)
  if (components.length === 0) return { value: { text: text ?? 'true' } }
  const values = valuesOf(
    criteria.map(({ name }) => name),
    text,
  )
  return {
    component: criteria.map(({ name }, index) => {
      const written = components[index] ?? {}
      return {
        ...echoOf(written, 'group.stratifier.component', 'group.stratifier.stratum.component'),
        code: written['code'] ?? { text: name },
        value: { text: values[index] ?? 'true' },
      }
    }),
  }
}

/** The values of `first:a,second:b`, where a value may hold a comma itself. */
function valuesOf(names: readonly string[], text: string | undefined): readonly string[] {
  if (text === undefined) return []
  let rest = text
  return names.map((name, index) => {
    const next = names[index + 1]
    const end = next === undefined ? rest.length : rest.indexOf(`,${next}:`)
    const part = rest.slice(name.length + 1, end)
    rest = rest.slice(end + 1)
    return part
  })
}
