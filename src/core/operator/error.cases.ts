import { operatorCases } from './operator-case.ts'

export const errorCases = operatorCases([
  ["Message(1, true, 'c', 'Error', 'stop')", 'error'],
  ["Message(1, false, 'c', 'Error', 'stop')", '1'],
  ["Message(1, true, 'c', 'Warning', 'note')", '1'],
])
