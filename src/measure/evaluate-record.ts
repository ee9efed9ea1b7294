import { type Diagnostic, invariant } from '../base/index.ts'
import type { InstalledMeasure, MeasureGroup, MeasureObservation, MeasurePopulation } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { DefineValue, Interpretation } from '../interpret/index.ts'
import type { PersonEvaluator } from './engine.ts'
import { type CriterionMembers, cutMembership, type Membership, person, populationMembers } from './membership.ts'
import { observedMembers } from './observation.ts'
import { logicOf, observationDefine, observedCriterion } from './observation-logic.ts'
import type { Evidence, GroupEvaluation, PersonEvaluation } from './person-evaluation.ts'
import { strataOf } from './strata.ts'

/** What a measure says of one person: never throws for what the record holds. `evaluator` is of `evaluatorOf`. */
export async function evaluateRecord(
  measure: InstalledMeasure,
  evaluator: PersonEvaluator,
  record: PersonRecord,
): Promise<PersonEvaluation> {
  return evaluationOf(measure, await evaluator.evaluate(record))
}

/** The evaluation that the values of a person's defines amount to. Pure. */
export function evaluationOf(measure: InstalledMeasure, interpretation: Interpretation): PersonEvaluation {
  const derived = new Set(logicOf(measure).observations)
  const defines = [...interpretation.defines.entries()].filter(([name]) => !derived.has(name))
  const base = {
    pid: interpretation.pid,
    measureId: measure.id,
    defines: defines.map(([, value]) => value.letter).join(''),
  }
  const error = firstFault(measure, interpretation)
  if (error !== undefined) return { ...base, groups: [], evidence: [], error }
  const groups = measure.groups.map((group) => evaluateGroup(group, interpretation))
  // Evidence is stored for people whom the measure is about; of others any define can be had by evaluating again.
  const concerned = isConcerned({ groups })
  const dueDate = measure.dueDate === undefined ? undefined : interpretation.defines.get(measure.dueDate)
  return {
    ...base,
    groups,
    evidence: concerned ? evidenceOf(defines) : [],
    ...(concerned && dueDate?.letter === 'v' ? { dueDate: String(dueDate.value) } : {}),
  }
}

/** Is the measure about the person, in any of its groups? */
export const isConcerned = ({ groups }: Pick<PersonEvaluation, 'groups'>): boolean =>
  groups.some(({ populations }) => (populations['initial-population'] ?? 0) > 0)

function evidenceOf(defines: readonly (readonly [string, DefineValue])[]): readonly Evidence[] {
  return defines.flatMap(([, value], define) => value.rids.map((rid) => ({ define, rid })))
}

/** The first population whose criterion failed, or gave what its basis cannot count; else a stratum or observation. */
function firstFault(measure: InstalledMeasure, { defines }: Interpretation): Diagnostic | undefined {
  for (const group of measure.groups) {
    for (const population of group.populations) {
      const value = defines.get(population.define)
      const fault = value?.fault ?? wrongBasis(measure, group, population, value)
      if (fault !== undefined) return fault
    }
  }
  const further = measure.groups.flatMap((group) => [
    ...(group.stratifiers ?? []).flatMap((stratifier) => stratifier.criteria.map(({ define }) => define)),
    ...(group.observations ?? []).map((observation) => observationDefine(group, observation)),
  ])
  return further.map((name) => defines.get(name)?.fault).find((fault) => fault !== undefined)
}

function wrongBasis(
  measure: InstalledMeasure,
  group: MeasureGroup,
  population: MeasurePopulation,
  value: DefineValue | undefined,
): Diagnostic | undefined {
  const wanted = group.basis === 'boolean' ? 'tfn' : 'lzn'
  if (value !== undefined && wanted.includes(value.letter)) return undefined
  return {
    code: 'measure/wrong-basis',
    severity: 'error',
    message: `The ${population.code} of group ${group.id} counts by ${group.basis}, and its define gives another kind of value.`,
    place: { library: measure.closure.main.identifier.id, define: population.define },
    remedy: 'Correct the population basis or the criterion of the Measure.',
  }
}

function evaluateGroup(group: MeasureGroup, { defines }: Interpretation): GroupEvaluation {
  const criteria = group.populations.map((population): CriterionMembers => {
    const { id, criteriaReference } = population
    return {
      code: population.code,
      ...(id === undefined ? {} : { id }),
      ...(criteriaReference === undefined ? {} : { criteriaReference }),
      members: populationMembers(group.basis, defines.get(population.define)),
    }
  })
  const membership = cutMembership(group.scoring, criteria)
  const observations = observationsOf(group, membership, defines)
  const strata = strataOf(group, membership, defines)
  const parts = stratumParts(group, membership, strata ?? {}, defines)
  return {
    groupId: group.id,
    populations: countsOf(membership),
    ...(observations === undefined ? {} : { observations }),
    ...(strata === undefined ? {} : { strata: mapValues(strata, countsOf) }),
    ...(Object.keys(parts).length === 0 ? {} : { stratumObservations: parts }),
  }
}

/** What was observed in strata that have some of the observed members of a population, and not all. */
function stratumParts(
  group: MeasureGroup,
  whole: Membership,
  strata: Readonly<Record<string, Membership>>,
  defines: Interpretation['defines'],
): NonNullable<GroupEvaluation['stratumObservations']> {
  const isPart = (inside: Membership) =>
    (group.observations ?? []).some(({ population }) => {
      const members = observedMembers(inside, population).length
      return members > 0 && members < observedMembers(whole, population).length
    })
  const partial = Object.entries(strata).filter(([, inside]) => isPart(inside))
  return Object.fromEntries(
    partial.map(([stratum, inside]) => [stratum, observationsOf(group, inside, defines) ?? {}] as const),
  )
}

const countsOf = (membership: Membership) => mapValues(membership, (members) => members.size)

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Readonly<Record<string, W>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

/** The numbers of each observation for the members that its population keeps. Null observations are left out. */
function observationsOf(
  group: MeasureGroup,
  membership: Membership,
  defines: Interpretation['defines'],
): GroupEvaluation['observations'] {
  if (group.observations === undefined) return undefined
  const entries = group.observations.map((observation) => {
    const kept = new Set(observedMembers(membership, observation.population))
    const value = defines.get(observationDefine(group, observation))
    return [observation.id, observedNumbers(group, observation, value, defines, kept)] as const
  })
  return Object.fromEntries(entries)
}

function observedNumbers(
  group: MeasureGroup,
  observation: MeasureObservation,
  value: DefineValue | undefined,
  defines: Interpretation['defines'],
  kept: ReadonlySet<string>,
): readonly number[] {
  const numbers = Array.isArray(value?.value) ? (value.value as readonly unknown[]) : [value?.value]
  const members =
    group.basis === 'boolean' ? [person] : (defines.get(observedCriterion(group, observation))?.members() ?? [])
  invariant(numbers.length >= members.length, 'an observation has a value for each member of its population')
  const seen = new Set<string>()
  return members.flatMap((member, index) => {
    if (!kept.has(member) || seen.has(member)) return []
    seen.add(member)
    return numberOf(numbers[index]) ?? []
  })
}

/** Integer and Decimal are numbers; of a Quantity its value counts. Anything else, null too, is no observation. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined
  return typeof inner === 'number' ? inner : undefined
}
