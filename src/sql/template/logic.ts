/** Three-valued logic is SQL's own. */
export const logicTemplates = {
  and: '($1 AND $2)',
  or: '($1 OR $2)',
  not: '(NOT $1)',
  isNull: '($1 IS NULL)',
  isNotNull: '($1 IS NOT NULL)',
  isTrue: '($1 IS TRUE)',
  isFalse: '($1 IS FALSE)',
  firstOf: 'coalesce($1, $2)',
  differs: '($1 <> $2)',
  equals: '($1 = $2)',
  less: '($1 < $2)',
  lessOrEqual: '($1 <= $2)',
  signOf: 'CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 WHEN $1 = $2 THEN 0 END',
  sameText: '($1 IS NOT DISTINCT FROM $2)',
} as const
