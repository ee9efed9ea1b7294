import type { InstalledMeasure } from '../content/index.ts'
import { type Coding, foldSystem, isObject, type RecordEntry, type Resource } from '../fhir/index.ts'
import { isLookedFor, isOrderedCode } from './near-miss/code-repairs.ts'
import { dayNumber, dayOfEntry } from './near-miss/date-shift.ts'
import type { LogicReads } from './near-miss/logic-reads.ts'

/** Extension of a Measure: `order` (a reference to a contained ActivityDefinition), `reason` (gap reason codes). */
const suggestedOrderExtension = 'https://caregap.dev/fhir/StructureDefinition/suggested-order'

type Json = Readonly<Record<string, unknown>>

/** An order that a measure says would close its gap, as it stands there: not checked. */
export interface StatedOrder {
  readonly target: string
  readonly activity?: Json
  /** Reason codes of the gaps that it is for; all open ones where empty. */
  readonly reasons: readonly string[]
}

const stated = new WeakMap<InstalledMeasure, readonly StatedOrder[]>()

/** The orders that a measure suggests; read once. */
export function statedOrders(measure: InstalledMeasure): readonly StatedOrder[] {
  const orders = stated.get(measure) ?? readStated(measure)
  stated.set(measure, orders)
  return orders
}

function readStated(measure: InstalledMeasure): readonly StatedOrder[] {
  const contained = listOf(measure.resource['contained'])
  const extensions = listOf(measure.resource['extension']).filter(({ url }) => url === suggestedOrderExtension)
  return extensions.map((extension) => {
    const parts = listOf(extension['extension'])
    const reference = parts.find(({ url }) => url === 'order')?.['valueReference']
    const target = isObject(reference) ? String(reference['reference']).replace(/^#/, '') : ''
    const activity = contained.find((item) => item['resourceType'] === 'ActivityDefinition' && item['id'] === target)
    const reasons = parts.filter(({ url }) => url === 'reason').map((part) => String(part['valueCode']))
    return { target, reasons, ...(activity === undefined ? {} : { activity }) }
  })
}

/** Whether an order that a measure suggests is for a gap of this reason. */
export const isForReason = ({ reasons }: Pick<StatedOrder, 'reasons'>, reasonCode: string): boolean =>
  reasons.length === 0 || reasons.includes(reasonCode)

/** Statuses of an order that stands, by type: placed, and neither done nor withdrawn. A draft is not placed yet. */
const standing: Readonly<Record<string, readonly string[]>> = {
  ServiceRequest: ['active', 'on-hold'],
  MedicationRequest: ['active', 'on-hold'],
  DeviceRequest: ['active', 'on-hold'],
  Appointment: ['proposed', 'pending', 'booked', 'arrived', 'checked-in', 'waitlist'],
  Task: ['requested', 'received', 'accepted', 'ready', 'in-progress'],
}

/** The same as a list. */
export const standingStatuses = Object.entries(standing).map(([type, statuses]) => ({ type, statuses }))

/** Types of resources that may be an order which stands. */
export const orderTypes: readonly string[] = Object.keys(standing)

/** What somebody only thinks of ordering. */
const thoughts = ['proposal', 'plan', 'option']

/** Orders older than this stand in records without anybody meaning them any more. */
const oldestDays = 365

/** Of what an order must be: what the logic looks for, or what the measure itself suggests for the gap's reason. */
export interface OrderSought {
  readonly measure: InstalledMeasure
  readonly reads: LogicReads
  readonly reasonCode: string
  /** `YYYY-MM-DD` */
  readonly today: string
}

/**
 * Orders in a record that would close a gap and stand: the one notion of "already ordered", for lists and for cards. One
 * without a date stands; one that was placed (or is due) more than a year ago does not.
 */
export function standingOrders(entries: readonly RecordEntry[], sought: OrderSought): readonly RecordEntry[] {
  const since = (dayNumber(sought.today) ?? 0) - oldestDays
  const suggested = suggestedCodes(sought)
  return entries.filter(
    (entry) =>
      isPlaced(entry) &&
      (dayOfEntry(entry) ?? since) >= since &&
      (isAwaited(entry, sought.reads) || codesOf(entry.resource).some((code) => suggested.has(code))),
  )
}

/**
 * What is ordered is looked for, and will be recorded in another type. An order of a type that the logic reads itself was
 * read: as it stands it does not close the gap (an antidepressant is no screening).
 */
const isAwaited = (entry: RecordEntry, reads: LogicReads): boolean =>
  isOrderedCode(entry, reads) && !isLookedFor(entry, reads)

function isPlaced({ type, resource }: RecordEntry): boolean {
  if (standing[type]?.includes(String(resource['status'])) !== true || resource['doNotPerform'] === true) return false
  return type === 'Task' || !thoughts.includes(String(resource['intent']))
}

function suggestedCodes({ measure, reasonCode }: OrderSought): ReadonlySet<string> {
  const orders = statedOrders(measure).filter((order) => isForReason(order, reasonCode))
  return new Set(orders.flatMap(({ activity = {} }) => codesOf(activity)))
}

/** Codes of what is ordered, in an order or in what defines one. */
function codesOf(resource: Json | Resource): readonly string[] {
  const { code, medicationCodeableConcept, productCodeableConcept, serviceType } = resource as Json
  const concepts = [code, medicationCodeableConcept, productCodeableConcept, ...listOf(serviceType)]
  return concepts.flatMap((concept) =>
    isObject(concept) ? (listOf(concept['coding']) as readonly Coding[]).flatMap(keyOf) : [],
  )
}

const keyOf = ({ system, code }: Coding): readonly string[] =>
  typeof system === 'string' && typeof code === 'string' ? [`${foldSystem(system)}|${code}`] : []

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
