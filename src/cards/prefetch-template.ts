import type { InstalledMeasure } from '../content/index.ts'
import { patientCompartment } from '../fhir/index.ts'
import { retrievedTypes } from '../gaps/index.ts'

/** What a service asks its clients for, and which measure needs which of it. */
export interface PrefetchPlan {
  /** Key to query template. */
  readonly templates: Readonly<Record<string, string>>
  /** Resource type by key. */
  readonly types: ReadonlyMap<string, string>
  /** Keys that a measure cannot do without, by measure id. */
  readonly keysOf: ReadonlyMap<string, readonly string[]>
  /** Types that a measure reads and that come by reference alone, by measure id. */
  readonly referred: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Prefetch from the logic's own retrieves: the Patient, and one search by patient for each type that any of
 * the measures reads. Only the restricted subset of FHIR search, no dates (clients cache discovery) and no
 * codes (value sets change, and some clients refuse long queries).
 */
export function planPrefetch(measures: readonly InstalledMeasure[]): PrefetchPlan {
  const needs = measures.map((measure) => ({ id: measure.id, types: retrievedTypes(measure) }))
  const reachable = [...new Set(needs.flatMap(({ types }) => types))].filter(isReachable).sort(patientFirst)
  return {
    templates: Object.fromEntries(reachable.map((type) => [keyOf(type), templateOf(type)])),
    types: new Map(reachable.map((type) => [keyOf(type), type])),
    keysOf: new Map(needs.map(({ id, types }) => [id, types.filter(isReachable).map(keyOf)])),
    referred: new Map(needs.map(({ id, types }) => [id, new Set(types.filter((type) => !isReachable(type)))])),
  }
}

const isReachable = (type: string): boolean => type === 'Patient' || patientCompartment[type] !== undefined

/** The prefetch key of a resource type. */
export const keyOf = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1)

const patientFirst = (left: string, right: string): number =>
  Number(right === 'Patient') - Number(left === 'Patient') || (left < right ? -1 : 1)

/** The types whose search has no parameter `patient` in R4. */
const otherParameter: Readonly<Record<string, string>> = { AdverseEvent: 'subject' }

function templateOf(type: string): string {
  if (type === 'Patient') return 'Patient/{{context.patientId}}'
  return `${type}?${otherParameter[type] ?? 'patient'}={{context.patientId}}`
}
