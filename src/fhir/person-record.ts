import type { Resource } from './resource.ts'

/** One resource of a person, with what is needed to say where it came from. */
export interface RecordEntry {
  /** Key of the resource in the store, or in a prefetch; text, for it may exceed 2^53. */
  readonly rid: string
  readonly source: string
  readonly type: string
  /** The id as the source gave it. */
  readonly id: string
  /**
   * The resource with its id and local references qualified by source (`Encounter/lakeside.123`), so that
   * `Medication/123` of two EHRs never meet.
   */
  readonly resource: Resource
}

/**
 * All facts of one person: every source's compartment, what it refers to, and exactly one Patient (the
 * merged one). Ordered by rid, whatever the order of loading.
 */
export interface PersonRecord {
  /** The person key; 0 for a record that comes from a prefetch and is not stored. */
  readonly pid: number
  readonly patient: Resource
  readonly entries: readonly RecordEntry[]
}
