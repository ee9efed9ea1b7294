import type { Diagnostic } from '../../base/index.ts'
import type { InstalledMeasure } from '../../content/index.ts'
import { isObject } from '../../fhir/index.ts'
import { type Gap, isForReason, type StatedOrder, statedOrders } from '../../gaps/index.ts'
import { type Order, readOrder } from '../draft-order.ts'

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
  const read = statedOrders(measure).map((stated) => readStated(measure, stated))
  return {
    orders: read.filter((order): order is SuggestedOrder => 'label' in order),
    refused: read.filter((order): order is Diagnostic => 'severity' in order),
  }
}

function readStated(
  measure: InstalledMeasure,
  { target, activity, reasons }: StatedOrder,
): SuggestedOrder | Diagnostic {
  if (activity === undefined) return refused(measure, target, 'is not a contained ActivityDefinition')
  const read = readOrder(activity)
  return 'fault' in read ? refused(measure, target, read.fault) : { ...read.order, reasons }
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
  gap.status === 'open' && isForReason(order, gap.reasonCode)

/** What an order asks for, so that two cards that ask for the same are known. */
export function orderKey(order: Order): string {
  const [coding] = listOf(order.code['coding'])
  return `${order.resourceType} ${String(coding?.['system'])}|${String(coding?.['code'])}`
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
