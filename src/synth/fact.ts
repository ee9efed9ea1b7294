import type { Day } from './calendar.ts'
import type { Code } from './codes/code.ts'
import type { VisitKind } from './codes/visits.ts'

/** How the mess of real records has touched a fact: see `mess/`. */
export type MessKind =
  | 'month-only-date'
  | 'year-only-date'
  | 'local-code-only'
  | 'code-system-alias'
  | 'wrong-unit'
  | 'missing-unit'
  | 'entered-in-error'
  | 'preliminary'
  | 'order-without-result'
  | 'duplicate-within-source'
  | 'duplicate-across-sources'
  | 'repeated-line'
  | 'value-as-string'
  | 'value-missing'
  | 'dangling-reference'
  | 'evening-next-day'
  | 'evening-next-year'
  | 'conflicting-birth-date'
  | 'conflicting-sex'
  | 'shared-identifier'
  | 'deceased'
  | 'malformed-line'

export interface Quantity {
  readonly kind: 'quantity'
  readonly value: number
  readonly unit: string
}

export type Value =
  | Quantity
  | { readonly kind: 'concept'; readonly code: Code }
  | { readonly kind: 'text'; readonly text: string }

/** What all facts have: when (local civil time), at which visit, and in which of the person's records. */
interface Occurrence {
  day: Day
  minute: number
  /** Index into the person's sources of the record that holds it. */
  home: number
  visit?: Visit | undefined
  mess?: MessKind[]
  /** How much of the date was recorded; the whole where absent. */
  precision?: 'month' | 'year'
  /** A local code of the source stands in place of the standard one. */
  local?: boolean
  /** How a quantity's unit was written, where not as it should be: another unit, or none at all. */
  unit?: string | null
  /** An encounter that is not in the export. */
  lostVisit?: boolean
  /** Id within the source, set when it is written. */
  id?: string
  /** A business identifier that copies of the same event share. */
  event?: string
}

export interface Visit extends Occurrence {
  readonly type: 'visit'
  readonly kind: VisitKind
  length: number
  status: 'finished' | 'cancelled' | 'in-progress'
  reason?: Code | undefined
  disposition?: Code | undefined
}

export interface Diagnosis extends Occurrence {
  readonly type: 'diagnosis'
  readonly code: Code
  end?: Day | undefined
  readonly category: 'problem-list-item' | 'encounter-diagnosis'
  verification: 'confirmed' | 'unconfirmed' | 'provisional' | 'refuted' | 'entered-in-error'
  readonly site?: Code | undefined
}

export interface Observed extends Occurrence {
  readonly type: 'observed'
  readonly code: Code
  readonly category: 'laboratory' | 'vital-signs' | 'survey' | 'imaging' | 'social-history' | 'exam'
  status: 'final' | 'amended' | 'corrected' | 'preliminary' | 'entered-in-error' | 'cancelled' | 'registered'
  value?: Value | undefined
  /** The value as it was measured, where writing it down changed it. */
  meant?: Value
  readonly parts?: readonly (readonly [Code, Quantity])[] | undefined
  readonly reason?: Code | undefined
}

export interface Act extends Occurrence {
  readonly type: 'act'
  readonly code: Code
  status: 'completed' | 'not-done' | 'entered-in-error' | 'in-progress'
  readonly end?: Day | undefined
  readonly reason?: Code | undefined
}

export interface Prescription extends Occurrence {
  readonly type: 'prescription'
  readonly code: Code
  readonly supplyDays: number
  status: 'active' | 'completed' | 'stopped' | 'entered-in-error'
  readonly reason?: Code | undefined
}

export interface Order extends Occurrence {
  readonly type: 'order'
  readonly code: Code
  readonly device: boolean
  status: 'active' | 'completed' | 'revoked' | 'entered-in-error'
  readonly refused?: Code | undefined
}

export interface Vaccination extends Occurrence {
  readonly type: 'vaccination'
  readonly code: Code
  readonly refused: boolean
}

export interface Intolerance extends Occurrence {
  readonly type: 'intolerance'
  readonly code: Code
}

/** A report over results of one visit. */
export interface Report extends Occurrence {
  readonly type: 'report'
  readonly code: Code
  readonly group: 'LAB' | 'RAD'
  readonly results: readonly Observed[]
}

export interface Booking extends Occurrence {
  readonly type: 'booking'
  readonly kind: VisitKind
  readonly status: 'booked' | 'fulfilled' | 'noshow' | 'cancelled'
}

/** Something that happened to one person, before any EHR wrote it down in its own way. */
export type Fact =
  | Visit
  | Diagnosis
  | Observed
  | Act
  | Prescription
  | Order
  | Vaccination
  | Intolerance
  | Report
  | Booking
