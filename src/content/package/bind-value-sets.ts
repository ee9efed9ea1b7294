import { contentHash } from '../../base/index.ts'
import type { ElmLibrary, LibraryClosure } from '../../elm/index.ts'
import type { Package } from './packaged.ts'
import { type PackagedValueSets, pinOf } from './packaged-value-sets.ts'

/**
 * A closure whose value sets are bound to the expansions that its package means, by version and hash: so two years of a
 * measure, each with its own expansion of one url, run side by side. Sets that no package has stay as they are.
 */
export function bindValueSets(closure: LibraryClosure, asking: Package, valueSets: PackagedValueSets): LibraryClosure {
  const pins = new Map<string, string>()
  const pinFor = (canonical: string): string | undefined => {
    const found = valueSets.find(asking, canonical)
    if (found !== undefined) pins.set(canonical, pinOf(found))
    return pins.get(canonical)
  }
  const bind = (library: ElmLibrary): ElmLibrary => {
    if (library.valueSets === undefined) return library
    const def = library.valueSets.def.map((set) => {
      const version = pinFor(set.version === undefined ? set.id : `${set.id}|${set.version}`)
      return version === undefined ? set : { ...set, version }
    })
    return { ...library, valueSets: { ...library.valueSets, def } }
  }
  const bound = new Map(closure.libraries.map((library) => [library, bind(library)]))
  return {
    main: bound.get(closure.main) ?? bind(closure.main),
    libraries: [...bound.values()],
    cql: closure.cql,
    hash: contentHash(closure.hash, ...[...pins].flat()),
  }
}
