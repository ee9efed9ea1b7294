import { type RateInterval, wilsonInterval } from './wilson.ts'

/** What two rates are to each other, with 95% intervals. */
export interface RateComparison {
  /** The first less the second, -1..1. */
  readonly difference: number
  readonly differenceInterval: RateInterval
  /** The first over the second; absent where either counts no event: then it has no interval. */
  readonly ratio?: { readonly value: number; readonly interval: RateInterval }
}

interface Proportion {
  readonly events: number
  readonly trials: number
}

const z = 1.959963984540054

/**
 * Compares two independent proportions: the difference by Newcombe's hybrid score interval (Stat Med 1998;17:873-890,
 * method 10), the ratio by Katz's log interval. Undefined where one of them counts nobody.
 */
export function compareRates(first: Proportion, second: Proportion): RateComparison | undefined {
  const one = wilsonInterval(first.events, first.trials)
  const other = wilsonInterval(second.events, second.trials)
  if (one === undefined || other === undefined) return undefined
  const rate = first.events / first.trials
  const reference = second.events / second.trials
  const difference = rate - reference
  const differenceInterval = {
    low: Math.max(-1, difference - Math.hypot(rate - one.low, other.high - reference)),
    high: Math.min(1, difference + Math.hypot(one.high - rate, reference - other.low)),
  }
  if (first.events === 0 || second.events === 0) return { difference, differenceInterval }
  const value = rate / reference
  const spread = z * Math.sqrt(1 / first.events - 1 / first.trials + 1 / second.events - 1 / second.trials)
  return {
    difference,
    differenceInterval,
    ratio: { value, interval: { low: value * Math.exp(-spread), high: value * Math.exp(spread) } },
  }
}
