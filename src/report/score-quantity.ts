import type { GroupScore } from '../measure/index.ts'

/** A score as an element of a report, to eight places; nothing where there is none. Never turned around. */
export function scoreQuantity({ rate, value }: GroupScore): Readonly<Record<string, unknown>> {
  const score = rate ?? value
  return score === undefined ? {} : { measureScore: { value: Math.round(score * 1e8) / 1e8 } }
}
