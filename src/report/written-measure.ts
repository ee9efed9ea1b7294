import type { InstalledMeasure, MeasureGroup, MeasureObservation, MeasurePopulation } from '../content/index.ts'
import { isObject } from '../fhir/index.ts'
import { elementOfR5, extensionUrls } from './extension-urls.ts'

/** An element of a Measure as it was written. */
export type Written = Readonly<Record<string, unknown>>

export const listOf = (value: unknown): readonly Written[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The group of a Measure as written; an empty element where it is not there. */
export function writtenGroup(measure: InstalledMeasure, group: MeasureGroup): Written {
  const index = measure.groups.findIndex(({ id }) => id === group.id)
  return listOf(measure.resource['group'])[index] ?? {}
}

/** A population as written, with what was read of it. */
export type WrittenPopulation = { readonly written: Written } & (
  | { readonly population: MeasurePopulation }
  | { readonly observation: MeasureObservation }
)

/** The populations of a group in the Measure's order, observations among them. */
export function writtenPopulations(measure: InstalledMeasure, group: MeasureGroup): readonly WrittenPopulation[] {
  const written = listOf(writtenGroup(measure, group)['population'])
  const populations = [...group.populations]
  const observations = [...(group.observations ?? [])]
  const found = written.flatMap((element): readonly WrittenPopulation[] => {
    if (codeOf(element) === 'measure-observation') {
      const observation = observations.shift()
      return observation === undefined ? [] : [{ written: element, observation }]
    }
    const population = populations.shift()
    return population === undefined ? [] : [{ written: element, population }]
  })
  return [...found, ...populations.map((population) => ({ written: {}, population }))]
}

function codeOf(element: Written): string | undefined {
  const concept = element['code']
  const [coding] = isObject(concept) ? listOf(concept['coding']) : []
  return typeof coding?.['code'] === 'string' ? coding['code'] : undefined
}

/**
 * What an element of a report echoes of its element of the Measure: id (only where the Measure gives one), linkId, and
 * the description of groups, populations and stratifiers themselves. `path` is the element's below `Measure.`.
 */
export function echoOf(written: Written, path: string, reportPath = path): Readonly<Record<string, unknown>> {
  const linkId = listOf(written['extension']).find(({ url }) => url === elementOfR5(`Measure.${path}.linkId`))
  const description = path === reportPath ? written['description'] : undefined
  const extension = [
    ...(linkId === undefined ? [] : [{ ...linkId, url: elementOfR5(`MeasureReport.${reportPath}.linkId`) }]),
    ...(typeof description === 'string' && description !== ''
      ? [{ url: extensionUrls.description, valueMarkdown: description }]
      : []),
  ]
  return {
    ...(typeof written['id'] === 'string' ? { id: written['id'] } : {}),
    ...(extension.length === 0 ? {} : { extension }),
  }
}
