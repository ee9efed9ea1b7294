import type { LibraryClosure } from '../elm/index.ts'
import type { Resource } from '../fhir/index.ts'

/** Population codes of the FHIR measure-population code system. */
export const populationCodes = [
  'initial-population',
  'denominator',
  'denominator-exclusion',
  'denominator-exception',
  'numerator',
  'numerator-exclusion',
  'measure-population',
  'measure-population-exclusion',
] as const
export type PopulationCode = (typeof populationCodes)[number]

export type Scoring = 'proportion' | 'ratio' | 'continuous-variable' | 'cohort'

export interface MeasurePopulation {
  /** The id in the Measure resource, echoed in reports; absent where the Measure gives none. */
  readonly id?: string
  readonly code: PopulationCode
  readonly define: string
}

export interface MeasureGroup {
  readonly id: string
  readonly scoring: Scoring
  /** `boolean`, or the resource type that is counted. */
  readonly basis: string
  readonly improvementNotation: 'increase' | 'decrease'
  readonly populations: readonly MeasurePopulation[]
}

/** A measure that can be run: checked, translated, with every value set that it names at hand. */
export interface InstalledMeasure {
  readonly id: string
  readonly url: string
  readonly version: string
  readonly title: string
  readonly description: string
  readonly groups: readonly MeasureGroup[]
  readonly closure: LibraryClosure
  /** Canonicals of the value sets that the logic reads. */
  readonly valueSets: readonly string[]
  /** What a define means in plain words, for reasons on pages and cards: written in the Measure resource, as data. */
  readonly phrases: ReadonlyMap<string, DefinePhrase>
  /** Hash over Measure, logic and the expansions that it reads. */
  readonly contentHash: string
  readonly resource: Resource
}

/** Plain words for a define: what it says of a person when true and when not. */
export interface DefinePhrase {
  readonly whenTrue: string
  readonly whenFalse: string
  /** What a person can do next where the define is the cause of a gap. */
  readonly nextAction?: string
}
