import type { Diagnostic } from '../../base/index.ts'
import type { Expansion, ValueSets } from '../../terminology/index.ts'
import { type CompositeMeasure, isComposite, readComposite } from '../composite-measure.ts'
import { installMeasure } from '../install-measure.ts'
import type { RefusedMeasure } from '../load-measures.ts'
import type { InstalledMeasure } from '../measure.ts'
import { bindValueSets } from './bind-value-sets.ts'
import { measureIds } from './measure-ids.ts'
import { measureLogic } from './package-logic.ts'
import type { Package, PackageResource } from './packaged.ts'
import { PackagedValueSets, pinned } from './packaged-value-sets.ts'
import type { Shelf } from './shelf.ts'

/** The value sets of packages, for everybody and, under their pins, for the measures that were published with them. */
export interface PackagedTerminology {
  readonly packaged: PackagedValueSets
  /** Under their pins; to be put before all others, for the last of one url counts. */
  readonly pins: readonly Expansion[]
  /** Under their own versions: official expansions take the place of shipped ones. */
  readonly expansions: readonly Expansion[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads the value sets of all packages. Those that are not whole are diagnostics, unless accepted. */
export function packagedTerminology(shelf: Shelf, isAccepted: (url: string) => boolean): PackagedTerminology {
  const packaged = new PackagedValueSets(shelf, isAccepted)
  const expansions = packaged.all
  const diagnostics = shelf.packages.flatMap((one) => packaged.diagnosticsOf(one))
  return { packaged, pins: expansions.map(pinned), expansions, diagnostics }
}

export interface PackagedMeasures {
  readonly measures: readonly InstalledMeasure[]
  readonly composites: readonly CompositeMeasure[]
  readonly refused: readonly RefusedMeasure[]
  readonly warnings: readonly Diagnostic[]
}

export interface LoadPackagesOptions {
  readonly shelf: Shelf
  readonly packaged: PackagedValueSets
  /** All value sets of the process, the pinned ones among them. */
  readonly valueSets: ValueSets
  /** Ids that shipped measures have. */
  readonly taken: readonly string[]
  /** Only these measures; all where absent. */
  readonly ids?: readonly string[]
  readonly cacheDir?: string
}

/** The measures of all packages, each with the logic and value sets of its package. A faulty one is refused alone. */
export async function loadPackagedMeasures(options: LoadPackagesOptions): Promise<PackagedMeasures> {
  const measures: InstalledMeasure[] = []
  const composites: CompositeMeasure[] = []
  const refused: RefusedMeasure[] = []
  const warnings: Diagnostic[] = []
  const found = measureIds(options.shelf.packages, options.taken)
  for (const { id, owner, resource } of found.filter((one) => options.ids?.includes(one.id) ?? true)) {
    const body: unknown = JSON.parse(resource.body)
    if (isComposite(body)) {
      const composite = readComposite(body, resource.file)
      if (composite.ok) composites.push({ ...composite.value, id })
      else refused.push({ id, diagnostics: composite.diagnostics })
      continue
    }
    const result = await installOne(resource, owner, options)
    if (result.ok) {
      measures.push({ ...result.value, id, package: `${owner.name}|${owner.version}` })
      warnings.push(...result.diagnostics)
    } else refused.push({ id, diagnostics: result.diagnostics })
  }
  return { measures, composites, refused, warnings }
}

function installOne(resource: PackageResource, owner: Package, options: LoadPackagesOptions) {
  const { shelf, packaged, valueSets, cacheDir } = options
  return installMeasure(JSON.parse(resource.body), resource.file, {
    sources: [],
    valueSets,
    async logic(canonical) {
      const made = await measureLogic(shelf, owner, canonical, cacheDir)
      return made.ok ? { ...made, value: bindValueSets(made.value, owner, packaged) } : made
    },
  })
}
