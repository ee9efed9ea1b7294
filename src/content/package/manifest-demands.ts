import { isObject } from '../../fhir/index.ts'

export type Json = Readonly<Record<string, unknown>>

interface Wanted {
  readonly url: string
  readonly version: string
}

/** What a version manifest wants of an evaluation. */
export interface Demands {
  /** Versions of measures, libraries, value sets or code systems, as a canonical does not tell which. */
  readonly versions: readonly Wanted[]
  /** Versions of code systems. */
  readonly systems: readonly Wanted[]
  /** Other parameters of expansions that change which codes they have. */
  readonly parameters: readonly { readonly name: string; readonly value: unknown }[]
  /** What it says and cannot be read. */
  readonly unread: readonly string[]
}

/** Whether a Library is a manifest (CRMI): an asset collection. */
export const isManifest = ({ type }: Json): boolean =>
  isObject(type) && list(type['coding']).some(({ code }) => code === 'asset-collection')

const ofSystems = /^(default-|force-|check-)?system-version$/
const ofCanonicals = /^((default-|force-|check-)?(valueset|canonical)-version|canonicalVersion)$/

/** Parameters that change how an expansion is shown, and not which codes it has. */
const ofShow = new Set(['displayLanguage', 'includeDesignations', 'designation', 'includeDefinition', 'property'])

/** What a manifest wants: by related artifacts, and by the Parameters that it contains for expansions. */
export function demandsOf(manifest: Json): Demands {
  const artifacts = list(manifest['relatedArtifact']).filter(
    ({ type }) => type === 'depends-on' || type === 'composed-of',
  )
  const named = artifacts.flatMap(({ resource }) => wantedOf(resource))
  const { entries, unread } = expansionParameters(manifest)
  const canonicals = entries.filter(({ name }) => ofCanonicals.test(name)).flatMap(({ value }) => wantedOf(value))
  const systems = entries.filter(({ name }) => ofSystems.test(name)).flatMap(({ value }) => wantedOf(value))
  const others = entries.filter(({ name }) => !ofCanonicals.test(name) && !ofSystems.test(name) && !ofShow.has(name))
  // A canonical of an artifact may be that of a code system: what has no such url does not count.
  return {
    versions: [...named, ...canonicals],
    systems: [...systems, ...named, ...canonicals],
    parameters: others,
    unread,
  }
}

function expansionParameters(manifest: Json) {
  const references = list(manifest['extension'])
    .filter(({ url }) => typeof url === 'string' && /[/-]expansionParameters$/.test(url))
    .map(({ valueReference }) => (isObject(valueReference) ? valueReference['reference'] : undefined))
  const contained = list(manifest['contained'])
  const parameters = references.map((reference) =>
    contained.find(({ resourceType, id }) => resourceType === 'Parameters' && reference === `#${String(id)}`),
  )
  const unread = parameters.includes(undefined) ? ['its expansion parameters are not contained in it'] : []
  const entries = parameters.flatMap((one) => list(one?.['parameter'])).map(entryOf)
  return { entries, unread }
}

/** Name and value of an entry of Parameters. */
export function entryOf(entry: Json): { readonly name: string; readonly value: unknown } {
  const [, value] = Object.entries(entry).find(([element]) => element.startsWith('value')) ?? []
  return { name: String(entry['name']), value }
}

/** A canonical that names a version; none where it names any. */
export function wantedOf(canonical: unknown): readonly Wanted[] {
  const bar = typeof canonical === 'string' ? canonical.indexOf('|') : -1
  if (typeof canonical !== 'string' || bar < 1 || bar === canonical.length - 1) return []
  return [{ url: canonical.slice(0, bar), version: canonical.slice(bar + 1) }]
}

/** The objects of what may be a list of them. */
export const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : []
