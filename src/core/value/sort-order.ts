import { lowest } from './bounds.ts'
import { compareValues } from './compare.ts'
import { compareDecimals } from './decimal.ts'
import type { Environment } from './environment.ts'
import { atOffset, type Temporal } from './temporal.ts'
import { type Interval, kindOf, type Quantity, type Value } from './value.ts'

/**
 * The total order of a sort: nulls before all, a less precise date before a more precise one that it holds,
 * values that cannot be compared alike (their position then decides). Negative, 0 or positive.
 */
export function sortOrder(left: Value, right: Value, env: Environment): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  const [a, b] = [lowest(left), lowest(right)]
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return 0
  if (kind === 'date' || kind === 'datetime' || kind === 'time') return temporalOrder(a as Temporal, b as Temporal, env)
  if (kind === 'boolean') return Number(a) - Number(b)
  if (kind === 'interval') return intervalOrder(a as Interval, b as Interval, env)
  if (kind === 'quantity')
    return compareValues(a, b, env) ?? compareDecimals((a as Quantity).value, (b as Quantity).value)
  return sortable.has(kind) ? (compareValues(a, b, env) ?? 0) : 0
}

const sortable = new Set(['integer', 'long', 'decimal', 'string'])

function intervalOrder(left: Interval, right: Interval, env: Environment): number {
  return sortOrder(left.low, right.low, env) || sortOrder(left.high, right.high, env)
}

function temporalOrder(left: Temporal, right: Temporal, env: Environment): number {
  const wall = (value: Temporal) => (value.kind === 'datetime' ? atOffset(value, env.now.offset).wall : value.wall)
  return wall(left) - wall(right) || left.precision - right.precision
}
