import { endOf, startOf } from '../value/bounds.ts'
import { both, either, less, lessOrEqual, samePoint } from '../value/compare.ts'
import type { Environment } from '../value/environment.ts'
import { equal } from '../value/equality.ts'
import { successor } from '../value/point.ts'
import { runFault } from '../value/run-fault.ts'
import { type Interval, type Logical, type Value } from '../value/value.ts'
import { type CallSite, type Operator, type Overload, overload, ownNulls, strict } from './operator.ts'

/** How two intervals, or a point and an interval, stand: points are taken as intervals of one point. */
type Relation = (left: Span, right: Span, test: Tests) => Logical

/** First and last point. */
interface Span {
  readonly start: Value
  readonly end: Value
}

/** Comparisons of points at the site's precision. */
class Tests {
  readonly #precision: CallSite['precision']
  readonly #env: Environment

  constructor({ precision }: CallSite, env: Environment) {
    this.#precision = precision
    this.#env = env
  }

  less(left: Value, right: Value): Logical {
    return less(left, right, this.#env, this.#precision)
  }

  lessOrEqual(left: Value, right: Value): Logical {
    return lessOrEqual(left, right, this.#env, this.#precision)
  }

  same(left: Value, right: Value): Logical {
    if (this.#precision === undefined) return equal(left, right, this.#env)
    return samePoint(left, right, this.#env, this.#precision)
  }
}

const spanOfInterval = (interval: Interval): Span => ({ start: startOf(interval), end: endOf(interval) })
const spanOfPoint = (point: Value): Span => ({ start: point, end: point })

const before: Relation = (left, right, test) => test.less(left.end, right.start)
const after: Relation = (left, right, test) => test.less(right.end, left.start)
const onOrBefore: Relation = (left, right, test) => test.lessOrEqual(left.end, right.start)
const onOrAfter: Relation = (left, right, test) => test.lessOrEqual(right.end, left.start)
const includes: Relation = (left, right, test) =>
  both(test.lessOrEqual(left.start, right.start), test.lessOrEqual(right.end, left.end))
const properlyIncludes: Relation = (left, right, test) =>
  both(includes(left, right, test), either(test.less(left.start, right.start), test.less(right.end, left.end)))
/** A point is properly in where the interval reaches beyond it on both sides. */
const properlyContains: Relation = (left, right, test) =>
  both(test.less(left.start, right.start), test.less(right.end, left.end))
const overlaps: Relation = (left, right, test) =>
  both(test.lessOrEqual(left.start, right.end), test.lessOrEqual(right.start, left.end))
const overlapsBefore: Relation = (left, right, test) =>
  both(test.less(left.start, right.start), overlaps(left, right, test))
const overlapsAfter: Relation = (left, right, test) => both(test.less(right.end, left.end), overlaps(left, right, test))
const starts: Relation = (left, right, test) =>
  both(test.same(left.start, right.start), test.lessOrEqual(left.end, right.end))
const ends: Relation = (left, right, test) =>
  both(test.same(left.end, right.end), test.lessOrEqual(right.start, left.start))
const sameAs: Relation = (left, right, test) => both(test.same(left.start, right.start), test.same(left.end, right.end))
const meetsBefore: Relation = (left, right, test) => adjoins(left.end, right.start, test)
const meetsAfter: Relation = (left, right, test) => adjoins(right.end, left.start, test)
const meets: Relation = (left, right, test) => either(meetsBefore(left, right, test), meetsAfter(left, right, test))
const flip =
  (relation: Relation): Relation =>
  (left, right, test) =>
    relation(right, left, test)

/** One ends just before the other starts. Nothing comes after the greatest value. */
function adjoins(end: Value, start: Value, test: Tests): Logical {
  const further = test.less(end, start)
  return further === false ? false : both(further, test.same(successor(end), start))
}

const temporal = ['Date', 'DateTime', 'Time']
const intervals = '(Interval<T>, Interval<T>): Boolean'

function betweenIntervals(relation: Relation): Overload {
  return overload(intervals, (left: Interval, right: Interval, site: CallSite, env: Environment) =>
    relation(spanOfInterval(left), spanOfInterval(right), new Tests(site, env)),
  )
}

/** A point on the left, the right, or (for dates and times) both sides. */
function withPoints(relation: Relation): readonly Overload[] {
  return [
    betweenIntervals(relation),
    ...temporal.map((type) =>
      overload(`(${type}, ${type}): Boolean`, (left: Value, right: Value, site: CallSite, env: Environment) =>
        relation(spanOfPoint(left), spanOfPoint(right), new Tests(site, env)),
      ),
    ),
    overload('(Interval<T>, T): Boolean', (left: Interval, right: Value, site: CallSite, env: Environment) =>
      relation(spanOfInterval(left), spanOfPoint(right), new Tests(site, env)),
    ),
    overload('(T, Interval<T>): Boolean', (left: Value, right: Interval, site: CallSite, env: Environment) =>
      relation(spanOfPoint(left), spanOfInterval(right), new Tests(site, env)),
    ),
  ]
}

/**
 * Is the point in the interval: false where the interval is null, null where the point is.
 */
function membership(name: string, signature: string, relation: Relation, intervalFirst: boolean): Operator {
  const run = (left: Value, right: Value, site: CallSite, env: Environment): Logical => {
    const interval = (intervalFirst ? left : right) as Interval | null
    const point = intervalFirst ? right : left
    if (interval === null) return false
    return point === null ? null : relation(spanOfInterval(interval), spanOfPoint(point), new Tests(site, env))
  }
  return ownNulls('interval', name, [overload(signature, run)])
}

const relation = (name: string, holds: Relation): Operator => strict('interval', name, [betweenIntervals(holds)])
const relationOfPoints = (name: string, holds: Relation): Operator =>
  strict('interval', name, withPoints(holds), { takesUncertain: true })

/** The one point of an interval; a fault where it has more. */
function pointFrom(interval: Interval, _: CallSite, env: Environment): Value {
  const start = startOf(interval)
  if (equal(start, endOf(interval), env) !== true)
    throw runFault('not-a-point', 'An interval of more than one point has no single point.')
  return start
}

/** https://cql.hl7.org/09-b-cqlreference.html#interval-operators-3 */
export const intervalOperators: readonly Operator[] = [
  relationOfPoints('Before', before),
  relationOfPoints('After', after),
  relationOfPoints('SameOrBefore', onOrBefore),
  relationOfPoints('SameOrAfter', onOrAfter),
  relationOfPoints('SameAs', sameAs),
  relation('Includes', includes),
  relation('IncludedIn', flip(includes)),
  relation('ProperIncludes', properlyIncludes),
  relation('ProperIncludedIn', flip(properlyIncludes)),
  relation('Overlaps', overlaps),
  relation('OverlapsBefore', overlapsBefore),
  relation('OverlapsAfter', overlapsAfter),
  relation('Starts', starts),
  relation('Ends', ends),
  relation('Meets', meets),
  relation('MeetsBefore', meetsBefore),
  relation('MeetsAfter', meetsAfter),
  membership('In', '(T, Interval<T>): Boolean', includes, false),
  membership('Contains', '(Interval<T>, T): Boolean', includes, true),
  membership('ProperIn', '(T, Interval<T>): Boolean', properlyContains, false),
  membership('ProperContains', '(Interval<T>, T): Boolean', properlyContains, true),
  strict('interval', 'Start', [overload('(Interval<T>): T', startOf)]),
  strict('interval', 'End', [overload('(Interval<T>): T', endOf)]),
  strict('interval', 'PointFrom', [overload('(Interval<T>): T', pointFrom)]),
]
