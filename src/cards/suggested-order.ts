import type { Diagnostic } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import type { Gap } from '../gaps/index.ts'
import type { HookRequest } from './hook-request.ts'

/** Extension of a Measure: `order` (a reference to a contained ActivityDefinition), `reason` (gap reason codes). */
export const suggestedOrderExtension = 'https://caregap.dev/fhir/StructureDefinition/suggested-order'

/** An order that would close a gap, as the Measure states it. */
export interface SuggestedOrder {
  readonly label: string
  /** Reason codes of the gaps that it is offered for; all open ones where empty. */
  readonly reasons: readonly string[]
  readonly code: Readonly<Record<string, unknown>>
  readonly intent: string
}

type Json = Readonly<Record<string, unknown>>

const intents = ['proposal', 'plan', 'directive', 'order', 'original-order']

/** The orders of a measure, checked: one that would make an invalid ServiceRequest is left out and reported. */
export function readSuggestedOrders(measure: InstalledMeasure): {
  readonly orders: readonly SuggestedOrder[]
  readonly refused: readonly Diagnostic[]
} {
  const contained = listOf(measure.resource['contained'])
  const stated = listOf(measure.resource['extension']).filter(({ url }) => url === suggestedOrderExtension)
  const read = stated.map((extension) => readOrder(measure, extension, contained))
  return {
    orders: read.filter((order): order is SuggestedOrder => 'label' in order),
    refused: read.filter((order): order is Diagnostic => 'severity' in order),
  }
}

function readOrder(
  measure: InstalledMeasure,
  extension: Json,
  contained: readonly Json[],
): SuggestedOrder | Diagnostic {
  const parts = listOf(extension['extension'])
  const reference = parts.find(({ url }) => url === 'order')?.['valueReference']
  const target = isObject(reference) ? String(reference['reference']).replace(/^#/, '') : ''
  const activity = contained.find((item) => item['resourceType'] === 'ActivityDefinition' && item['id'] === target)
  if (activity === undefined) return refused(measure, target, 'is not a contained ActivityDefinition')
  const { kind, title, code, intent = 'proposal' } = activity
  if (kind !== 'ServiceRequest') return refused(measure, target, 'is not of kind ServiceRequest')
  if (typeof title !== 'string' || title === '') return refused(measure, target, 'has no title')
  if (!isObject(code) || !listOf(code['coding']).some(isFullCoding))
    return refused(measure, target, 'has no coding with system, code and display')
  if (typeof intent !== 'string' || !intents.includes(intent)) return refused(measure, target, 'has an unknown intent')
  const reasons = parts.filter(({ url }) => url === 'reason').map((part) => String(part['valueCode']))
  return { label: title, reasons, code, intent }
}

const isFullCoding = (coding: Json): boolean =>
  ['system', 'code', 'display'].every((element) => typeof coding[element] === 'string' && coding[element] !== '')

function refused(measure: InstalledMeasure, target: string, why: string): Diagnostic {
  return {
    code: 'cards/invalid-order',
    severity: 'warning',
    message: `The suggested order "${target}" of measure ${measure.id} ${why}; cards do not offer it.`,
    place: { resource: `Measure/${measure.id}`, element: 'contained' },
    remedy: 'Give the ActivityDefinition kind ServiceRequest, a title and a code with system, code and display.',
  }
}

export const isOfferedFor = (order: SuggestedOrder, gap: Gap): boolean =>
  gap.status === 'open' && (order.reasons.length === 0 || order.reasons.includes(gap.reasonCode))

/** The order as a draft for the patient of the request, in the client's own ids. */
export function draftOrder(order: SuggestedOrder, request: HookRequest): Resource {
  const ordering = /^Practitioner(Role)?\//.test(request.userId)
  return {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: order.intent,
    code: order.code,
    subject: { reference: `Patient/${request.patientId}` },
    ...(request.encounterId === undefined ? {} : { encounter: { reference: `Encounter/${request.encounterId}` } }),
    ...(ordering ? { requester: { reference: request.userId } } : {}),
  }
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
