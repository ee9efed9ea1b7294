import { type CoreType } from '../../core/index.ts'
import {
  choose,
  field,
  guard,
  isNotNull,
  isNull,
  neverNull,
  nothing,
  pack,
  test,
  truth,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { factsOf } from '../algebra/facts.ts'
import { alike } from '../algebra/parts.ts'
import { booleanTypeOf, intervalOf, systemName, textTypeOf, uncertainOf } from '../algebra/types.ts'
import { convert } from './convert.ts'
import { between, extreme, highest, less, lowest, neighbour, type Setting } from './point.ts'

type Side = 'low' | 'high'

/** The type of an interval's points. */
export function pointTypeOf(interval: CoreType): CoreType {
  return interval.kind === 'interval' ? interval.of : interval
}

const bound = (interval: Expr, side: Side): Expr => field(interval, side, pointTypeOf(interval.type))
const closed = (interval: Expr, side: Side): Expr => field(interval, `${side}Closed`, booleanTypeOf)

/** The point that a bound stands for where it is not null: itself, or its neighbour where it is open. */
function known(interval: Expr, side: Side): Expr {
  const at = bound(interval, side)
  const isClosed = closed(interval, side)
  const inside = () => neighbour(at, side === 'low' ? 1 : -1)
  if (isAlwaysTrue(isClosed)) return at
  if (isClosed.kind === 'const') return inside()
  return choose(at.type, [[isClosed, at]], inside())
}

/**
 * The first or last point of an interval. A closed null bound is the extreme of the type; an open one is unknown,
 * so the point is uncertain unless the bound is seen to be closed or never null.
 */
function edge(interval: Expr, side: Side): Expr {
  const at = bound(interval, side)
  if (neverNull(at)) return known(interval, side)
  const other = bound(interval, side === 'low' ? 'high' : 'low')
  const unit = systemName(at.type) === 'Quantity' ? field(other, 'unit', textTypeOf) : undefined
  const point = at.type.kind === 'uncertain' ? at.type.of : at.type
  const least = convertPoint(extreme(side === 'low' ? 'least' : 'greatest', point, unit), at.type)
  const isClosed = closed(interval, side)
  if (isAlwaysTrue(isClosed) && factsOf(interval).parts?.[side]?.always === true) return at
  const present = isNotNull(at)
  if (isAlwaysTrue(isClosed)) return choose(at.type, [[present, at]], least)
  return uncertainEdge(interval, side, { at, other, unit, least, isClosed, present })
}

/** True, or null of a null interval, of which nobody asks a bound. */
function isAlwaysTrue(flag: Expr): boolean {
  if (flag.kind === 'const') return flag.value !== false
  if (factsOf(flag).isTrue === true) return true
  if (flag.kind !== 'case') return false
  const values = [...flag.branches.map(({ gives }) => gives), ...(flag.otherwise === undefined ? [] : [flag.otherwise])]
  return values.every(isAlwaysTrue)
}

const convertPoint = (value: Expr, type: CoreType): Expr => (type.kind === 'uncertain' ? between(value, value) : value)

interface Edge {
  readonly at: Expr
  readonly other: Expr
  readonly unit: Expr | undefined
  readonly least: Expr
  readonly isClosed: Expr
  readonly present: Expr
}

function uncertainEdge(interval: Expr, side: Side, { at, other, unit, least, isClosed, present }: Edge): Expr {
  const end = at.type.kind === 'uncertain' ? at.type.of : at.type
  const far = convertPoint(extreme(side === 'low' ? 'greatest' : 'least', end, unit), at.type)
  const opposite = known(interval, side === 'low' ? 'high' : 'low')
  const reach = choose(at.type, [[isNotNull(other), opposite]], far)
  const exact = known(interval, side)
  const near = choose(at.type, [[present, exact]], least)
  const away = choose(
    at.type,
    [
      [present, exact],
      [isClosed, least],
    ],
    reach,
  )
  const [low, high] = side === 'low' ? [near, away] : [away, near]
  const point = at.type.kind === 'uncertain' ? at.type.of : at.type
  return pack(uncertainOf(point), { low: lowest(low), high: highest(high) })
}

export const startOf = (interval: Expr): Expr => edge(interval, 'low')
export const endOf = (interval: Expr): Expr => edge(interval, 'high')

/** A closed interval between two points that may be uncertain: then its bounds are. */
export function closedInterval(type: CoreType, low: Expr, high: Expr): Expr {
  const declared = pointTypeOf(type)
  const certain = declared.kind === 'uncertain' ? declared.of : declared
  const open = low.type.kind === 'uncertain' || high.type.kind === 'uncertain'
  const as = (value: Expr) => (open && value.type.kind !== 'uncertain' ? between(value, value) : value)
  const point = open ? uncertainOf(certain) : certain
  return pack(intervalOf(point), { low: as(low), high: as(high), lowClosed: truth(true), highClosed: truth(true) })
}

/**
 * An interval as CQL's selector makes it: null where both bounds are null and of no type, a fault where it ends before
 * it starts. The translator converts an interval X by parts (low of X, lowClosed of X, ...): of a null X, all are null.
 */
export function selectInterval(type: CoreType, parts: IntervalParts, setting: Setting): Expr {
  const flags = [parts.lowClosed, parts.highClosed]
  if (flags.some((flag) => flag.kind === 'const' && flag.value === null)) return nothing(type)
  const made = presentInterval(type, parts, setting)
  return made.kind === 'const' ? made : unlessNull(flags, made)
}

interface IntervalParts {
  readonly low: Expr
  readonly high: Expr
  readonly lowClosed: Expr
  readonly highClosed: Expr
}

function presentInterval(type: CoreType, parts: IntervalParts, setting: Setting): Expr {
  const point = pointTypeOf(type)
  const [low, high] = [convert(parts.low, point), convert(parts.high, point)]
  const made = pack(intervalOf(point), {
    low,
    high,
    lowClosed: isTrue(parts.lowClosed),
    highClosed: isTrue(parts.highClosed),
  })
  if (systemName(point) === 'Any') return choose(type, [[test('and', isNull(low), isNull(high)), nothing(type)]], made)
  // From a point to itself: it may be unknown or imprecise, never before itself.
  if (
    alike(low, high) &&
    isAlwaysTrue(field(made, 'lowClosed', point)) &&
    isAlwaysTrue(field(made, 'highClosed', point))
  )
    return made
  if (isStoredPeriod(low, high)) return made
  const backwards = less(endOf(made), startOf(made), setting)
  return guard(made, backwards, 'invalid-interval')
}

/** The two ends of a period, all of which end no earlier than they start. */
function isStoredPeriod(low: Expr, high: Expr): boolean {
  if (low.kind !== 'field' || low.name !== 'start' || high.kind !== 'field' || high.name !== 'end') return false
  return factsOf(low.source).isOrdered === true && alike(low.source, high.source)
}

const isTrue = (value: Expr): Expr => (value.kind === 'const' ? truth(value.value === true) : test('isTrue', value))
