import type { LibraryClosure } from '../elm/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { DataNeed, LogicNeeds } from '../measure/index.ts'

const libraryType = 'http://terminology.hl7.org/CodeSystem/library-type'

/** What the requirements are of. */
export interface RequirementsOf {
  /** Canonical of the Measure or Library. */
  readonly canonical: string
  readonly title: string
  readonly closure: LibraryClosure
  /** Canonicals of the libraries by name, where a Measure or package says them. */
  readonly valueSets: readonly string[]
  readonly date: string
}

/**
 * What a measure or library reads as a Library of type module-definition (R4): a DataRequirement for each kind of retrieve,
 * with the value sets or codes that narrow it and the elements that the logic reads (mustSupport); the libraries and value
 * sets that it depends on, and its parameters.
 */
export function dataRequirements(of: RequirementsOf, { needs, parameters }: LogicNeeds): Resource {
  const { closure } = of
  const libraries = closure.libraries.map(({ identifier: { id, version } }) => ({
    type: 'depends-on',
    display: `Library ${id}`,
    resource: version === undefined ? `Library/${id}` : `Library/${id}|${version}`,
  }))
  const sets = of.valueSets.map((resource) => ({ type: 'depends-on', display: 'Value set', resource }))
  const parameter = parameters
    .filter(({ name }) => name === 'Measurement Period')
    .map(({ name }) => ({ name, use: 'in', min: 0, max: '1', type: 'Period' }))
  return {
    resourceType: 'Library',
    status: 'active',
    type: { coding: [{ system: libraryType, code: 'module-definition' }] },
    title: `Data requirements of ${of.title}`,
    date: of.date,
    relatedArtifact: [{ type: 'derived-from', resource: of.canonical }, ...libraries, ...sets],
    ...(parameter.length === 0 ? {} : { parameter }),
    dataRequirement: needs.map(requirementOf),
  }
}

function requirementOf({ type, profile, codes, elements }: DataNeed) {
  const filter =
    codes === undefined
      ? {}
      : {
          codeFilter: [
            {
              path: codes.path,
              ...(codes.valueSet === undefined ? { code: codes.codes } : { valueSet: codes.valueSet }),
            },
          ],
        }
  return {
    type,
    profile: [profile ?? `http://hl7.org/fhir/StructureDefinition/${type}`],
    ...(elements.length === 0 ? {} : { mustSupport: elements }),
    ...filter,
  }
}
