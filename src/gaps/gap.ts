/**
 * open: something is to be done. closed: done, or (inverse measure) not in the numerator. excluded: in an
 * exclusion or exception. not-applicable: outside the denominator. unknown: could not be evaluated.
 */
export type GapStatus = 'open' | 'closed' | 'excluded' | 'not-applicable' | 'unknown'

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
  readonly dueDate?: string
}
