import type { ProfileMatching } from '../fhir/index.ts'

/** Any node of an ELM tree, as the translator writes it: plain readonly data. */
export interface ElmNode {
  readonly type?: string
  readonly localId?: string
  readonly locator?: string
  readonly resultTypeName?: string
  readonly [key: string]: unknown
}

export interface ElmStatement {
  readonly name: string
  readonly context?: string
  readonly accessLevel?: string
  /** `FunctionDef` for functions, absent for expression definitions. */
  readonly type?: string
  readonly expression?: ElmNode
  readonly [key: string]: unknown
}

/** An ELM library: the JSON under `library` of the translator's output. */
export interface ElmLibrary {
  readonly identifier: { readonly id: string; readonly version?: string }
  readonly statements?: { readonly def: readonly ElmStatement[] }
  readonly includes?: {
    readonly def: readonly { readonly localIdentifier: string; readonly path: string; readonly version?: string }[]
  }
  readonly valueSets?: {
    readonly def: readonly { readonly name: string; readonly id: string; readonly version?: string }[]
  }
  readonly parameters?: { readonly def: readonly { readonly name: string; readonly [key: string]: unknown }[] }
  readonly [key: string]: unknown
}

/** A library with all that it includes, translated together and cached by content hash. */
export interface LibraryClosure {
  readonly main: ElmLibrary
  /** Main and included libraries, each once; order is dependency first. */
  readonly libraries: readonly ElmLibrary[]
  /** CQL text by library name, for explanations. */
  readonly cql: ReadonlyMap<string, string>
  /** Hash over the CQL of all libraries, the model info and the translator's version and options. */
  readonly hash: string
  /** How its retrieves by profile find resources, on every engine; `inferred` where absent. */
  readonly profiles?: ProfileMatching
}
