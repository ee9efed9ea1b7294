import type { Diagnostic } from '../../base/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { checkCriteria } from '../check-logic.ts'
import { isComposite } from '../composite-measure.ts'
import { matchCriteria } from '../criteria-names.ts'
import { readGroups } from '../measure-groups.ts'
import { measureResource } from '../measure-resource.ts'
import { type Dependency, logicDependencies, valueSetDependencies } from './dependencies.ts'
import { compareElm } from './elm-difference.ts'
import { findLibrary, libraryLogic } from './package-logic.ts'
import type { Package } from './packaged.ts'
import type { PackagedValueSets } from './packaged-value-sets.ts'
import type { Shelf, ShelvedLibrary } from './shelf.ts'

/** What a package needs, and all that was found wrong with it. */
export interface CheckedPackage {
  readonly dependencies: readonly Dependency[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface CheckOptions {
  readonly shelf: Shelf
  readonly valueSets: PackagedValueSets
  /** Value sets beside those of packages: shipped ones and the configuration's. */
  readonly outer: ValueSets
  readonly cacheDir?: string
}

/**
 * Reads a package's libraries and value sets, resolves what they need, and makes ELM of all of its CQL, which is then
 * compared with the ELM that came along. Errors are faults of the package; what it needs and nobody has is a
 * warning, for it may be added later.
 */
export async function checkPackage(asking: Package, options: CheckOptions): Promise<CheckedPackage> {
  const { shelf, valueSets } = options
  const own = shelf.libraries(asking).filter(({ owner }) => owner === asking)
  const read = shelf.libraryFaults(asking)
  const logic = logicDependencies(shelf, asking)
  const lacks = logic.some(({ foundIn }) => foundIn === undefined)
  const isFaulty = read.some(({ severity }) => severity === 'error')
  const closures = lacks || isFaulty ? { closures: [], diagnostics: [] } : await closuresOf(own, asking, options)
  const declared = closures.closures.flatMap((closure) =>
    valueSetDependencies(closure, asking, valueSets, options.outer),
  )
  const dependencies = [...new Map([...logic, ...declared].map((one) => [`${one.kind} ${one.name}`, one])).values()]
  return {
    dependencies,
    diagnostics: [
      ...read,
      ...closures.diagnostics,
      ...measureFaults(asking, shelf, closures.closures).map(asWarning),
      ...valueSets.diagnosticsOf(asking).map(asWarning),
      ...dependencies.filter(({ foundIn }) => foundIn === undefined).map(missing),
    ],
  }
}

/**
 * Measures whose criteria their logic cannot answer: told when the package is added, and refused when they are to run, each alone.
 * Of a measure whose logic is another package's, or lacks something, nothing can be told yet.
 */
function measureFaults(asking: Package, shelf: Shelf, closures: readonly LibraryClosure[]): readonly Diagnostic[] {
  return asking.resources.flatMap(({ type, body, file }) => {
    const parsed = measureResource.safeParse(JSON.parse(type === 'Measure' ? body : '{}'))
    const [canonical = ''] = parsed.data?.library ?? []
    const library = findLibrary(shelf, asking, canonical)
    if (!parsed.success || isComposite(parsed.data) || !library.ok) return []
    const { name, version } = library.value
    const logic = closures.find(({ main: { identifier } }) => identifier.id === name && identifier.version === version)
    if (logic === undefined) return []
    const { value, diagnostics } = readGroups(parsed.data)
    const { groups } = matchCriteria(value, logic.main)
    return [...diagnostics, ...checkCriteria(logic, groups)].map((one) => ({ ...one, place: { file, ...one.place } }))
  })
}

/** A value set that is not whole stops the measures that read it, not the package that holds it. */
const asWarning = (diagnostic: Diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' })

function missing({ kind, name, neededBy }: Dependency): Diagnostic {
  return {
    code: 'content/missing-dependency',
    severity: 'warning',
    message: `${kind} ${name} is not at hand.`,
    place: { library: neededBy },
    remedy: 'Add the package that holds it; until then measures that need it are refused.',
  }
}

/** The closures of the libraries that no other library of the package includes; each library is in one of them. */
async function closuresOf(own: readonly ShelvedLibrary[], asking: Package, options: CheckOptions) {
  const included = new Set(own.flatMap(({ cql }) => (cql?.header.includes ?? []).map(({ name }) => name)))
  const roots = own.filter(({ name }) => !included.has(name))
  const closures: LibraryClosure[] = []
  const diagnostics: Diagnostic[] = []
  // Where every library is included by another, they go in a circle: each is tried, and says so.
  for (const library of roots.length === 0 ? own : roots) {
    const logic = await libraryLogic(options.shelf, asking, library, options.cacheDir)
    diagnostics.push(...logic.diagnostics)
    if (logic.ok) closures.push(logic.value)
  }
  const differences = own.flatMap((library) => differenceOf(library, closures))
  return { closures, diagnostics: [...distinct(diagnostics), ...differences] }
}

/** Shared libraries give the same warnings in each closure. */
const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values(),
]

function differenceOf(library: ShelvedLibrary, closures: readonly LibraryClosure[]): readonly Diagnostic[] {
  const { cql, elm, name, version } = library
  if (cql === undefined || elm === undefined || elm.identifier.version !== version) return []
  const made = closures
    .flatMap((closure) => closure.libraries)
    .find(({ identifier }) => identifier.id === name && identifier.version === version)
  return made === undefined ? [] : compareElm(made, elm, cql.file ?? name)
}
