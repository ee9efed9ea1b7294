import { isObject, type Resource } from '../fhir/index.ts'
import type { HookRequest } from './hook/hook-request.ts'

type Json = Readonly<Record<string, unknown>>

/** Kinds of drafts that a suggestion may carry. */
export const orderTypes = ['ServiceRequest', 'MedicationRequest', 'Appointment'] as const
export type OrderType = (typeof orderTypes)[number]

/** An order that can be drafted, as an ActivityDefinition states it. */
export interface Order {
  readonly label: string
  readonly resourceType: OrderType
  /** What is ordered: the service, the medication, the kind of visit. */
  readonly code: Json
  readonly intent: string
  readonly dosage?: readonly Json[]
  readonly reasonCode?: readonly Json[]
}

const intents = ['proposal', 'plan', 'directive', 'order', 'original-order']
const medicationIntents = ['proposal', 'plan', 'order', 'original-order']

/** The order of an ActivityDefinition, or why it would make an invalid draft. */
export function readOrder(activity: Json): { readonly order: Order } | { readonly fault: string } {
  const { kind, title, intent = 'proposal' } = activity
  const resourceType = orderTypes.find((type) => type === kind)
  if (resourceType === undefined) return { fault: `is not of kind ${orderTypes.join(', ')}` }
  if (typeof title !== 'string' || title === '') return { fault: 'has no title' }
  const code = resourceType === 'MedicationRequest' ? activity['productCodeableConcept'] : activity['code']
  if (!isObject(code) || !listOf(code['coding']).some(isFullCoding))
    return { fault: 'has no coding with system, code and display' }
  const known = resourceType === 'MedicationRequest' ? medicationIntents : intents
  if (typeof intent !== 'string' || !known.includes(intent)) return { fault: 'has an unknown intent' }
  const dosage = listOf(activity['dosage'])
  return {
    order: { label: title, resourceType, code, intent, ...(dosage.length === 0 ? {} : { dosage }) },
  }
}

const isFullCoding = (coding: Json): boolean =>
  ['system', 'code', 'display'].every((element) => typeof coding[element] === 'string' && coding[element] !== '')

/** The order as a draft for the patient of the request, in the client's own ids. */
export function draftOrder(order: Order, request: HookRequest, now: string): Resource {
  const subject = { reference: `Patient/${request.patientId}` }
  if (order.resourceType === 'Appointment') return draftAppointment(order, subject, now)
  const ordering = request.userId !== undefined && /^Practitioner(Role)?\//.test(request.userId)
  const what =
    order.resourceType === 'MedicationRequest' ? { medicationCodeableConcept: order.code } : { code: order.code }
  return {
    resourceType: order.resourceType,
    status: 'draft',
    intent: order.intent,
    ...what,
    subject,
    ...(request.encounterId === undefined ? {} : { encounter: { reference: `Encounter/${request.encounterId}` } }),
    ...(ordering ? { requester: { reference: request.userId } } : {}),
    ...(order.dosage === undefined ? {} : { dosageInstruction: order.dosage }),
  }
}

/** A proposed visit without a time: who books it finds one. */
function draftAppointment(order: Order, actor: { readonly reference: string }, now: string): Resource {
  return {
    resourceType: 'Appointment',
    status: 'proposed',
    serviceType: [order.code],
    created: now,
    participant: [{ actor, required: 'required', status: 'needs-action' }],
  }
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
