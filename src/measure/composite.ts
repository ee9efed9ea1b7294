import type { CompositeKind, MeasureGroup } from '../content/index.ts'
import type { PopulationTotals } from './score.ts'

export type Direction = MeasureGroup['improvementNotation']

/** A component of a composite: a group of a measure. */
export interface CompositeComponent {
  readonly improvementNotation: Direction
  /** Of a weighted composite; 1 where the composite gives none. */
  readonly weight: number
}

/** What a composite is: its kind, its direction, and its components. */
export interface CompositeRule {
  readonly kind: CompositeKind
  readonly improvementNotation: Direction
  readonly components: readonly CompositeComponent[]
}

/** A composite's result. Without a score there is nobody (or, weighted, a component without a score). */
export interface CompositeScore {
  readonly score?: number
  readonly populations: PopulationTotals
}

/**
 * One person's populations in each component, in their order: members or episodes as results have them. A component that
 * said nothing of the person is empty.
 */
export type PersonComponents = readonly PopulationTotals[]

/** Where a person stands in one component: each population as a question that `exists` answers, cut as a proportion is. */
interface Standing {
  readonly initial: boolean
  readonly denominator: boolean
  readonly excluded: boolean
  readonly numerator: boolean
  readonly numeratorExcluded: boolean
  readonly excepted: boolean
}

/** Counted in the denominator: neither excluded nor excepted. */
const isEligible = (one: Standing): boolean => one.denominator && !one.excluded && !one.excepted

/**
 * Episodes become people: somebody is in a population where an episode is (QM IG, 5.6). A component of the other
 * direction than the composite's is turned around: who is eligible and not in its numerator counts as fulfilled (5.5).
 */
function standingOf(totals: PopulationTotals, component: CompositeComponent, composite: Direction): Standing {
  const exists = (code: keyof PopulationTotals) => (totals[code] ?? 0) > 0
  const initial = exists('initial-population')
  const denominator = initial && exists('denominator')
  const excluded = denominator && exists('denominator-exclusion')
  const within = denominator && !excluded
  const numerator = within && exists('numerator')
  const numeratorExcluded = numerator && exists('numerator-exclusion')
  const excepted = within && !numerator && exists('denominator-exception')
  const plain = { initial, denominator, excluded, numerator, numeratorExcluded, excepted }
  if (component.improvementNotation === composite) return plain
  return { ...plain, numerator: within && !excepted && !(numerator && !numeratorExcluded), numeratorExcluded: false }
}

/** The score of a composite that is made person by person: all but the weighted one. Persons come one after the other. */
export class IndividualComposite {
  readonly #rule: CompositeRule
  readonly #totals = new Map<keyof PopulationTotals, number>()
  #sum = 0
  #observed = 0

  constructor(rule: CompositeRule) {
    this.#rule = rule
  }

  add(person: PersonComponents): void {
    const { components, improvementNotation, kind } = this.#rule
    const standings = components.map((component, index) =>
      standingOf(person[index] ?? {}, component, improvementNotation),
    )
    if (kind === 'linear') this.#observe(standings)
    else if (kind === 'opportunity') for (const standing of standings) this.#countProportion(standing)
    else this.#countProportion(allOrNothing(standings))
  }

  result(): CompositeScore {
    const populations: PopulationTotals = Object.fromEntries(this.#totals)
    if (this.#rule.kind === 'linear') {
      return { populations, ...(this.#observed === 0 ? {} : { score: this.#sum / this.#observed }) }
    }
    const count = (code: keyof PopulationTotals) => populations[code] ?? 0
    const denominator = count('denominator') - count('denominator-exclusion') - count('denominator-exception')
    if (denominator <= 0) return { populations }
    return { populations, score: (count('numerator') - count('numerator-exclusion')) / denominator }
  }

  /** A continuous variable: of the components that a person is eligible for, the share that is fulfilled; averaged. */
  #observe(standings: readonly Standing[]): void {
    const measured = standings.some(({ denominator }) => denominator)
    const eligible = standings.filter(isEligible)
    this.#count(
      'initial-population',
      standings.some(({ initial }) => initial),
    )
    this.#count('measure-population', measured)
    const inSome = standings.filter(({ denominator }) => denominator)
    this.#count('measure-population-exclusion', measured && inSome.every(({ excluded }) => excluded))
    if (eligible.length === 0) return
    this.#sum += eligible.filter((one) => one.numerator && !one.numeratorExcluded).length / eligible.length
    this.#observed += 1
  }

  #countProportion(one: Standing): void {
    this.#count('initial-population', one.initial)
    this.#count('denominator', one.denominator)
    this.#count('denominator-exclusion', one.excluded)
    this.#count('numerator', one.numerator)
    this.#count('numerator-exclusion', one.numeratorExcluded)
    this.#count('denominator-exception', one.excepted)
  }

  #count(code: keyof PopulationTotals, holds: boolean): void {
    this.#totals.set(code, (this.#totals.get(code) ?? 0) + (holds ? 1 : 0))
  }
}

/**
 * In each population where some component has it; in the numerator where all components are fulfilled that the person is
 * eligible for, and there is one (QM IG, 5.2).
 */
function allOrNothing(standings: readonly Standing[]): Standing {
  const some = (test: (one: Standing) => boolean) => standings.some(test)
  const denominator = some((one) => one.denominator)
  const excluded = denominator && some((one) => one.excluded)
  const eligible = standings.filter(isEligible)
  const numerator = !excluded && eligible.length > 0 && eligible.every((one) => one.numerator)
  return {
    initial: some((one) => one.initial),
    denominator,
    excluded,
    numerator,
    numeratorExcluded: numerator && some((one) => one.numeratorExcluded),
    excepted: denominator && !excluded && !numerator && some((one) => one.excepted),
  }
}

/**
 * The weighted average of the components' scores over the population; a component of the other direction counts as
 * 1 less its score (QM IG, 5.5). Undefined where a component has no score: the average of the others would be another measure.
 */
export function weightedComposite(
  { components, improvementNotation }: CompositeRule,
  scores: readonly (number | undefined)[],
): number | undefined {
  let [sum, weights] = [0, 0]
  for (const [index, component] of components.entries()) {
    const score = scores[index]
    if (score === undefined) return undefined
    sum += component.weight * (component.improvementNotation === improvementNotation ? score : 1 - score)
    weights += component.weight
  }
  return weights > 0 ? sum / weights : undefined
}
