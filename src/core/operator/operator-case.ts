/**
 * What an operator must give: the same for every engine that runs it. Kept beside the operator's entry.
 * `expected` is a CQL literal, or `error` where the evaluation (or the compilation) must fail.
 */
export interface OperatorCase {
  readonly expression: string
  readonly expected: string
}

/** Cases written as pairs: the expression, and what it must give. */
export function operatorCases(
  pairs: readonly (readonly [expression: string, expected: string])[],
): readonly OperatorCase[] {
  return pairs.map(([expression, expected]) => ({ expression, expected }))
}
