import { Library, PatientContext } from 'cql-execution'
import { invariant } from '../base/index.ts'
import type { LibraryClosure } from '../elm/index.ts'
import { prepareElm } from './prepare-elm.ts'
import { repairLibrary } from './repair-library.ts'

/**
 * A closure built for cql-execution. Each library is built once, however many include it (cql-execution's own
 * Repository builds it anew for each).
 */
export function buildLibrary(closure: LibraryClosure, trace: boolean): Library {
  const built = new Map<string, Library>()
  const manager = {
    resolve(path: string, version?: string): Library {
      const id = path.split('/').at(-1) ?? path
      const found = closure.libraries.find(
        ({ identifier }) => identifier.id === id && (version === undefined || identifier.version === version),
      )
      invariant(found !== undefined, `a closure holds every library that it includes (${path})`)
      const key = `${id}|${found.identifier.version ?? ''}`
      const library = built.get(key) ?? new Library({ library: prepareElm(found, trace) }, manager)
      built.set(key, library)
      return library
    },
  }
  const library = manager.resolve(closure.main.identifier.id, closure.main.identifier.version)
  for (const one of built.values()) repairLibrary(one)
  return library
}

/**
 * The context of one evaluation. A library has one context in it, however many include it, so that a shared
 * define is evaluated once (cql-execution's own context makes one for each path of includes).
 */
export class SharedContext extends PatientContext {
  #shared = new Map<Library, SharedContext>()

  /** The context of an included library by its local name. */
  override getLibraryContext(name: string): SharedContext {
    const library = this.get(name) as Library
    let context = this.#shared.get(library)
    if (context === undefined) {
      context = new SharedContext(
        library,
        this.patient,
        this.codeService,
        this.parameters as Record<string, unknown>,
        this.executionDateTime,
        this.messageListener,
      )
      context.#shared = this.#shared
      this.#shared.set(library, context)
    }
    return context
  }

  /** This context and those of the libraries that were needed, by library name. */
  get all(): ReadonlyMap<string, SharedContext> {
    return new Map([this, ...this.#shared.values()].map((context) => [context.library.name ?? '', context]))
  }
}
