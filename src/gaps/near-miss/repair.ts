import type { RecordEntry, Resource } from '../../fhir/index.ts'
import type { GapEvidence } from '../gap.ts'

/** Which one condition a resource fails. */
export type NearMissKind = 'date-outside' | 'no-unit' | 'no-value' | 'not-final' | 'unmapped-code' | 'wrong-encounter'

/** A change of one resource that may make it count: what is wrong with it, and the resource put right. */
export interface Repair {
  readonly kind: NearMissKind
  readonly entry: RecordEntry
  readonly repaired: Resource
  /** The element that is wrong. */
  readonly element: string
  /** What it holds now, in words; absent where it holds nothing. */
  readonly is?: string
  /** What it would have to be, in words. */
  readonly wanted: string
}

/** What a repair would do to the gap. */
export type RepairEffect = 'closes' | 'excludes' | 'includes' | 'evaluates'

/** A resource that fails by exactly one condition: with the repair the result is another, which was tried. */
export interface NearMiss {
  readonly kind: NearMissKind
  readonly fact: Omit<GapEvidence, 'define'>
  readonly element: string
  readonly is?: string
  readonly wanted: string
  /** How many days the date is outside; negative where it is too early. */
  readonly days?: number
  readonly effect: RepairEffect
  /** One sentence: what the fact is, what is wrong with it, and what putting it right would do. */
  readonly sentence: string
}

/** The object with one value replaced at a path of names and indexes; what is not on the path is shared. */
export function withValueAt(holder: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(holder)) {
    return (holder as readonly unknown[]).map((item, index) => (index === step ? withValueAt(item, rest, value) : item))
  }
  const object = holder as Readonly<Record<string, unknown>>
  return { ...object, [step]: withValueAt(object[step], rest, value) }
}

/** A repaired copy of a resource. */
export const repairedAt = (resource: Resource, path: readonly (string | number)[], value: unknown): Resource =>
  withValueAt(resource, path, value) as Resource

/** `component[0].valueQuantity.unit`. */
export const pathText = (path: readonly (string | number)[]): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('')
