import { contentHash } from '../../base/index.ts'
import { isObject } from '../../fhir/index.ts'

/** What packages are made of. A model info is XML, everything else a FHIR resource. */
export const packageTypes = [
  'Measure',
  'PlanDefinition',
  'Library',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'ModelInfo',
] as const
export type PackageType = (typeof packageTypes)[number]

/** One resource of a package: `body` is its JSON with sorted keys (or XML), `sha256` that of `hashOfBody`. */
export interface PackageResource {
  readonly type: PackageType
  readonly url: string
  readonly version?: string
  readonly name?: string
  readonly file: string
  readonly body: string
  readonly sha256: string
}

/** A package that is installed, or about to be. */
export interface Package {
  readonly name: string
  readonly version: string
  readonly resources: readonly PackageResource[]
}

/** A canonical with its version, as people write it. */
export const canonicalOf = ({ url, version }: { readonly url: string; readonly version?: string }): string =>
  version === undefined ? url : `${url}|${version}`

/** JSON with the keys of every object in order: the same content gives the same text. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )
}

/** The hash of a resource by what it says to machines: its narrative (`text`) does not count, as tools write it anew. */
export function hashOfBody(type: PackageType, body: string): string {
  if (type === 'ModelInfo') return contentHash(body)
  const { text: _narrative, ...resource } = JSON.parse(body) as Readonly<Record<string, unknown>>
  return contentHash(sortedJson(resource))
}
