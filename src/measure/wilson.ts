/** Bounds of a rate, both within 0..1. */
export interface RateInterval {
  readonly low: number
  readonly high: number
}

/** The normal quantile of a two-sided 95% interval. */
const z = 1.959963984540054

/**
 * Wilson's score interval (95%, without continuity correction) of `successes` out of `trials`: sound at small
 * numbers and at rates of 0 and 1, unlike the textbook one. Undefined where nothing was tried.
 * Wilson 1927; Newcombe 1998, method 3.
 */
export function wilsonInterval(successes: number, trials: number): RateInterval | undefined {
  if (trials <= 0) return undefined
  const rate = successes / trials
  const center = rate + z ** 2 / (2 * trials)
  const spread = z * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2))
  const scale = 1 + z ** 2 / trials
  return { low: Math.max(0, (center - spread) / scale), high: Math.min(1, (center + spread) / scale) }
}
