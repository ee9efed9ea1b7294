import type { CoreType } from '../core/index.ts'
import { type AggregateName, neverNull, type OrderKey } from '../plan/index.ts'

/** A key of an order as SQL has it; null is the least. */
export const orderText = (key: OrderKey, text: string): string =>
  `${text} ${key.descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`

/** An order with the text of its key. */
export type PrintedOrder = OrderKey & { readonly text: string }

/** An aggregate over the rows of a group: of those that `where` (a FILTER clause or nothing) leaves, in an order. */
export function aggregateText(
  name: AggregateName,
  value: string,
  where: string,
  order: readonly PrintedOrder[],
  type: string,
): string {
  const ordered = order.length === 0 ? '' : ` ORDER BY ${order.map((key) => orderText(key, key.text)).join(', ')}`
  switch (name) {
    case 'count':
      return `CAST(count_if(${value})${where} AS INTEGER)`
    case 'anyTrue':
      return `bool_or(${value})${where}`
    case 'anyNull':
      return `bool_or(${value} IS NULL)${where}`
    case 'allTrue':
      return `bool_and(${value})${where}`
    case 'sum':
      return `sum(${value})${where}`
    case 'min':
    case 'max':
      return `${name}(${value})${where}`
    case 'first':
    case 'last': {
      const place = placeOf(order)
      if (place === undefined) return `list_extract(list(${value}${ordered})${where}, ${name === 'first' ? 1 : -1})`
      return `${(name === 'first') === place.ascends ? 'arg_min_null' : 'arg_max_null'}(${value}, ${place.text})${where}`
    }
    case 'list': {
      const place = placeOf(order)
      if (place === undefined) return `CAST(list(${value}${ordered})${where} AS ${type})`
      const pairs = `list(struct_pack(k := ${place.text}, v := ${value}))${where}`
      const sorted = `${place.ascends ? 'list_sort' : 'list_reverse_sort'}(${pairs})`
      return `CAST(list_transform(${sorted}, lambda e: (e).v) AS ${type})`
    }
    case 'mode':
      return `mode(${value})${where}`
  }
}

/** One value that orders rows as an order does, or the other way round. */
interface Place {
  readonly text: string
  readonly ascends: boolean
}

/**
 * The database sorts within groups of an aggregate very slowly, and picks by one value quickly. Within a structure null is
 * the greatest, so that a key which may be null has a mark before it; a number is turned round by its sign. Undefined
 * where some keys ascend and others descend that are no numbers.
 */
function placeOf(order: readonly PrintedOrder[]): Place | undefined {
  const [first] = order
  if (first === undefined) return undefined
  const ascends = !first.descending
  if (order.length === 1 && neverNull(first.value)) return { text: first.text, ascends }
  const keys = order.map(({ value, descending, text }, index) => {
    if (descending !== first.descending)
      return isWhole(value.type) && neverNull(value) ? [`k${index} := -(${text})`] : undefined
    const mark = neverNull(value) ? [] : [`n${index} := ${text} IS NOT NULL`]
    return [...mark, `k${index} := ${text}`]
  })
  if (!keys.every((key) => key !== undefined)) return undefined
  return { text: `struct_pack(${keys.flat().join(', ')})`, ascends }
}

const isWhole = (type: CoreType): boolean => type.kind === 'system' && (type.name === 'Integer' || type.name === 'Long')
