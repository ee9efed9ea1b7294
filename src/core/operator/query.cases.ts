import { operatorCases } from './operator-case.ts'

/** Queries are nodes of their own; their cases stand with the operators', for every engine runs them too. */
export const queryCases = operatorCases([
  ['({1, 2, 3}) X where X > 1', '{2, 3}'],
  ['({1, 2, 3}) X where (null as Boolean)', '{}'],
  ['({1, 1, 2}) X', '{1, 1, 2}'],
  ['({1, 1, 2}) X return X', '{1, 2}'],
  ['({1, 1, 2}) X return all X + 1', '{2, 2, 3}'],
  ['(null as List<Integer>) X return X', 'null'],
  ['(4) X return X + 1', '5'],
  ['(null as Integer) X return Coalesce(X, 1)', 'null'],
  ['({1, 2}) X let Y: X * 2 where Y > 2 return Y', '{4}'],
  ['from ({1, 2}) X, ({10, 20}) Y return all X + Y', '{11, 21, 12, 22}'],
  ['from ({1, 2}) X, ({1, 2}) Y where X < Y return Tuple { x: X, y: Y }', '{Tuple { x: 1, y: 2 }}'],
  ['({1, 2, 3}) X with ({2, 3}) Y such that X = Y', '{2, 3}'],
  ['({1, 2, 3}) X without ({2, 3}) Y such that X = Y', '{1}'],
  ['({1, 2, 3}) X with ({2, null}) Y such that X = Y', '{2}'],
  ['({3, 1, null, 2}) X sort asc', '{null, 1, 2, 3}'],
  ['({3, 1, null, 2}) X sort desc', '{3, 2, 1, null}'],
  [
    '({Tuple { a: 2, b: 1 }, Tuple { a: 1, b: 2 }, Tuple { a: 2, b: 3 }}) X return all X sort by a desc, b desc',
    '{{ a: 2, b: 3 }, { a: 2, b: 1 }, { a: 1, b: 2 }}',
  ],
  // Ties keep their position, descending too.
  ['(({Tuple { a: 1, b: 1 }, Tuple { a: 1, b: 2 }}) X return all X sort by a desc) Y return all Y.b', '{1, 2}'],
  ['({1, 2, 3, 4}) X aggregate R starting 0: R + X', '10'],
  ['({1, 2, 2}) X aggregate distinct R starting 0: R + X', '3'],
  // What no row changes is evaluated where a row asks for it, and only there.
  ['({} as List<Integer>) X where X > (singleton from {1, 2})', '{}'],
  ['({1}) X where X > (singleton from {1, 2})', 'error'],
  ['({1}) X where X > 5 and X > (singleton from {1, 2})', 'error'],
  ['({1, 2}) X return all (({1, 2, 3}) Y where Y * 2 > X + 1 return all Y)', '{{2, 3}, {2, 3}}'],
  ['({1, 2, 3, 4}) X with ({1, 2}) Y such that X + 0 = Y * 2', '{2, 4}'],
  ['from ({1, 2}) X, (({1, 2, 3}) Z where Z > 1) Y where X = Y return all X', '{2}'],
  ['({1, 2, 3}) X return ({10, 20}) Y return X * Y', '{{10, 20}, {20, 40}, {30, 60}}'],
  ['({1, 2, 3}) X where exists (({2, 3, 4}) Y where Y > X + 2)', '{1}'],
  ['({Tuple { a: 1 }, Tuple { a: null as Integer }}).a', '{1}'],
  ['({1, 2}) X aggregate A starting 0: if X = 1 then singleton from {1, 2} else X', 'error'],
])
