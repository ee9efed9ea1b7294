import type { Diagnostic } from '../../base/index.ts'
import { type CqlSource, type ModelInfo, modelInfoOf } from '../../elm/index.ts'
import { type LibraryParts, readLibraryParts } from './library-parts.ts'
import { type Package, type PackageResource, type PackageType } from './packaged.ts'

/** A library of a package, and which package holds it. */
export interface ShelvedLibrary extends LibraryParts {
  readonly url: string
  readonly owner: Package
}

/** A resource, and the package that holds it. */
export interface Shelved {
  readonly resource: PackageResource
  readonly owner: Package
}

/**
 * All packages, in the order in which they were added, and what one of them finds when it asks for something: its own
 * first, then that of the package which was added last. So each package keeps what it was published with.
 */
export class Shelf {
  readonly packages: readonly Package[]
  readonly #models: readonly ModelInfo[]
  readonly #found = new Map<Package, Map<PackageType, readonly Shelved[]>>()
  readonly #parts = new Map<string, LibraryParts>()
  readonly #packagedModels = new Map<string, ModelInfo>()

  /** `models`: model infos of the configuration, found after those of packages. */
  constructor(packages: readonly Package[], models: readonly ModelInfo[]) {
    this.packages = packages
    this.#models = models
  }

  /** Resources of a type as a package finds them: its own first, then the newest package's. */
  resources(asking: Package, type: PackageType): readonly Shelved[] {
    const known = this.#found.get(asking) ?? new Map<PackageType, readonly Shelved[]>()
    this.#found.set(asking, known)
    const found = known.get(type) ?? this.#inOrder(asking, type)
    known.set(type, found)
    return found
  }

  #inOrder(asking: Package, type: PackageType): readonly Shelved[] {
    const others = this.packages.filter((one) => one !== asking).toReversed()
    return [asking, ...others].flatMap((owner) =>
      owner.resources.filter((resource) => resource.type === type).map((resource) => ({ resource, owner })),
    )
  }

  /** What is wrong with the libraries of a package. */
  libraryFaults(owner: Package): readonly Diagnostic[] {
    return owner.resources
      .filter(({ type }) => type === 'Library')
      .flatMap((resource) => this.#partsOf(resource).diagnostics)
  }

  /**
   * Every library that holds logic as a package finds it, one for each name and version that CQL knows it by. Others
   * (a model definition, a list of data requirements) are none.
   */
  libraries(asking: Package): readonly ShelvedLibrary[] {
    const found = new Map<string, ShelvedLibrary>()
    for (const { resource, owner } of this.resources(asking, 'Library')) {
      const parts = this.#partsOf(resource)
      const key = `${parts.name}|${parts.version ?? ''}`
      const isLogic = parts.cql !== undefined || parts.elm !== undefined
      if (isLogic && !found.has(key)) found.set(key, { ...parts, url: resource.url, owner })
    }
    return [...found.values()]
  }

  sources(asking: Package): readonly CqlSource[] {
    return this.libraries(asking).flatMap(({ cql }) => cql ?? [])
  }

  models(asking: Package): readonly ModelInfo[] {
    const packaged = this.resources(asking, 'ModelInfo').map(({ resource }) => this.#modelOf(resource))
    const found = new Map<string, ModelInfo>()
    for (const model of [...packaged, ...this.#models]) {
      const key = `${model.name}|${model.version}`
      if (!found.has(key) && key !== 'FHIR|4.0.1') found.set(key, model)
    }
    return [...found.values()]
  }

  #modelOf(resource: PackageResource): ModelInfo {
    const model = this.#packagedModels.get(resource.sha256) ?? modelInfoOf(resource.body, resource.file)
    this.#packagedModels.set(resource.sha256, model)
    return model
  }

  /** Decoding megabytes of ELM is done once for each content. */
  #partsOf(resource: PackageResource): LibraryParts {
    const parts = this.#parts.get(resource.sha256) ?? readLibraryParts(resource)
    this.#parts.set(resource.sha256, parts)
    return parts
  }
}
