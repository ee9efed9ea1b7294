import { type CqlSource, type ModelInfo, modelInfoOf } from '../../elm/index.ts'
import { type LibraryParts, readLibraryParts } from './library-parts.ts'
import { type Package, type PackageResource, type PackageType } from './packaged.ts'

/** A library of a package, and which package holds it. */
export interface ShelvedLibrary extends LibraryParts {
  readonly url: string
  readonly owner: Package
}

/**
 * All packages, in the order in which they were added, and what one of them finds when it asks for something: its own
 * first, then that of the package which was added last. So each package keeps what it was published with.
 */
export class Shelf {
  readonly packages: readonly Package[]
  readonly #models: readonly ModelInfo[]
  readonly #parts = new Map<string, LibraryParts>()

  /** `models`: model infos of the configuration, found after those of packages. */
  constructor(packages: readonly Package[], models: readonly ModelInfo[]) {
    this.packages = packages
    this.#models = models
  }

  /** Resources of a type as a package finds them: its own first, then the newest package's. */
  resources(
    asking: Package,
    type: PackageType,
  ): readonly { readonly resource: PackageResource; readonly owner: Package }[] {
    const others = this.packages.filter((one) => one !== asking).toReversed()
    return [asking, ...others].flatMap((owner) =>
      owner.resources.filter((resource) => resource.type === type).map((resource) => ({ resource, owner })),
    )
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
      const isLogic = parts.cql !== undefined || parts.elm !== undefined || parts.diagnostics.length > 0
      if (isLogic && !found.has(key)) found.set(key, { ...parts, url: resource.url, owner })
    }
    return [...found.values()]
  }

  sources(asking: Package): readonly CqlSource[] {
    return this.libraries(asking).flatMap(({ cql }) => cql ?? [])
  }

  models(asking: Package): readonly ModelInfo[] {
    const packaged = this.resources(asking, 'ModelInfo').map(({ resource }) =>
      modelInfoOf(resource.body, resource.file),
    )
    const found = new Map<string, ModelInfo>()
    for (const model of [...packaged, ...this.#models]) {
      const key = `${model.name}|${model.version}`
      if (!found.has(key) && key !== 'FHIR|4.0.1') found.set(key, model)
    }
    return [...found.values()]
  }

  /** Decoding megabytes of ELM is done once for each content. */
  #partsOf(resource: PackageResource): LibraryParts {
    const parts = this.#parts.get(resource.sha256) ?? readLibraryParts(resource)
    this.#parts.set(resource.sha256, parts)
    return parts
  }
}
