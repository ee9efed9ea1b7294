import { formatLibraryName, type LibraryClosure } from '../../elm/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import type { Package } from './packaged.ts'
import type { PackagedValueSets } from './packaged-value-sets.ts'
import type { Shelf } from './shelf.ts'

/** Something that a package needs. `foundIn`: the package that has it, or `caregap`; absent where nothing has it. */
export interface Dependency {
  readonly kind: 'Library' | 'Model' | 'ValueSet'
  /** Name and version as the logic writes them, or the canonical of a value set. */
  readonly name: string
  /** The library that needs it. */
  readonly neededBy: string
  readonly foundIn?: string
}

/** Name and version of a package, as people write them. */
export const labelOf = ({ name, version }: Package): string => `${name}|${version}`

/** What the heads of a package's CQL ask for: libraries and models, each once. */
export function logicDependencies(shelf: Shelf, asking: Package): readonly Dependency[] {
  const libraries = shelf.libraries(asking)
  const models = shelf.models(asking)
  const found = new Map<string, Dependency>()
  const need = (dependency: Dependency) => {
    const key = `${dependency.kind} ${dependency.name}`
    if (!found.has(key)) found.set(key, dependency)
  }
  for (const { cql, name } of libraries.filter(({ owner }) => owner === asking)) {
    for (const include of cql?.header.includes ?? []) {
      const holder = libraries.find(
        (one) => one.name === include.name && (include.version === undefined || one.version === include.version),
      )
      need({
        kind: 'Library',
        name: formatLibraryName(include),
        neededBy: name,
        ...foundIn(holder && labelOf(holder.owner)),
      })
    }
    for (const using of (cql?.header.usings ?? []).filter((one) => one.name !== 'System')) {
      const isOwn = using.name === 'FHIR' && (using.version ?? '4.0.1') === '4.0.1'
      const isPresent = models.some((one) => one.name === using.name && (using.version ?? one.version) === one.version)
      const holder = isOwn ? 'caregap' : isPresent ? modelHolder(shelf, asking, using.name) : undefined
      need({ kind: 'Model', name: formatLibraryName(using), neededBy: name, ...foundIn(holder) })
    }
  }
  return [...found.values()]
}

const foundIn = (holder: string | undefined) => (holder === undefined ? {} : { foundIn: holder })

function modelHolder(shelf: Shelf, asking: Package, name: string): string {
  const packaged = shelf.resources(asking, 'ModelInfo').find(({ resource }) => resource.name === name)
  return packaged === undefined ? 'the configuration' : labelOf(packaged.owner)
}

/** The value sets that a closure declares, each once. */
export function valueSetDependencies(
  closure: LibraryClosure,
  asking: Package,
  packaged: PackagedValueSets,
  outer: ValueSets,
): readonly Dependency[] {
  const found = new Map<string, Dependency>()
  for (const library of closure.libraries) {
    for (const set of library.valueSets?.def ?? []) {
      const name = set.version === undefined ? set.id : `${set.id}|${set.version}`
      const isPackaged = packaged.find(asking, name) !== undefined
      const holder = isPackaged ? 'packages' : outer.find(name) === undefined ? undefined : 'caregap'
      found.set(name, { kind: 'ValueSet', name, neededBy: library.identifier.id, ...foundIn(holder) })
    }
  }
  return [...found.values()]
}
