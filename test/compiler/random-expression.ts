import { type Arbitrary, constantFrom, integer, letrec, oneof, tuple } from 'fast-check'

/** CQL text of a type, made at random: every operator is one that both engines know. */
export type Expression = Arbitrary<string>

const pick = (...texts: readonly string[]): Expression => constantFrom(...texts)

/** `op(a, b)` by a template in which `$1` and `$2` stand for operands. */
function applied(template: string, ...operands: readonly Expression[]): Expression {
  return tuple(...operands).map(
    (values) => `(${template.replaceAll(/\$(\d)/g, (_, at) => values[Number(at) - 1] ?? '')})`,
  )
}

const dates = pick('@2024-02-29', '@2024-02', '@2024', '@2025-12-31', '@2026-01-01', '@2026-01', '(null as Date)')
const dateTimes = pick(
  '@2026-01-01T00:00:00.000+00:00',
  '@2025-12-31T23:30:00.000-05:00',
  '@2026-01-01T00:00:00',
  '@2026-01-01T10:30Z',
  '@2026-01T',
  '@2026T',
  '(null as DateTime)',
)
const integers = oneof(
  integer({ min: -20, max: 20 }).map((value) => (value < 0 ? `(${value})` : String(value))),
  pick('2147483647', '(null as Integer)'),
)
const decimals = pick('0.0', '1.0', '(-1.5)', '2.25', '0.00000001', '12345.678', '(null as Decimal)')
const quantities = pick(
  "1 'g'",
  "1000 'mg'",
  "2.5 'g'",
  "1 'cm'",
  '1 year',
  '12 months',
  '30 days',
  '(null as Quantity)',
)
const booleans = pick('true', 'false', '(null as Boolean)')
const units = pick('years', 'months', 'days', 'hours')
const precisions = pick('year', 'month', 'day')

type Kind = 'boolean' | 'integer' | 'decimal' | 'date' | 'dateTime' | 'interval' | 'list'

const compare = (left: Expression, right: Expression): Expression =>
  oneof(...['=', '!=', '<', '<=', '>', '>=', '~'].map((operator) => applied(`$1 ${operator} $2`, left, right)))

const grammar = (tie: (name: Kind) => Expression) => ({
  integer: oneof(
    { depthSize: 'small', withCrossShrink: true },
    integers,
    applied('$1 + $2', tie('integer'), tie('integer')),
    applied('$1 - $2', tie('integer'), tie('integer')),
    applied('$1 * $2', tie('integer'), tie('integer')),
    applied('$1 div $2', tie('integer'), tie('integer')),
    applied('$1 mod $2', tie('integer'), tie('integer')),
    applied('Count($1)', tie('list')),
    applied('First($1)', tie('list')),
    applied('Last($1 L sort desc)', tie('list')),
    applied('Sum($1)', tie('list')),
    applied('Max($1)', tie('list')),
    applied('Coalesce($1, $2)', tie('integer'), tie('integer')),
    applied('if $1 then $2 else $3', tie('boolean'), tie('integer'), tie('integer')),
    applied('singleton from $1', tie('list')),
    applied('(Tuple { a: $1, b: $2 }).a', tie('integer'), tie('integer')),
    applied('(Tuple { a: $1, b: $2 }).b', tie('boolean'), tie('integer')),
  ),
  decimal: oneof(
    { depthSize: 'small', withCrossShrink: true },
    decimals,
    applied('$1 + $2', tie('decimal'), tie('decimal')),
    applied('$1 * $2', tie('decimal'), tie('decimal')),
    applied('$1 / $2', tie('decimal'), tie('decimal')),
    applied('Round($1)', tie('decimal')),
    applied('Abs($1)', tie('decimal')),
  ),
  date: oneof(
    { depthSize: 'small', withCrossShrink: true },
    dates,
    tuple(
      tie('date'),
      integer({ min: 1, max: 40 }),
      units.filter((unit) => unit !== 'hours'),
    ).map(([date, count, unit]) => `(${date} + ${count} ${unit})`),
    applied('date from $1', dateTimes),
  ),
  dateTime: oneof(
    { depthSize: 'small', withCrossShrink: true },
    dateTimes,
    tuple(tie('dateTime'), integer({ min: 1, max: 40 }), units).map(
      ([moment, count, unit]) => `(${moment} - ${count} ${unit})`,
    ),
  ),
  interval: oneof(
    { depthSize: 'small', withCrossShrink: true },
    pick(
      'Interval[1, 10]',
      'Interval(3, 7)',
      'Interval[5, null]',
      'Interval(null, 4]',
      'Interval[2, 2]',
      '(null as Interval<Integer>)',
    ),
    applied('$1 intersect $2', tie('interval'), tie('interval')),
    applied('$1 union $2', tie('interval'), tie('interval')),
  ),
  list: oneof(
    { depthSize: 'small', withCrossShrink: true },
    pick('({1, 2, 3})', '({3, 1, 3, null})', '({5})', '(null as List<Integer>)'),
    applied('$1 union $2', tie('list'), tie('list')),
    applied('$1 intersect $2', tie('list'), tie('list')),
    applied('$1 except $2', tie('list'), tie('list')),
    applied('distinct $1', tie('list')),
    applied('$1 L where L > $2', tie('list'), integers),
    applied('$1 L return all L + $2', tie('list'), integers),
    applied('$1 L return if L > $2 then singleton from {L, $2} else L mod 2', tie('list'), integers),
    applied('($1 L return all Tuple { a: L + 1, b: L > $2 }) T where T.b return T.a', tie('list'), tie('integer')),
    applied('from $1 L, $2 M where L = M return all L', tie('list'), tie('list')),
    applied('$1 L with $2 M such that L < M', tie('list'), tie('list')),
    applied('$1 L without $2 M such that L = M', tie('list'), tie('list')),
    applied('$1 L sort desc', tie('list')),
  ),
  boolean: oneof(
    { depthSize: 'small', withCrossShrink: true },
    booleans,
    applied('$1 and $2', tie('boolean'), tie('boolean')),
    applied('$1 or $2', tie('boolean'), tie('boolean')),
    applied('not $1', tie('boolean')),
    compare(tie('integer'), tie('integer')),
    compare(tie('decimal'), tie('decimal')),
    compare(tie('date'), tie('date')),
    compare(tie('dateTime'), tie('dateTime')),
    compare(quantities, quantities),
    tuple(precisions, tie('dateTime'), tie('dateTime')).map(
      ([precision, a, b]) => `(${a} same ${precision} or before ${b})`,
    ),
    tuple(units, tie('dateTime'), tie('dateTime'), integers).map(
      ([unit, a, b, count]) => `(${unit} between ${a} and ${b} > ${count})`,
    ),
    tuple(tie('date'), tie('date')).map(([a, b]) => `(months between ${a} and ${b} >= 1)`),
    applied('$1 in $2', tie('integer'), tie('interval')),
    applied('$1 overlaps $2', tie('interval'), tie('interval')),
    applied('$1 included in $2', tie('interval'), tie('interval')),
    applied('$1 before $2', tie('interval'), tie('interval')),
    applied('exists $1', tie('list')),
    applied('$1 in $2', tie('integer'), tie('list')),
    applied('$1 includes $2', tie('list'), tie('list')),
    applied('$1 = $2', tie('list'), tie('list')),
    applied('$1 is null', tie('integer')),
  ),
})

/** Random Boolean expressions over all kinds of operand. */
export const booleanExpression: Expression = letrec((tie) => grammar((name) => tie(name) as Expression)).boolean
