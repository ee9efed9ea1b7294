import { foldSystem, isObject } from '../../fhir/index.ts'
import type { Expansion, ValueSets } from '../../terminology/index.ts'
import type { InstalledMeasure } from '../measure.ts'
import { entryOf, type Json, list, wantedOf } from './manifest-demands.ts'
import type { Package } from './packaged.ts'

/** What measures are evaluated with, by canonicals and versions. */
export interface UsedContent {
  /** Versions in use of the measure, library or value set of a canonical; an empty text is one without version. */
  versionsOf(url: string): readonly string[]
  /** Versions of a code system that the value sets in use were expanded with, and sets of its codes that do not tell. */
  systemVersions(url: string): { readonly told: ReadonlySet<string>; readonly untold: readonly string[] }
  /** Value sets in use whose expansion does not say that it was made with this parameter. */
  expandedWithout(name: string, value: unknown): readonly string[]
}

interface UsedSet {
  readonly url: string
  readonly version: string
  readonly expansion: Expansion | undefined
  /** The stored ValueSets of this canonical and version. */
  readonly resources: readonly Json[]
}

/** The measures, their libraries, and the value sets that these read. */
export function usedContent(
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
  packages: readonly Package[],
): UsedContent {
  const libraries = measures.flatMap(({ closure }) => closure.libraries)
  const canonicals = [...new Set(measures.flatMap((measure) => measure.valueSets))]
  const sets = canonicals.map((canonical) => usedSet(canonical, valueSets, packages))
  const systems = libraries.flatMap((library) => {
    const declared = library['codeSystems']
    return isObject(declared) ? list(declared['def']) : []
  })
  return {
    versionsOf: (url) => [
      ...measures.filter((one) => one.url === url).map(({ version }) => version),
      ...libraries
        .filter(({ identifier }) => isLibrary(url, identifier.id))
        .map(({ identifier }) => identifier.version ?? ''),
      ...sets.filter((one) => one.url === url).map(({ version }) => version),
    ],
    systemVersions(url) {
      const wanted = foldSystem(url)
      const named = systems.filter(
        ({ id, version }) => foldSystem(String(id)) === wanted && typeof version === 'string',
      )
      const told = new Set(named.map(({ version }) => String(version)))
      const untold: string[] = []
      for (const set of sets.filter(({ expansion }) => expansion?.members.some(({ system }) => system === wanted))) {
        const versions = set.resources.flatMap((resource) => systemsToldBy(resource))
        const own = versions.filter((one) => foldSystem(one.url) === wanted)
        for (const { version } of own) told.add(version)
        if (own.length === 0) untold.push(set.url)
      }
      return { told, untold }
    },
    expandedWithout: (name, value) =>
      sets.filter(({ resources }) => !resources.some((one) => saysSo(one, name, value))).map(({ url }) => url),
  }
}

/** The canonical of a CQL library ends in its name. */
const isLibrary = (url: string, name: string): boolean => url.includes('/Library/') && url.endsWith(`/${name}`)

function usedSet(canonical: string, valueSets: ValueSets, packages: readonly Package[]): UsedSet {
  const [url = '', named] = canonical.split('|')
  const expansion = valueSets.find(canonical)
  // A set that is bound to a package's expansion is named by version and hash (`bindValueSets`).
  const [bound = ''] = (expansion?.version ?? named ?? '').split('#')
  const version = bound === 'unversioned' ? '' : bound
  const resources = packages
    .flatMap((owner) => owner.resources)
    .filter((one) => one.type === 'ValueSet' && one.url === url && (one.version ?? '') === version)
    .flatMap(({ body }): readonly Json[] => {
      const value: unknown = JSON.parse(body)
      return isObject(value) ? [value] : []
    })
  return { url, version, expansion, resources }
}

const expansionOf = ({ expansion }: Json): Json => (isObject(expansion) ? expansion : {})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const canonicalText = (system: unknown, version: unknown): string => `${textOf(system)}|${textOf(version)}`

/** Versions of code systems that a ValueSet tells of: by its expansion, else by its definition. */
function systemsToldBy(resource: Json): ReturnType<typeof wantedOf> {
  if (!isObject(resource['expansion'])) {
    const compose = isObject(resource['compose']) ? resource['compose'] : {}
    return list(compose['include']).flatMap(({ system, version }) => wantedOf(canonicalText(system, version)))
  }
  const expansion = expansionOf(resource)
  const parameters = list(expansion['parameter']).map(entryOf)
  const told = parameters.filter(({ name }) => ['version', 'system-version', 'used-codesystem'].includes(name))
  return [...told.flatMap(({ value }) => wantedOf(value)), ...membersTell(list(expansion['contains']))]
}

function membersTell(contains: readonly Json[]): ReturnType<typeof wantedOf> {
  return contains.flatMap(({ system, version, contains: inner }) => [
    ...wantedOf(canonicalText(system, version)),
    ...membersTell(list(inner)),
  ])
}

const saysSo = (resource: Json, wanted: string, value: unknown): boolean =>
  list(expansionOf(resource)['parameter'])
    .map(entryOf)
    .some((one) => one.name === wanted && one.value === value)
