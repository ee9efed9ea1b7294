import { foldSystem, isObject, type Resource } from '../../fhir/index.ts'
import type { Order } from '../draft-order.ts'
import type { Facts } from '../facts/facts.ts'

type Json = Readonly<Record<string, unknown>>

/** Orders older than this stand in records without anybody meaning them any more. */
const oldestDays = 365

/**
 * Why nothing needs to be suggested: an order for the same thing that is active (or a visit that is booked), placed
 * in the last year. Undefined where none stands, or where orders were not sent: absence is not inferred there.
 */
export function standingOrder(orders: readonly Order[], facts: Pick<Facts, 'record'>, now: string): string | undefined {
  const since = Date.parse(now) - oldestDays * 86_400_000
  const stands = facts.record.entries.some(
    ({ resource }) => isStanding(resource, since) && orders.some((order) => asksFor(resource, order)),
  )
  return stands ? 'an order for it already stands' : undefined
}

const standing: Readonly<Record<string, readonly string[]>> = {
  ServiceRequest: ['active', 'on-hold'],
  MedicationRequest: ['active', 'on-hold'],
  Appointment: ['proposed', 'pending', 'booked', 'arrived', 'waitlist'],
}

function isStanding(resource: Resource, since: number): boolean {
  const statuses = standing[resource.resourceType]
  if (statuses === undefined || !statuses.includes(String(resource['status']))) return false
  if (resource['doNotPerform'] === true) return false
  if (resource['intent'] === 'proposal' || resource['intent'] === 'plan' || resource['intent'] === 'option')
    return false
  const placed = resource['authoredOn'] ?? resource['start'] ?? resource['created']
  const at = typeof placed === 'string' ? Date.parse(placed) : Number.NaN
  return Number.isNaN(at) || at >= since
}

function asksFor(resource: Resource, { resourceType, code }: Order): boolean {
  if (resource.resourceType !== resourceType) return false
  const wanted = codingsOf(code)
  return asked(resource).some((one) => wanted.includes(one))
}

function asked(resource: Resource): readonly string[] {
  const { serviceType } = resource as { readonly serviceType?: unknown }
  if (Array.isArray(serviceType)) return serviceType.flatMap(codingsOf)
  return codingsOf(resource['code'] ?? resource['medicationCodeableConcept'])
}

function codingsOf(concept: unknown): readonly string[] {
  const codings: unknown = isObject(concept) ? concept['coding'] : undefined
  const all: readonly Json[] = Array.isArray(codings) ? codings.filter(isObject) : []
  return all.flatMap(({ system, code }) =>
    typeof code === 'string' && typeof system === 'string' ? [`${foldSystem(system)}|${code}`] : [],
  )
}
