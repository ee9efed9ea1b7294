import type { InstalledMeasure, UsedCodes } from '../../content/index.ts'
import { declaredCodes } from '../../elm/index.ts'
import { type Coding, isObject } from '../../fhir/index.ts'
import type { Expansion } from '../../terminology/index.ts'
import { readSuggestedOrders } from '../gap/suggested-order.ts'
import type { LoadedPlan } from './load-plans.ts'

/** The codes that measures and CDS services read and order, to be held against releases of code systems. */
export function usedCodes(
  measures: readonly InstalledMeasure[],
  plans: readonly LoadedPlan[],
  valueSets: readonly Expansion[],
): readonly UsedCodes[] {
  const sets = new Map([...valueSets, ...plans.flatMap((plan) => plan.sets)].map((set) => [set.url, set]))
  const orders = [
    ...plans.flatMap(({ plan }) =>
      plan.cards.flatMap(({ id, offers }) =>
        offers.flatMap(({ order }) => (order === undefined ? [] : [{ of: `${plan.id}#${id}`, order }])),
      ),
    ),
    ...measures.flatMap((measure) => readSuggestedOrders(measure).orders.map((order) => ({ of: measure.id, order }))),
  ]
  const libraries = new Map(
    [...plans.flatMap(({ declared }) => declared), ...measures.flatMap(({ closure }) => declaredCodes(closure))].map(
      (one) => [one.library, one] as const,
    ),
  )
  return [
    ...[...libraries.values()].map(({ library, codings }) => ({
      name: `the logic ${library}`,
      place: { resource: `Library ${library}` },
      codings,
    })),
    ...[...sets.values()].map(({ url, title, members }) => ({
      name: `the value set ${title === undefined ? url : `"${title}"`}`,
      place: { resource: `ValueSet ${url}` },
      codings: members,
    })),
    ...orders.map(({ of, order }) => ({
      name: `the order "${order.label}" of ${of}`,
      place: { resource: of },
      codings: codingsOf(order.code),
    })),
  ]
}

function codingsOf(concept: Readonly<Record<string, unknown>>): readonly Coding[] {
  const { coding } = concept
  return Array.isArray(coding)
    ? coding.filter(isObject).map(({ system, code, display }) => ({
        ...(typeof system === 'string' ? { system } : {}),
        ...(typeof code === 'string' ? { code } : {}),
        ...(typeof display === 'string' ? { display } : {}),
      }))
    : []
}
