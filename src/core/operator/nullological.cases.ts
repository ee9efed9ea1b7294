import { operatorCases } from './operator-case.ts'

export const nullologicalCases = operatorCases([
  ['Coalesce(null as Integer, 2, 3)', '2'],
  // What comes after the first value is not evaluated.
  ['Coalesce(1, singleton from {1, 2})', '1'],
  ['Coalesce(singleton from {1, 2}, 1)', 'error'],
  ['Coalesce({null, 4, 5})', '4'],
  ['Coalesce(null as List<Integer>)', 'null'],
  ['(null as Integer) is null', 'true'],
  ["'' is not null", 'true'],
  ['(null as Boolean) is true', 'false'],
  ['false is false', 'true'],
  ['if (null as Boolean) then 1 else 2', '2'],
  ['if true then 1 else singleton from {1, 2}', '1'],
  ["case when 1 > 2 then 'a' when (null as Boolean) then 'b' else 'c' end", "'c'"],
  ["case 3 when 1 then 'one' when 3 then 'three' else 'many' end", "'three'"],
])
