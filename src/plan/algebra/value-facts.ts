/** What is known of all values of an expression that are not null: of stored ones because the plan's data have it so. */
export interface ValueFacts {
  /** Of a date or time: the fewest fields that one has, from 1 (a year) to 7 (milliseconds). */
  readonly least?: number
  /** The most fields. */
  readonly most?: number
  /** Whether times say how far their clock is from UTC: all of them, or none. */
  readonly offset?: 'always' | 'never'
  /** A truth that is true. */
  readonly isTrue?: true
  /** A period that ends no earlier than it starts, where both are there. */
  readonly isOrdered?: true
  /** Of a structure what is known of its parts. */
  readonly parts?: Readonly<Record<string, PartFacts>>
}

/** What is known of a part of a structure. */
export interface PartFacts extends ValueFacts {
  /** The part is there wherever the whole is. */
  readonly always?: true
}
