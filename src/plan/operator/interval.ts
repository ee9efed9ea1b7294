import type { CoreType } from '../../core/index.ts'
import { both, choose, either, guard, isNull, not, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { booleanTypeOf } from '../algebra/types.ts'
import { convert } from '../formula/convert.ts'
import { equal } from '../formula/equality.ts'
import { closedInterval, endOf, pointTypeOf, startOf } from '../formula/interval.ts'
import { lifted } from '../formula/lift.ts'
import { extremeOf, less, lessOrEqual, neighbour, samePoint } from '../formula/point.ts'
import { arithmeticFormulas } from './arithmetic.ts'
import type { At, Formula, FormulaTable } from './formula.ts'

/** First and last point; a point is a span of one. */
interface Span {
  readonly start: Expr
  readonly end: Expr
}
type Relation = (left: Span, right: Span, at: At) => Expr

const precisionAt = (at: At) => at.site.precision
const lt = (left: Expr, right: Expr, at: At) => less(left, right, at, precisionAt(at))
const le = (left: Expr, right: Expr, at: At) => lessOrEqual(left, right, at, precisionAt(at))
const same = (left: Expr, right: Expr, at: At) =>
  at.site.precision === undefined ? equal(left, right, at) : samePoint(left, right, at, precisionAt(at))

const before: Relation = (left, right, at) => lt(left.end, right.start, at)
const onOrBefore: Relation = (left, right, at) => le(left.end, right.start, at)
const includes: Relation = (left, right, at) => both(le(left.start, right.start, at), le(right.end, left.end, at))
const properlyIncludes: Relation = (left, right, at) =>
  both(includes(left, right, at), either(lt(left.start, right.start, at), lt(right.end, left.end, at)))
/** A point is properly in where the interval reaches beyond it on both sides. */
const properlyContains: Relation = (left, right, at) =>
  both(lt(left.start, right.start, at), lt(right.end, left.end, at))
const overlaps: Relation = (left, right, at) => both(le(left.start, right.end, at), le(right.start, left.end, at))
const overlapsBefore: Relation = (left, right, at) => both(lt(left.start, right.start, at), overlaps(left, right, at))
const overlapsAfter: Relation = (left, right, at) => both(lt(right.end, left.end, at), overlaps(left, right, at))
const starts: Relation = (left, right, at) => both(same(left.start, right.start, at), le(left.end, right.end, at))
const ends: Relation = (left, right, at) => both(same(left.end, right.end, at), le(right.start, left.start, at))
const sameAs: Relation = (left, right, at) => both(same(left.start, right.start, at), same(left.end, right.end, at))
const meetsBefore: Relation = (left, right, at) => adjoins(left.end, right.start, at)
const meetsAfter: Relation = (left, right, at) => adjoins(right.end, left.start, at)
const meets: Relation = (left, right, at) => either(meetsBefore(left, right, at), meetsAfter(left, right, at))
const flip =
  (relation: Relation): Relation =>
  (left, right, at) =>
    relation(right, left, at)

/** One ends just before the other starts. Nothing comes after the greatest value, so that is asked of no neighbour. */
function adjoins(end: Expr, start: Expr, at: At): Expr {
  const further = lt(end, start, at)
  return choose(
    booleanTypeOf,
    [[test('isFalse', further), truth(false)]],
    both(further, same(neighbour(end, 1), start, at)),
  )
}

const spanOf = (value: Expr): Span =>
  value.type.kind === 'interval' ? { start: startOf(value), end: endOf(value) } : { start: value, end: value }
const formula =
  (relation: Relation): Formula =>
  (at, left, right) =>
    relation(spanOf(left), spanOf(right), at)

const temporal = ['Date', 'DateTime', 'Time']

function relation(name: string, holds: Relation): FormulaTable {
  return { [`${name}(Interval<T>, Interval<T>): Boolean`]: formula(holds) }
}

function relationOfPoints(name: string, holds: Relation): FormulaTable {
  return {
    ...relation(name, holds),
    ...Object.fromEntries(temporal.map((type) => [`${name}(${type}, ${type}): Boolean`, formula(holds)])),
    [`${name}(Interval<T>, T): Boolean`]: formula(holds),
    [`${name}(T, Interval<T>): Boolean`]: formula(holds),
  }
}

/** Is the point in the interval: false where the interval is null, null where the point is. */
const membership =
  (holds: Relation, intervalFirst: boolean): Formula =>
  (at, left, right) => {
    const [interval, point] = intervalFirst ? [left, right] : [right, left]
    const answer = holds(spanOf(interval), spanOf(point), at)
    return choose(
      booleanTypeOf,
      [
        [isNull(interval), truth(false)],
        [isNull(point), truth(null)],
      ],
      answer,
    )
  }

const intersect: Formula = (at, left, right) => {
  const [a, b] = [spanOf(left), spanOf(right)]
  const low = extremeOf(a.start, b.start, at, 1)
  const high = extremeOf(a.end, b.end, at, -1)
  return spanned(left.type, low, high, [test('isFalse', overlaps(a, b, at))], at)
}

const union: Formula = (at, left, right) => {
  const [a, b] = [spanOf(left), spanOf(right)]
  const joins = both(reaches(a.end, b.start, at), reaches(b.end, a.start, at))
  const low = extremeOf(a.start, b.start, at, -1)
  const high = extremeOf(a.end, b.end, at, 1)
  return spanned(left.type, low, high, [not(test('isTrue', joins))], at)
}

/** A closed interval; null where a condition holds, where a bound is null, or where it would hold no point. */
function spanned(type: CoreType, low: Expr, high: Expr, unless: readonly Expr[], at: At): Expr {
  const made = closedInterval(type, low, high)
  const none = [...unless, isNull(low), isNull(high), less(high, low, at)]
  return choose(
    made.type,
    none.map((condition) => [condition, nothing(made.type)] as const),
    made,
  )
}

/** Does a span that ends here touch one that starts there? */
function reaches(end: Expr, start: Expr, at: At): Expr {
  const apart = less(end, start, at)
  return choose(booleanTypeOf, [
    [apart, lessOrEqual(start, neighbour(end, 1), at)],
    [test('isFalse', apart), truth(true)],
  ])
}

const only = (one: Expr, other: Expr) => both(test('isTrue', one), test('isFalse', other))

const except: Formula = (at, left, right) => {
  const [a, b] = [spanOf(left), spanOf(right)]
  const apart = either(less(a.end, b.start, at), less(b.end, a.start, at))
  const startsBefore = less(a.start, b.start, at)
  const endsAfter = less(b.end, a.end, at)
  const head = spanned(left.type, a.start, neighbour(b.start, -1), [], at)
  const tail = spanned(left.type, neighbour(b.end, 1), a.end, [], at)
  const whole = closedInterval(left.type, a.start, a.end)
  const type = [head, tail, whole].find((one) => isUncertainSpan(one.type))?.type ?? whole.type
  return choose(type, [
    [apart, convert(whole, type)],
    [only(startsBefore, endsAfter), convert(head, type)],
    [only(endsAfter, startsBefore), convert(tail, type)],
  ])
}

const isUncertainSpan = (type: CoreType) => pointTypeOf(type).kind === 'uncertain'

const pointFrom: Formula = (at, interval) => {
  const start = startOf(interval)
  const single = equal(start, endOf(interval), at)
  return guard(start, both(not(isNull(interval)), not(test('isTrue', single))), 'not-a-point')
}

const subtractable = ['Integer', 'Long', 'Decimal', 'Quantity']

const width =
  (type: string, beyond: boolean): Formula =>
  (at, interval) => {
    const subtract = arithmeticFormulas[`Subtract(${type}, ${type}): ${type}`]
    const end = endOf(interval)
    const difference = ([to, from]: readonly Expr[]) =>
      from === undefined || to === undefined || subtract === undefined
        ? nothing(pointTypeOf(interval.type))
        : subtract(at, to, from, to)
    return lifted(difference, [beyond ? neighbour(end, 1) : end, startOf(interval)], at)
  }

export const intervalFormulas: FormulaTable = {
  ...relationOfPoints('Before', before),
  ...relationOfPoints('After', flip(before)),
  ...relationOfPoints('SameOrBefore', onOrBefore),
  ...relationOfPoints('SameOrAfter', flip(onOrBefore)),
  ...relationOfPoints('SameAs', sameAs),
  ...relation('Includes', includes),
  ...relation('IncludedIn', flip(includes)),
  ...relation('ProperIncludes', properlyIncludes),
  ...relation('ProperIncludedIn', flip(properlyIncludes)),
  ...relation('Overlaps', overlaps),
  ...relation('OverlapsBefore', overlapsBefore),
  ...relation('OverlapsAfter', overlapsAfter),
  ...relation('Starts', starts),
  ...relation('Ends', ends),
  ...relation('Meets', meets),
  ...relation('MeetsBefore', meetsBefore),
  ...relation('MeetsAfter', meetsAfter),
  'In(T, Interval<T>): Boolean': membership(includes, false),
  'Contains(Interval<T>, T): Boolean': membership(includes, true),
  'ProperIn(T, Interval<T>): Boolean': membership(properlyContains, false),
  'ProperContains(Interval<T>, T): Boolean': membership(properlyContains, true),
  'Start(Interval<T>): T': (_, interval) => startOf(interval),
  'End(Interval<T>): T': (_, interval) => endOf(interval),
  'PointFrom(Interval<T>): T': pointFrom,
  'Intersect(Interval<T>, Interval<T>): Interval<T>': intersect,
  'Union(Interval<T>, Interval<T>): Interval<T>': union,
  'Except(Interval<T>, Interval<T>): Interval<T>': except,
  ...Object.fromEntries(
    subtractable.flatMap((type) => [
      [`Width(Interval<${type}>): ${type}`, width(type, false)],
      [`Size(Interval<${type}>): ${type}`, width(type, true)],
    ]),
  ),
}
