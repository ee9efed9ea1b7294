import { type Context, Date as CqlDate, DateTime, type Expression, Quantity } from 'cql-execution'
import { fault } from '../base/index.ts'
import { FhirNode } from './fhir-node.ts'

/** One item of a sort clause as cql-execution builds it; without an expression it sorts by the row itself. */
export interface SortItem {
  readonly direction: string
  readonly expression?: Expression
}

/**
 * Sorted rows: nulls lowest; equal rows keep their order, descending too. cql-execution's own sort turns equal rows
 * around, compares times of different offsets by their text, and takes FHIR structures and quantities without a
 * common unit for ordered: here these are the fault `interpret/unordered`.
 */
export async function sortRows(
  context: Context,
  rows: readonly unknown[],
  by: readonly SortItem[],
): Promise<readonly unknown[]> {
  const offset = context.getTimezoneOffset() ?? 0
  const keyed: { readonly row: unknown; readonly keys: readonly Key[] }[] = []
  for (const row of rows) {
    const keys: Key[] = []
    for (const { expression } of by) {
      const value: unknown = expression === undefined ? row : await expression.execute(context.childContext(row))
      keys.push(keyOf(value, offset))
    }
    keyed.push({ row, keys })
  }
  return keyed.sort((a, b) => compareRows(a.keys, b.keys, by)).map(({ row }) => row)
}

/** What a value is ordered by; times as their fields at the evaluation's offset. */
type Key = null | number | string | Quantity | readonly (number | null)[]

function keyOf(value: unknown, offset: number): Key {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string' || value instanceof Quantity) return value
  if (value instanceof CqlDate) return [value.year, value.month, value.day]
  if (value instanceof DateTime) return timeFields(value, offset)
  // A FHIR primitive is ordered by what it holds; a structure has no order.
  if (value instanceof FhirNode && FhirNode.classOf(value).elements.get('value')?.kind === 'system') {
    return keyOf(value.get('value'), offset)
  }
  throw unordered('values of this type have no order')
}

function timeFields(value: DateTime, offset: number): readonly (number | null)[] {
  const shifts = value.hour !== null && value.timezoneOffset !== null && value.timezoneOffset !== offset
  const { year, month, day, hour, minute, second, millisecond } = shifts ? value.convertToTimezoneOffset(offset) : value
  return [year, month, day, hour, minute, second, millisecond]
}

function compareRows(a: readonly Key[], b: readonly Key[], by: readonly SortItem[]): number {
  for (const [index, { direction }] of by.entries()) {
    const order = compareKeys(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return direction.startsWith('asc') ? order : -order
  }
  return 0
}

function compareKeys(a: Key, b: Key): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  if (a instanceof Quantity && b instanceof Quantity) return compareQuantities(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return compareFields(a, b)
  if (typeof a !== typeof b) throw unordered('values of different types have no order')
  return a === b ? 0 : a < b ? -1 : 1
}

/** An absent field is lower than any: 2025 comes before 2025-01. */
function compareFields(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  for (const [index, field] of a.entries()) {
    const other = b[index] ?? null
    if (field !== other) return (field ?? -1) < (other ?? -1) ? -1 : 1
  }
  return 0
}

function compareQuantities(a: Quantity, b: Quantity): number {
  const isBefore = a.before(b) as boolean | null
  if (isBefore === null) throw unordered('quantities without a common unit have no order')
  return isBefore ? -1 : (b.before(a) as boolean | null) === true ? 1 : 0
}

const unordered = (why: string) =>
  fault('input', 'interpret/unordered', `A sort meets what it cannot order: ${why}.`, {
    remedy: 'Sort by an element that has an order, or correct the data.',
  })
