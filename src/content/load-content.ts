import { contentHash, type Diagnostic } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import type { ProfileMatching } from '../fhir/index.ts'
import { type Expansion, loadValueSets, pinValueSets, type ValueSets } from '../terminology/index.ts'
import type { CompositeMeasure } from './composite-measure.ts'
import { type LoadedMeasures, loadMeasures, shippedContent, shippedValueSetFolders } from './load-measures.ts'
import { withProfiles } from './measure-profiles.ts'
import { loadPackagedMeasures, packagedTerminology } from './package/load-packages.ts'
import { measureIds } from './package/measure-ids.ts'
import { readModelInfos } from './package/package-context.ts'
import { type PackagedPlan, packagedPlans } from './package/packaged-plans.ts'
import { Shelf } from './package/shelf.ts'
import { storedPackages } from './package/stored-packages.ts'

export interface ContentOptions {
  /** Folders of terminology beside the shipped one; what they hold takes the place of shipped and packaged sets. */
  readonly terminology?: readonly string[]
  /** Only these measures; all where absent. */
  readonly ids?: readonly string[]
  readonly cacheDir?: string
  /** A store whose packages are loaded too. */
  readonly session?: Session
  /** CQL model infos (files, or folders of them) beside FHIR 4.0.1 and those of packages. */
  readonly modelInfos?: readonly string[]
  /** Canonicals of value sets that may be used although they are missing, empty or cut. */
  readonly acceptedValueSets?: readonly string[]
  /** How retrieves by profile find resources; `inferred` where absent. */
  readonly profiles?: ProfileMatching
}

export interface LoadedContent extends LoadedMeasures {
  readonly valueSets: ValueSets
  /** Measures that are composed of others. */
  readonly composites: readonly CompositeMeasure[]
  /** Decision support of the store's packages, as it came: `loadPlans` checks it. */
  readonly plans: readonly PackagedPlan[]
  /** What was found wrong with value sets; a measure that reads a bad one is among `refused`. */
  readonly terminology: readonly Diagnostic[]
}

/**
 * The shipped measures and those of the store's packages, with shipped, packaged and configured value sets: what a
 * process opens once. Of value sets with one url, packaged ones count before shipped ones, configured ones
 * before both; a packaged measure reads those that its package was published with.
 */
export async function loadContent(options: ContentOptions = {}): Promise<LoadedContent> {
  const { session, ids, cacheDir } = options
  const packages = session === undefined ? [] : await storedPackages(session)
  const shelf = new Shelf(packages, readModelInfos(options.modelInfos ?? []))
  const terminology = loadTerminology(shelf, options)
  const { valueSets } = terminology
  const cache = cacheDir === undefined ? {} : { cacheDir }
  const packagedIds = measureIds(packages, []).map(({ id }) => id)
  const shipped = await loadMeasures({
    folders: [shippedContent.measureFolder],
    cqlFolders: [shippedContent.cqlFolder],
    valueSets,
    ...(ids === undefined ? {} : { ids: ids.filter((id) => !packagedIds.includes(id)) }),
    ...cache,
  })
  const packaged = await loadPackagedMeasures({
    shelf,
    packaged: terminology.packaged,
    valueSets,
    taken: [...shipped.measures, ...shipped.refused].map(({ id }) => id),
    ...(ids === undefined ? {} : { ids }),
    ...cache,
  })
  return {
    measures: [...shipped.measures, ...packaged.measures]
      .map((measure) => withProfiles(measure, options.profiles ?? 'inferred'))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    composites: packaged.composites,
    plans: packagedPlans(shelf, terminology.packaged, cacheDir),
    refused: [...shipped.refused, ...packaged.refused],
    warnings: [...shipped.warnings, ...packaged.warnings],
    valueSets,
    terminology: terminology.diagnostics,
  }
}

function loadTerminology(shelf: Shelf, { terminology = [], acceptedValueSets = [] }: ContentOptions) {
  const isAccepted = (url: string) => acceptedValueSets.includes(url)
  const shipped = loadValueSets(shippedValueSetFolders())
  const configured = loadValueSets(terminology)
  const packaged = packagedTerminology(shelf, isAccepted)
  const whole = [...packaged.pins, ...shipped.valueSets.all, ...packaged.expansions, ...configured.valueSets.all]
  const present = new Set(whole.map(({ url }) => url))
  const partial = [...shipped.partial, ...configured.partial].filter(({ url }) => isAccepted(url) && !present.has(url))
  const missing = acceptedValueSets.filter((url) => [...whole, ...partial].every((set) => set.url !== url))
  return {
    packaged: packaged.packaged,
    valueSets: pinValueSets([...whole, ...partial, ...missing.map(emptySet)]),
    diagnostics: [...shipped.diagnostics, ...packaged.diagnostics, ...configured.diagnostics],
  }
}

const emptySet = (url: string): Expansion => ({ url, sha256: contentHash(url), members: [], flaw: 'it is missing' })
