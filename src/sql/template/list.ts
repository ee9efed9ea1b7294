const pairs = (codes: string): string =>
  `list_transform(${codes}, lambda c: struct_pack(code := (c).code, "system" := (c)."system"))`

/** Lists inside a row. `$T` is the type that is given. */
export const listTemplates = {
  listLength: 'CAST(len($1) AS INTEGER)',
  countPresent: "CAST(list_aggregate($1, 'count') AS INTEGER)",
  listConcatenate: 'list_concat($1, $2)',
  listWithoutNulls: 'list_filter($1, lambda x: x IS NOT NULL)',
  listOfLists: 'list_filter(flatten($1), lambda x: x IS NOT NULL)',
  singleList: 'CASE WHEN $1 IS NULL THEN CAST([] AS $T) ELSE [$1] END',
  sharesCode: `list_has_any(${pairs('$1')}, ${pairs('$2')})`,
  hasSystem: 'list_contains(list_transform($1, lambda c: (c)."system"), $2)',
  inList: 'list_contains($2, $1)',
  // Nearly all lists of codes hold one; the search for what two lists share costs ten times as much.
  anyInList:
    'CASE WHEN len($1) <= 1 THEN coalesce(list_contains($2, list_extract($1, 1)), false) ELSE list_has_any($1, $2) END',
  listOfNulls: 'CAST($1 AS $T)',
  listOrEmpty: 'coalesce($1, CAST([] AS $T))',
  declaresProfile: "list_contains(list_transform($1, lambda p: split_part(p, '|', 1)), $2)",
  namesProfileOf: 'len(list_filter($1, lambda p: len(list_filter($2, lambda q: starts_with(p, q))) > 0)) > 0',
  codesOfConcepts: 'flatten(list_transform($1, lambda c: (c).codes))',
  someOutside: 'len(list_filter($1, lambda x: NOT list_contains($2, x))) > 0',
  hasTrueExtension: 'len(list_filter($1, lambda x: coalesce(suffix((x).url, $2) AND (x)."valueBoolean", false))) > 0',
  isNotDoneFor:
    "list_contains(list_transform(list_filter(json_extract($1, $2), lambda x: suffix(x->>'$.url', 'notDoneValueSet')), lambda x: x->>'$.valueCanonical'), $3)",
  positionsOf: 'generate_series(1, len($1))',
  elementAt: '$1[$2]',
} as const
