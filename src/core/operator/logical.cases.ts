import { operatorCases } from './operator-case.ts'

export const logicalCases = operatorCases([
  ['true and (null as Boolean)', 'null'],
  ['false and (null as Boolean)', 'false'],
  ['(null as Boolean) and false', 'false'],
  // Strict in errors: what the other side says does not hide one.
  ['false and (Interval[3, 1] contains 2)', 'error'],
  ['true or (Interval[3, 1] contains 2)', 'error'],
  ['true or (null as Boolean)', 'true'],
  ['(null as Boolean) or false', 'null'],
  ['not (null as Boolean)', 'null'],
  ['true xor true', 'false'],
  ['true xor (null as Boolean)', 'null'],
  ['false implies (null as Boolean)', 'true'],
  ['(null as Boolean) implies true', 'true'],
  ['(null as Boolean) implies false', 'null'],
])
