import { type Diagnostic, failure, type Result } from '../../base/index.ts'
import { formatLibraryName, type LibraryClosure, linkElm, translate } from '../../elm/index.ts'
import type { Package } from './packaged.ts'
import type { Shelf, ShelvedLibrary } from './shelf.ts'

/**
 * The logic of a library of a package, by name and version as CQL knows it. ELM is made anew from the CQL, with result
 * types; where the library came as ELM alone, that is linked as it is. Failure: those of `translate` and `linkElm`.
 */
export function libraryLogic(
  shelf: Shelf,
  asking: Package,
  library: ShelvedLibrary,
  cacheDir?: string,
): Promise<Result<LibraryClosure>> {
  const { name, version } = library
  if (library.cql === undefined) {
    const elm = shelf.libraries(asking).flatMap((one) => one.elm ?? [])
    return Promise.resolve(linkElm({ name, ...(version === undefined ? {} : { version }) }, elm))
  }
  return translate({
    name,
    ...(version === undefined ? {} : { version }),
    sources: shelf.sources(asking),
    models: shelf.models(asking),
    ...(cacheDir === undefined ? {} : { cacheDir }),
  })
}

/**
 * The library that a Measure's canonical means: the package's own, or that of the package which was added last.
 * Errors: there is none; the package has two versions and none is asked for.
 */
export function findLibrary(shelf: Shelf, asking: Package, canonical: string): Result<ShelvedLibrary> {
  const [url = '', version] = canonical.split('|')
  const named = shelf.libraries(asking).filter((library) => library.url === url)
  const matching = named.filter((library) => version === undefined || library.version === version)
  const own = matching.filter((library) => library.owner === asking)
  const [first] = own.length > 0 ? own : matching
  if (first === undefined) {
    const present = named.map(formatLibraryName)
    const message = `Library ${canonical} is not there${present.length === 0 ? '' : `; at hand: ${present.join(', ')}`}.`
    return failure(libraryFault('missing-library', message, 'Add the package that holds it.'))
  }
  if (own.length > 1) {
    const message = `Library ${canonical} is there in ${own.length} versions: ${own.map(formatLibraryName).join(', ')}.`
    return failure(libraryFault('two-versions', message, 'Name the version in the Measure.'))
  }
  return { ok: true, value: first, diagnostics: [] }
}

/** The logic of a Measure's library canonical. */
export async function measureLogic(
  shelf: Shelf,
  asking: Package,
  canonical: string,
  cacheDir?: string,
): Promise<Result<LibraryClosure>> {
  const library = findLibrary(shelf, asking, canonical)
  return library.ok ? libraryLogic(shelf, asking, library.value, cacheDir) : library
}

function libraryFault(code: string, message: string, remedy: string): Diagnostic {
  return { code: `content/${code}`, severity: 'error', message, place: { element: 'library' }, remedy }
}
