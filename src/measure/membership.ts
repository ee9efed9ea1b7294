import type { PopulationCode, Scoring } from '../content/index.ts'
import type { DefineValue } from '../interpret/index.ts'

/** What a criterion gave, before the populations are cut to each other: the keys of its members. */
export interface CriterionMembers {
  readonly code: PopulationCode
  /** The Measure's id of the population; needed only where another refers to it. */
  readonly id?: string
  /** Ratio with two initial populations: the id of the one that this population lies within. */
  readonly criteriaReference?: string
  readonly members: ReadonlySet<string>
}

/** The key of the only member of a population that counts people. */
export const person = 'person'

/** The members that a criterion gives: null is nobody, or the empty list. */
export function populationMembers(basis: string, value: DefineValue | undefined): ReadonlySet<string> {
  if (basis === 'boolean') return new Set(value?.value === true ? [person] : [])
  return new Set(value?.members() ?? [])
}

/** Members of each population that the group has, after the rules of its scoring. */
export type Membership = Readonly<Partial<Record<PopulationCode, ReadonlySet<string>>>>

type Members = ReadonlySet<string>

const none: Members = new Set()
const within = (members: Members, outer: Members): Members => new Set([...members].filter((key) => outer.has(key)))
const without = (members: Members, other: Members): Members => new Set([...members].filter((key) => !other.has(key)))

/**
 * Who is in which population, by the rules of the QM IG for each scoring. With a boolean basis the one member
 * stands for the person; with an episode basis each is an event, and an exclusion removes that event alone.
 * - proportion: DENOM within IPP; DENEX within DENOM; NUMER within DENOM minus DENEX; NUMEX within NUMER;
 *   DENEXCEP within DENOM minus DENEX minus NUMER. DENOM still holds what is excluded.
 * - ratio: NUMER and DENOM each within their own IPP; NUMER does not depend on DENOM; no exceptions.
 * - continuous variable: MSRPOPL within IPP, MSRPOPLEX within MSRPOPL.
 * - cohort: IPP alone.
 */
export function cutMembership(scoring: Scoring, criteria: readonly CriterionMembers[]): Membership {
  const cut = cutters[scoring](criteria)
  const codes = new Set(criteria.map((criterion) => criterion.code))
  return Object.fromEntries(Object.entries(cut).filter(([code]) => codes.has(code as PopulationCode)))
}

type Cutter = (criteria: readonly CriterionMembers[]) => Membership

const cutters: Readonly<Record<Scoring, Cutter>> = {
  proportion: cutProportion,
  ratio: cutRatio,
  'continuous-variable': cutContinuousVariable,
  cohort: (criteria) => ({ 'initial-population': membersOf(criteria, 'initial-population') }),
}

function membersOf(criteria: readonly CriterionMembers[], code: PopulationCode): Members {
  const all = criteria.filter((criterion) => criterion.code === code).flatMap((criterion) => [...criterion.members])
  return all.length === 0 ? none : new Set(all)
}

function cutProportion(criteria: readonly CriterionMembers[]): Membership {
  const initial = membersOf(criteria, 'initial-population')
  const denominator = within(membersOf(criteria, 'denominator'), initial)
  const exclusion = within(membersOf(criteria, 'denominator-exclusion'), denominator)
  const eligible = without(denominator, exclusion)
  const numerator = within(membersOf(criteria, 'numerator'), eligible)
  return {
    'initial-population': initial,
    denominator,
    'denominator-exclusion': exclusion,
    numerator,
    'numerator-exclusion': within(membersOf(criteria, 'numerator-exclusion'), numerator),
    'denominator-exception': within(membersOf(criteria, 'denominator-exception'), without(eligible, numerator)),
  }
}

function cutRatio(criteria: readonly CriterionMembers[]): Membership {
  const initial = (code: PopulationCode): Members => {
    const reference = criteria.find((criterion) => criterion.code === code)?.criteriaReference
    const named = criteria.find((criterion) => criterion.id !== undefined && criterion.id === reference)
    return named?.members ?? membersOf(criteria, 'initial-population')
  }
  const denominator = within(membersOf(criteria, 'denominator'), initial('denominator'))
  const numerator = within(membersOf(criteria, 'numerator'), initial('numerator'))
  return {
    'initial-population': membersOf(criteria, 'initial-population'),
    denominator,
    'denominator-exclusion': within(membersOf(criteria, 'denominator-exclusion'), denominator),
    numerator,
    'numerator-exclusion': within(membersOf(criteria, 'numerator-exclusion'), numerator),
  }
}

function cutContinuousVariable(criteria: readonly CriterionMembers[]): Membership {
  const initial = membersOf(criteria, 'initial-population')
  const population = within(membersOf(criteria, 'measure-population'), initial)
  return {
    'initial-population': initial,
    'measure-population': population,
    'measure-population-exclusion': within(membersOf(criteria, 'measure-population-exclusion'), population),
  }
}
