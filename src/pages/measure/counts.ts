import type { MeasureGroup, PopulationCode } from '../../content/index.ts'
import type { CountName } from '../../jobs/index.ts'
import type { PeoplePopulation, ScorecardCounts } from '../../store/index.ts'
import { atRiskOf } from '../scorecard/scorecard-row.ts'

/** A step of the funnel: how many people, which list they are, and the define that decides it. */
export interface FunnelStep {
  readonly population: PeoplePopulation
  readonly label: string
  readonly count: number
  /** The count, and every share of it, must not be told. */
  readonly hidden: boolean
  /** Taken away from the step above. */
  readonly minus: boolean
  readonly define?: string
  /** The step that this one is a part of, for its share. */
  readonly of?: { readonly label: string; readonly count: number }
}

const names: Readonly<Record<PeoplePopulation, string>> = {
  all: 'Everybody',
  'initial-population': 'Initial population',
  denominator: 'Denominator',
  'denominator-exclusion': 'Denominator exclusions',
  'denominator-exception': 'Denominator exceptions',
  counted: 'Counted',
  numerator: 'Numerator',
  'numerator-exclusion': 'Numerator exclusions',
  'not-numerator': 'Not in the numerator',
}

/** The name of a list of people as all pages give it. */
export const populationName = (population: PeoplePopulation): string => names[population]

/** The way from everybody in the initial population to the numerator. A population that the group lacks is left out. */
export function funnelOf(
  counts: ScorecardCounts,
  group: MeasureGroup | undefined,
  hidden: ReadonlySet<CountName>,
): FunnelStep[] {
  const atRisk = atRiskOf(counts)
  const met = (counts.numerator ?? 0) - (counts.numeratorExclusion ?? 0)
  const all = { label: 'initial population', count: counts.initialPopulation ?? 0 }
  const inDenominator = { label: 'denominator', count: counts.denominator ?? 0 }
  const counted = { label: 'counted', count: atRisk }
  return [
    step('initial-population', counts.initialPopulation, group),
    step('denominator', counts.denominator, group, { of: all }),
    step('denominator-exclusion', counts.denominatorExclusion, group, { minus: true, of: inDenominator }),
    step('denominator-exception', counts.denominatorException, group, { minus: true, of: inDenominator }),
    step('counted', atRisk, group, { of: inDenominator }),
    step('numerator', counts.numerator, group, { of: counted }),
    step('numerator-exclusion', counts.numeratorExclusion, group, { minus: true, of: counted }),
    step('not-numerator', atRisk - met, group, { of: counted }),
  ]
    .flat()
    .map((one) => ({ ...one, hidden: hidden.has(countNames[one.population] ?? 'counted') }))
}

const countNames: Readonly<Partial<Record<PeoplePopulation, CountName>>> = {
  'initial-population': 'initialPopulation',
  denominator: 'denominator',
  'denominator-exclusion': 'denominatorExclusion',
  'denominator-exception': 'denominatorException',
  counted: 'counted',
  numerator: 'numerator',
  'numerator-exclusion': 'numeratorExclusion',
  'not-numerator': 'notNumerator',
}

function step(
  population: PeoplePopulation,
  count: number | null,
  group: MeasureGroup | undefined,
  detail: { readonly minus?: boolean; readonly of?: { readonly label: string; readonly count: number } } = {},
): FunnelStep[] {
  if (count === null) return []
  const define = group?.populations.find((candidate) => candidate.code === (population as PopulationCode))?.define
  return [
    {
      population,
      label: names[population],
      count,
      minus: detail.minus === true,
      hidden: false,
      ...(define === undefined ? {} : { define }),
      ...(detail.of === undefined ? {} : { of: detail.of }),
    },
  ]
}
