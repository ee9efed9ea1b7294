import { type GuardedCell, isSmall } from '../measure/index.ts'
import type { StratumRow, ToldStratum } from '../store/index.ts'

const isNear = (now: number, then: number | null) => then !== null && isSmall(Math.abs(now - then))

const restOf = ({ atRisk, numerator }: ToldStratum) =>
  atRisk === null || numerator === null ? null : atRisk - numerator

/** A stratum as a cell. A count that moved by few since it was told would tell of few people, the two side by side. */
export function guardedCell({ id, atRisk, numerator }: StratumRow, before: readonly ToldStratum[]): GuardedCell {
  const earlier = before.filter((told) => told.id === id)
  return {
    trials: atRisk,
    events: numerator,
    hideTrials: earlier.some((told) => isNear(atRisk, told.atRisk)),
    hideEvents: earlier.some((told) => isNear(numerator, told.numerator) || isNear(atRisk - numerator, restOf(told))),
  }
}
