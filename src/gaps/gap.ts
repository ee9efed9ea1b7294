import { worklistStatuses } from '../store/index.ts'

/**
 * open: something is to be done. prospective: something will be, not before its due date. ordered: an order for it
 * stands. awaiting-data: it was reported done, and the final result is still to come. closed: done, or (inverse
 * measure) not in the numerator. excluded: in an exclusion or exception. not-applicable: outside the denominator.
 * unknown: could not be evaluated.
 */
export type GapStatus =
  | 'open'
  | 'prospective'
  | 'ordered'
  | 'awaiting-data'
  | 'closed'
  | 'excluded'
  | 'not-applicable'
  | 'unknown'

/** The statuses in the order of urgency: those that lists hold, then the one that none does. */
export const gapStatuses: readonly GapStatus[] = [...worklistStatuses, 'not-applicable']

/** A fact that a gap rests on, ready to be shown: what, when, value, and where it came from. */
export interface GapEvidence {
  readonly rid: string
  readonly source: string
  readonly type: string
  readonly id: string
  /** The define whose value holds it. */
  readonly define: string
  /** Display of its code, e.g. `Hemoglobin A1c`. */
  readonly what: string
  /** The clinically relevant date as written, at its own precision; absent where the resource has none. */
  readonly when?: string
  /** Value with unit as written, e.g. `9.4 %`, `152/88 mm[Hg]`. */
  readonly value?: string
}

/** One measure's gap of one person, with why. */
export interface Gap {
  readonly measureId: string
  readonly groupId: string
  readonly pid: number
  readonly status: GapStatus
  /** Machine-readable reason, kebab-case, e.g. `no-qualifying-result`, `result-out-of-range`. */
  readonly reasonCode: string
  /** One sentence in plain words. */
  readonly sentence: string
  readonly evidence: readonly GapEvidence[]
  readonly nextAction?: string
  /**
   * Since when it is due, or until when; the end of the period where the measure does not say. Of a closed gap, when it is due
   * again; absent where the measure does not say, and where nothing is to be done.
   */
  readonly dueDate?: string
}
