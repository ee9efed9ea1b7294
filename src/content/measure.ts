import type { Diagnostic } from '../base/index.ts'
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
  /** Ratio with two initial populations: the id of the one that this population lies within. */
  readonly criteriaReference?: string
}

/** How observations become one number (the QM IG's aggregate methods). */
export const aggregateMethods = ['sum', 'average', 'median', 'minimum', 'maximum', 'count'] as const
export type AggregateMethod = (typeof aggregateMethods)[number]

/** The populations whose members can be observed. */
export type ObservedPopulation = 'numerator' | 'denominator' | 'measure-population'

/** A number for each member of a population: `define` is a function of the member, or of nothing (boolean basis). */
export interface MeasureObservation {
  readonly id: string
  readonly define: string
  readonly population: ObservedPopulation
  readonly method: AggregateMethod
}

/** Cuts populations into strata, by a criterion or by a value; with several criteria a stratum is a combination. */
export interface MeasureStratifier {
  readonly id: string
  /** One criterion, or one for each component. */
  readonly criteria: readonly { readonly name: string; readonly define: string }[]
}

export interface MeasureGroup {
  readonly id: string
  readonly scoring: Scoring
  /** `boolean`, or the resource type that is counted. */
  readonly basis: string
  readonly improvementNotation: 'increase' | 'decrease'
  readonly populations: readonly MeasurePopulation[]
  readonly observations?: readonly MeasureObservation[]
  readonly stratifiers?: readonly MeasureStratifier[]
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
  /** The main library's define (a Date) since when what the measure asks for is due: until then a gap is prospective. */
  readonly dueDate?: string
  /** Hash over Measure, logic and the expansions that it reads. */
  readonly contentHash: string
  readonly resource: Resource
  /** `name|version` of the package that it was published in; absent where it is ours. */
  readonly package?: string
  /** What a reader of its results must know: value sets that hold a part of their codes, or were accepted so. */
  readonly remarks?: readonly Diagnostic[]
}

/** Plain words for a define: what it says of a person when true and when not. */
export interface DefinePhrase {
  readonly whenTrue: string
  readonly whenFalse: string
  /** What a person can do next where the define is the cause of a gap. */
  readonly nextAction?: string
}
