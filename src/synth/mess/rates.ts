import type { MessKind } from '../fact.ts'

/** How often each kind of disorder strikes a fact that it can strike. Those not listed come from the course itself. */
export const messRates = {
  'month-only-date': 0.06,
  'year-only-date': 0.04,
  'local-code-only': 0.014,
  'wrong-unit': 0.008,
  'missing-unit': 0.006,
  'entered-in-error': 0.012,
  preliminary: 0.015,
  'duplicate-within-source': 0.012,
  'duplicate-across-sources': 0.1,
  'repeated-line': 0.004,
  'value-as-string': 0.006,
  'value-missing': 0.006,
  'dangling-reference': 0.006,
  /** Of persons: another person's record that bears the same enterprise identifier. */
  'conflicting-birth-date': 0.006,
  'conflicting-sex': 0.005,
} as const satisfies Partial<Record<MessKind, number>>

/** Notes a disorder on a fact. */
export function mark(fact: { mess?: MessKind[] }, kind: MessKind): void {
  if (fact.mess === undefined) fact.mess = [kind]
  else fact.mess.push(kind)
}
