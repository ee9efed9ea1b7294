import type { Diagnostic } from '../../base/index.ts'
import { foldSystem } from '../../fhir/index.ts'
import {
  type CodeSystem,
  type Expansion,
  type ReadValueSet,
  readCodeSystem,
  readFhirValueSet,
  type Terminology,
} from '../../terminology/index.ts'
import type { Package, PackageResource } from './packaged.ts'
import type { Shelf } from './shelf.ts'

/** The value sets of all packages: each as its package finds it, computed where it has no expansion. */
export class PackagedValueSets {
  readonly #shelf: Shelf
  readonly #isAccepted: (url: string) => boolean
  readonly #reads = new Map<string, ReadValueSet>()
  readonly #open = new Set<string>()
  readonly #systems = new Map<string, CodeSystem | undefined>()

  /** `isAccepted`: sets that may be used although they are not whole. */
  constructor(shelf: Shelf, isAccepted: (url: string) => boolean) {
    this.#shelf = shelf
    this.#isAccepted = isAccepted
  }

  /** The expansion that a package means by a canonical; with its flaw where it was accepted. */
  find(asking: Package, canonical: string): Expansion | undefined {
    const [url = '', version] = canonical.split('|')
    for (const { resource, owner } of this.#shelf.resources(asking, 'ValueSet')) {
      if (resource.url !== url || (version !== undefined && resource.version !== version)) continue
      const found = usable(this.#read(resource, owner), this.#isAccepted(url))
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Every usable expansion, the newest package's last. */
  get all(): readonly Expansion[] {
    return this.#shelf.packages.flatMap((owner) =>
      valueSetsOf(owner).flatMap(
        (resource) => usable(this.#read(resource, owner), this.#isAccepted(resource.url)) ?? [],
      ),
    )
  }

  /** What is wrong with the value sets of a package: each is named. */
  diagnosticsOf(owner: Package): readonly Diagnostic[] {
    return valueSetsOf(owner).flatMap((resource) => this.#read(resource, owner).diagnostics)
  }

  #read(resource: PackageResource, owner: Package): ReadValueSet {
    const key = `${owner.name} ${owner.version} ${resource.sha256}`
    const known = this.#reads.get(key)
    if (known !== undefined) return known
    // A set that is defined by itself, through others, is not at hand while it is being computed.
    if (this.#open.has(key)) return { diagnostics: [] }
    this.#open.add(key)
    const place = { file: resource.file, resource: `ValueSet ${resource.name ?? resource.url}` }
    const read = readFhirValueSet(JSON.parse(resource.body), place, this.#terminology(owner))
    this.#open.delete(key)
    this.#reads.set(key, read)
    return read
  }

  #terminology(asking: Package): Terminology {
    return {
      codeSystem: (url, version) => this.#codeSystem(asking, foldSystem(url), version),
      valueSet: (canonical) => this.find(asking, canonical)?.members,
    }
  }

  #codeSystem(asking: Package, url: string, version: string | undefined): CodeSystem | undefined {
    const systems = this.#shelf
      .resources(asking, 'CodeSystem')
      .filter(({ resource }) => foldSystem(resource.url) === url)
      .filter(({ resource }) => version === undefined || resource.version === version)
      .flatMap(({ resource }) => this.#system(resource) ?? [])
    return systems.find((system) => system.isComplete) ?? systems[0]
  }

  #system(resource: PackageResource): CodeSystem | undefined {
    if (!this.#systems.has(resource.sha256)) {
      this.#systems.set(resource.sha256, readCodeSystem(JSON.parse(resource.body)))
    }
    return this.#systems.get(resource.sha256)
  }
}

const valueSetsOf = (owner: Package) => owner.resources.filter(({ type }) => type === 'ValueSet')

const usable = (read: ReadValueSet, isAccepted: boolean): Expansion | undefined =>
  read.expansion ?? (isAccepted ? read.partial : undefined)

/** The version by which an expansion is pinned: its own, and the hash of its content. */
export const pinOf = ({ version, sha256 }: Expansion): string => `${version ?? 'unversioned'}#${sha256.slice(0, 12)}`

/** An expansion under its pin alone, for logic that was bound to exactly this content. */
export const pinned = (expansion: Expansion): Expansion => ({ ...expansion, version: pinOf(expansion) })
