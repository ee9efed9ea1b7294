import type { Value } from '../../core/index.ts'

/** Where the persons' data are, and what their codes mean: bound when a plan is made. */
export interface DataSource {
  /** The table of a type's resources; undefined for a type that is read from raw only. */
  typedTable(type: string): string | undefined
  /** Table of the codings of each concept: (cid, codings). */
  readonly codings: string
  /** Table of the resources as they were received: (rid, raw). */
  readonly raw: string
  /** Concepts that meet wanted codes (a value set, codes or concepts); undefined where they are not at hand. */
  cidsOf(wanted: Value, comparator: string): readonly number[] | undefined
  /** Concepts with a coding for which the test holds; systems are folded. */
  cidsWhere(meets: (code: string, system: string | null) => boolean): readonly number[]
  /** Concepts that have no code at all. */
  cidsWithoutCode(): readonly number[]
  /** Codes of a value set; undefined where no expansion is at hand. */
  codesOf(valueSet: Value): readonly Value[] | undefined
}
