import { isList, type Value } from '../../core/index.ts'

/** Resources of a record as bits, by their place in it. */
export type Cited = bigint

export const nothing: Cited = 0n

/**
 * What a value rests on. As long as none of `all` is deleted, whatever else is, the value stays what it is: so nothing
 * at all is cited for what no deletion can change. Lists say it of each element, tuples of each field.
 */
export interface Lineage {
  readonly all: Cited
  readonly list?: ListLineage
  readonly fields?: ReadonlyMap<string, Lineage>
}

/** `base` keeps out what is not in the list; `items` go with its elements, in order. */
export interface ListLineage {
  readonly base: Cited
  /** As long as none of these is deleted, the elements that are there stand in this order. */
  readonly order: Cited
  readonly items: readonly ItemLineage[]
}

/** What one element of a list rests on. */
export interface ItemLineage {
  /** Where one of these is deleted the element is gone, and nothing else of the list is another. */
  readonly own: Cited
  /** As long as none of these is deleted, the element is there. */
  readonly presence: Cited
  /** What the element's value rests on where it is there. */
  readonly lineage: Lineage
}

/** A value with what it rests on. */
export interface Bound {
  readonly value: Value
  readonly lineage: Lineage
}

export const restsOnNothing: Lineage = { all: nothing }

export const restsOn = (all: Cited): Lineage => (all === nothing ? restsOnNothing : { all })

/** All that the element's being there, as it is, rests on. */
export const wholeOf = ({ presence, lineage }: ItemLineage): Cited => presence | lineage.all

/** What of an element's value rests on others than those it goes with. */
export const foreignTo = ({ own, lineage }: ItemLineage): Cited => lineage.all & ~own

export function listLineage(base: Cited, items: readonly ItemLineage[], order: Cited = nothing): Lineage {
  return { all: items.reduce((all, item) => all | wholeOf(item), base | order), list: { base, order, items } }
}

/** The same value, resting on more. */
export function withMore(lineage: Lineage, more: Cited): Lineage {
  if (more === nothing) return lineage
  const { list, fields } = lineage
  return {
    all: lineage.all | more,
    ...(list === undefined ? {} : { list: { ...list, base: list.base | more } }),
    ...(fields === undefined
      ? {}
      : { fields: new Map([...fields].map(([name, field]) => [name, withMore(field, more)])) }),
  }
}

/** What the elements of a list rest on; where that is not known of each, each rests on all. Null is an empty list. */
export function itemsOf({ value, lineage }: Bound): ListLineage {
  const count = value === null ? 0 : isList(value) ? value.length : 1
  if (lineage.list?.items.length === count) return lineage.list
  const item: ItemLineage = { own: nothing, presence: lineage.all, lineage: restsOn(lineage.all) }
  return { base: lineage.all, order: nothing, items: Array.from({ length: count }, () => item) }
}

export const union = (cited: readonly Cited[]): Cited => cited.reduce((all, one) => all | one, nothing)

/** What rests on any of several reasons, each enough: nothing where one of them cannot be deleted. */
export const anyOf = (reasons: readonly Cited[]): Cited => (reasons.includes(nothing) ? nothing : union(reasons))
