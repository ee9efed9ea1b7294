import { patientCompartment } from '../../fhir/index.ts'
import { orderTypes } from '../../gaps/index.ts'

/** What a topic (a measure, a card of a plan) reads, by resource type. */
export interface Need {
  readonly topic: string
  readonly types: readonly string[]
  /** Types that make its answer better and that it can do without: never inferred from where they are missing. */
  readonly helpful?: readonly string[]
}

/** What a service asks its clients for, and which topic needs which of it. */
export interface PrefetchPlan {
  /** Key to query template. */
  readonly templates: Readonly<Record<string, string>>
  /** Resource type by key. */
  readonly types: ReadonlyMap<string, string>
  /** Keys that a topic cannot do without. */
  readonly keysOf: ReadonlyMap<string, readonly string[]>
  /** Types that a topic reads and that come by reference alone. */
  readonly referred: ReadonlyMap<string, ReadonlySet<string>>
}

/** The key under which the role of the user is asked for, where cards are for some roles only. */
export const roleKey = 'practitionerRole'

/**
 * Prefetch from the logic's own retrieves: the Patient, and one search by patient for each type that any of
 * the topics reads. Only the restricted subset of FHIR search, no dates (clients cache discovery) and no
 * codes (value sets change, and some clients refuse long queries).
 */
export function planPrefetch(needs: readonly Need[], withRole: boolean = false): PrefetchPlan {
  const wanted = needs.flatMap(({ types, helpful = [] }) => [...types, ...helpful])
  const reachable = [...new Set(['Patient', ...wanted])].filter(isReachable).sort(patientFirst)
  const templates = reachable.map((type) => [keyOf(type), templateOf(type)] as const)
  const role = withRole ? [[roleKey, 'PractitionerRole/{{userPractitionerRoleId}}'] as const] : []
  return {
    templates: Object.fromEntries([...templates, ...role]),
    types: new Map(reachable.map((type) => [keyOf(type), type])),
    keysOf: new Map(
      needs.map(({ topic, types }) => [topic, ['Patient', ...types.filter(isOther)].filter(isReachable).map(keyOf)]),
    ),
    referred: new Map(needs.map(({ topic, types }) => [topic, new Set(types.filter((type) => !isReachable(type)))])),
  }
}

/** What of a person's stored record its topics may read: the types they retrieve, orders that stand, what comes by reference. */
export function storedNeeds({ types, referred }: PrefetchPlan): {
  readonly types: readonly string[]
  readonly referred: readonly string[]
} {
  return {
    types: [...new Set([...types.values(), ...orderTypes])],
    referred: [...new Set([...referred.values()].flatMap((one) => [...one]))],
  }
}

const isOther = (type: string): boolean => type !== 'Patient'

const isReachable = (type: string): boolean => type === 'Patient' || patientCompartment[type] !== undefined

/** The prefetch key of a resource type. */
export const keyOf = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1)

const patientFirst = (left: string, right: string): number =>
  Number(right === 'Patient') - Number(left === 'Patient') || (left < right ? -1 : 1)

/** The types whose search has no parameter `patient` in R4. */
const otherParameter: Readonly<Record<string, string>> = { AdverseEvent: 'subject' }

function templateOf(type: string): string {
  return type === 'Patient' ? 'Patient/{{context.patientId}}' : searchOf(type, '{{context.patientId}}')
}

function searchOf(type: string, patientId: string): string {
  return `${type}?${otherParameter[type] ?? 'patient'}=${patientId}`
}

/** The query of a type for one patient, as our own request to the client's server. */
export function queryOf(type: string, patientId: string): string {
  const id = encodeURIComponent(patientId)
  return type === 'Patient' ? `Patient/${id}` : searchOf(type, id)
}
