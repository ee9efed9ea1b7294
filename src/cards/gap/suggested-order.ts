import type { Diagnostic } from '../../base/index.ts'
import type { InstalledMeasure } from '../../content/index.ts'
import { isObject } from '../../fhir/index.ts'
import type { Gap } from '../../gaps/index.ts'
import { type Order, readOrder } from '../draft-order.ts'

/** Extension of a Measure: `order` (a reference to a contained ActivityDefinition), `reason` (gap reason codes). */
export const suggestedOrderExtension = 'https://caregap.dev/fhir/StructureDefinition/suggested-order'

/** An order that would close a gap, as the Measure states it. */
export interface SuggestedOrder extends Order {
  /** Reason codes of the gaps that it is offered for; all open ones where empty. */
  readonly reasons: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

/** The orders of a measure, checked: one that would make an invalid draft is left out and reported. */
export function readSuggestedOrders(measure: InstalledMeasure): {
  readonly orders: readonly SuggestedOrder[]
  readonly refused: readonly Diagnostic[]
} {
  const contained = listOf(measure.resource['contained'])
  const stated = listOf(measure.resource['extension']).filter(({ url }) => url === suggestedOrderExtension)
  const read = stated.map((extension) => readStated(measure, extension, contained))
  return {
    orders: read.filter((order): order is SuggestedOrder => 'label' in order),
    refused: read.filter((order): order is Diagnostic => 'severity' in order),
  }
}

function readStated(
  measure: InstalledMeasure,
  extension: Json,
  contained: readonly Json[],
): SuggestedOrder | Diagnostic {
  const parts = listOf(extension['extension'])
  const reference = parts.find(({ url }) => url === 'order')?.['valueReference']
  const target = isObject(reference) ? String(reference['reference']).replace(/^#/, '') : ''
  const activity = contained.find((item) => item['resourceType'] === 'ActivityDefinition' && item['id'] === target)
  if (activity === undefined) return refused(measure, target, 'is not a contained ActivityDefinition')
  const read = readOrder(activity)
  if ('fault' in read) return refused(measure, target, read.fault)
  const reasons = parts.filter(({ url }) => url === 'reason').map((part) => String(part['valueCode']))
  return { ...read.order, reasons }
}

function refused(measure: InstalledMeasure, target: string, why: string): Diagnostic {
  return {
    code: 'cards/invalid-order',
    severity: 'warning',
    message: `The suggested order "${target}" of measure ${measure.id} ${why}; cards do not offer it.`,
    place: { resource: `Measure/${measure.id}`, element: 'contained' },
    remedy: 'Give the ActivityDefinition a kind, a title and a code with system, code and display.',
  }
}

export const isOfferedFor = (order: SuggestedOrder, gap: Gap): boolean =>
  gap.status === 'open' && (order.reasons.length === 0 || order.reasons.includes(gap.reasonCode))

/** What an order asks for, so that two cards that ask for the same are known. */
export function orderKey(order: Order): string {
  const [coding] = listOf(order.code['coding'])
  return `${order.resourceType} ${String(coding?.['system'])}|${String(coding?.['code'])}`
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
