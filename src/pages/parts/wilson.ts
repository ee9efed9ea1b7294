/** A proportion with its 95% interval; all three between 0 and 1. */
export interface RateEstimate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

const z = 1.959963984540054

/** Wilson's score interval (95%) of `numerator` of `total`; undefined where the total is 0. */
export function wilsonInterval(numerator: number, total: number): RateEstimate | undefined {
  if (total <= 0) return undefined
  const rate = numerator / total
  const scale = 1 + (z * z) / total
  const centre = (rate + (z * z) / (2 * total)) / scale
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total))
  return { rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
