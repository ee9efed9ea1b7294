/** What packages are made of. A model info is XML, everything else a FHIR resource. */
export const packageTypes = ['Measure', 'Library', 'ValueSet', 'CodeSystem', 'ConceptMap', 'ModelInfo'] as const
export type PackageType = (typeof packageTypes)[number]

/** One resource of a package: `body` is its JSON with sorted keys (or XML), `sha256` the hash of that. */
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
