import type { Coding } from '../fhir/index.ts'

/** One expansion that is at hand, with the hash that a run is stamped with. */
export interface Expansion {
  readonly url: string
  readonly version?: string
  readonly title?: string
  readonly sha256: string
  /** Members with folded systems (one URI per code system). */
  readonly members: readonly Coding[]
  /** How many codes the published set of this canonical has, where what is here may be a part of it. */
  readonly officialCodes?: number
  /** Why it is not whole (missing, empty, cut), where it is used all the same because it was accepted by name. */
  readonly flaw?: string
}

/** The expansions of one run, by canonical. Pinned: it does not change while a run works. */
export interface ValueSets {
  /** The expansion of a canonical with or without `|version`, or undefined where it is not at hand. */
  find(canonical: string): Expansion | undefined
  readonly all: readonly Expansion[]
}
