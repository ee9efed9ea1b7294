import type { Value } from '../../core/index.ts'
import type { ValueFacts } from '../algebra/value-facts.ts'

/** What the stored resources of a type have in common. */
export interface TypeFacts {
  /** There is none. */
  readonly isEmpty: boolean
  /** Elements whose columns represent them in every resource. */
  readonly whole: ReadonlySet<string>
  /** Those whose columns represent them in the resources of all but some persons, who are evaluated without columns. */
  readonly partial?: ReadonlySet<string>
  /** The concepts that stand in a column, by column; undefined where they are not told. */
  readonly concepts?: ReadonlyMap<string, ReadonlySet<number>>
  /** JSON paths (`abatementAge`, `period.end`, `component.valueRange`) that no resource fills: null wherever they are read. */
  readonly unfilled: ReadonlySet<string>
  /** What the values in a column have in common; in tables that hold no such column, nothing. */
  readonly values?: ReadonlyMap<string, ValueFacts>
  /** The lists of profiles that resources name, each once; undefined where they are too many to be told. */
  readonly profiles?: readonly (readonly string[])[]
}

/** Where the persons' data are, and what their codes mean: bound when a plan is made. */
export interface DataSource {
  /** The table of a type's resources; undefined for a type that is read from raw only. */
  typedTable(type: string): string | undefined
  /** What is known of a type's resources: a plan holds for the data that it was made over. Undefined: nothing. */
  factsOf(type: string): TypeFacts | undefined
  /** Table of the codings of each concept: (cid, codings). */
  readonly codings: string
  /** Table of the resources that may say of which value set nothing was done, as text: (rid, raw). */
  readonly notDone: string
  /** Concepts that meet wanted codes (a value set, codes or concepts); undefined where they are not at hand. */
  cidsOf(wanted: Value, comparator: string): readonly number[] | undefined
  /** Concepts with a coding for which the test holds; systems are folded. */
  cidsWhere(meets: (code: string, system: string | null) => boolean): readonly number[]
  /** Concepts that have no code at all. */
  cidsWithoutCode(): readonly number[]
  /** Codes of a value set; undefined where no expansion is at hand. */
  codesOf(valueSet: Value): readonly Value[] | undefined
}
