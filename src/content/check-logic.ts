import type { Diagnostic } from '../base/index.ts'
import {
  type DeclaredValueSet,
  type ElmLibrary,
  guardLibraries,
  type LibraryClosure,
  reachableValueSets,
} from '../elm/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { MeasureGroup } from './measure.ts'
import { supplementalDataOf } from './supplemental-data.ts'

/**
 * What a measure's logic lacks: a define or function that the Measure names, a value set that they read, an operator
 * that no engine knows. A value set that was accepted although it is not whole is a warning.
 */
export function checkLogic(
  closure: LibraryClosure,
  groups: readonly MeasureGroup[],
  phrases: readonly string[],
  valueSets: ValueSets,
): readonly Diagnostic[] {
  const criteria = criteriaOf(groups)
  const wanted = [...criteria, ...phrases, ...functionsOf(groups)].filter((name) => holds(closure.main, name))
  return [
    ...checkCriteria(closure, groups),
    ...phrases.flatMap((define) => missingDefine(closure, define, 'A phrase names')),
    ...reachableValueSets(closure, wanted).flatMap((set) => checkValueSet(set, valueSets)),
    ...guardLibraries(closure, wanted),
  ]
}

/** Criteria that name no define, or one whose values the group's basis cannot count; observations that name no function. */
export function checkCriteria(closure: LibraryClosure, groups: readonly MeasureGroup[]): readonly Diagnostic[] {
  return [
    ...criteriaOf(groups).flatMap((define) => missingDefine(closure, define, 'The Measure names')),
    ...functionsOf(groups).flatMap((name) => missingFunction(closure, name)),
    ...groups.flatMap((group) => wrongBasis(closure, group)),
  ]
}

/** By the types that the translator found; where it found none, the evaluation says so of each person. */
function wrongBasis(closure: LibraryClosure, { id, basis, populations }: MeasureGroup): readonly Diagnostic[] {
  return populations.flatMap(({ code, define }) => {
    const found = closure.main.statements?.def.find(({ name, type }) => name === define && type !== 'FunctionDef')
    const isTruth = (found?.resultTypeName ?? found?.expression?.resultTypeName) === booleanType
    const given = found?.resultTypeSpecifier ?? found?.expression?.resultTypeSpecifier
    const isList = isObject(given) && given['type'] === 'ListTypeSpecifier'
    if (basis === 'boolean' ? !isList : !isTruth) return []
    const wants = basis === 'boolean' ? 'a truth' : `a list of ${basis}`
    const message = `The ${code} of group ${id} counts by ${basis}: "${define}" must give ${wants}, and gives ${isList ? 'a list' : 'a truth'}.`
    const place = { library: closure.main.identifier.id, define }
    const remedy = 'Correct the population basis of the Measure, or its criterion.'
    return [{ code: 'content/wrong-basis', severity: 'error', message, place, remedy }]
  })
}

const booleanType = '{urn:hl7-org:elm-types:r1}Boolean'

/** Supplemental data that name no define: a warning, for they decide no result. */
export function checkSupplement(closure: LibraryClosure, resource: Resource): readonly Diagnostic[] {
  return supplementalDataOf(resource)
    .filter(({ define }) => !defines(closure.main, define))
    .map(({ id, define }) => ({
      ...missing(
        closure,
        define,
        `The supplemental datum ${id} names "${define}", which the library does not define: reports are without it.`,
        'Correct the name in the Measure, or define it.',
      ),
      severity: 'warning',
    }))
}

const functionsOf = (groups: readonly MeasureGroup[]): readonly string[] =>
  groups.flatMap((group) => (group.observations ?? []).map(({ define }) => define))

function criteriaOf(groups: readonly MeasureGroup[]): readonly string[] {
  return groups.flatMap((group) => [
    ...group.populations.map((population) => population.define),
    ...(group.stratifiers ?? []).flatMap((stratifier) => stratifier.criteria.map(({ define }) => define)),
  ])
}

/** A define is named bare where the main library has it, and as `Library.Define` elsewhere. */
function missingDefine(closure: LibraryClosure, name: string, who: string): readonly Diagnostic[] {
  const elsewhere = closure.libraries.some((library) => defines(library, name, `${library.identifier.id}.`))
  if (defines(closure.main, name) || elsewhere) return []
  const message = `${who} "${name}", which the library does not define.`
  return [missing(closure, name, message, 'Correct the name in the Measure, or define it.')]
}

function missingFunction(closure: LibraryClosure, name: string): readonly Diagnostic[] {
  if (holds(closure.main, name)) return []
  const message = `An observation names "${name}", which the library does not define.`
  return [missing(closure, name, message, 'Correct the name in the Measure, or define the function.')]
}

function missing(closure: LibraryClosure, define: string, message: string, remedy: string): Diagnostic {
  const place = { library: closure.main.identifier.id, define }
  return { code: 'content/missing-define', severity: 'error', message, place, remedy }
}

/** The library has a define or function of that name. */
const holds = (library: ElmLibrary, name: string): boolean =>
  library.statements?.def.some((statement) => statement.name === name) ?? false

function defines(library: ElmLibrary, name: string, prefix = ''): boolean {
  const statements = (library.statements?.def ?? []).filter((statement) => statement.type !== 'FunctionDef')
  return statements.some((statement) => `${prefix}${statement.name}` === name)
}

function checkValueSet(set: DeclaredValueSet, valueSets: ValueSets): readonly Diagnostic[] {
  const canonical = set.version === undefined ? set.url : `${set.url}|${set.version}`
  const found = valueSets.find(canonical)
  const place = { library: set.library }
  if (found?.flaw !== undefined) {
    const message = `Value set "${set.name}" (${canonical}) was accepted although it is not whole: ${found.flaw}`
    return [{ code: 'content/accepted-value-set', severity: 'warning', message, place }]
  }
  if (found !== undefined) return []
  return [
    {
      code: 'content/missing-value-set',
      severity: 'error',
      message: `Value set "${set.name}" (${canonical}) is not at hand, empty or cut.`,
      place,
      remedy: 'Load its whole expansion, or accept it by name (configuration keys "terminology", "acceptedValueSets").',
    },
  ]
}
