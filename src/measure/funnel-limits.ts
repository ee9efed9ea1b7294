/** A unit of a funnel plot: `events` of `trials`, as a practice's numerator among those it counts. */
export interface FunnelUnit {
  readonly events: number
  readonly trials: number
}

/** Limits at one size of unit, all within 0..1. */
export interface FunnelLimits {
  readonly low95: number
  readonly high95: number
  readonly low998: number
  readonly high998: number
}

/** A funnel around the rate of all units together. */
export interface Funnel {
  readonly target: number
  /** How much more the units differ than chance would have it; 1 where they do not. */
  readonly overdispersion: number
  limitsAt(trials: number): FunnelLimits
}

/** Units of fewer than this are drawn nowhere and flagged never: their limits span nearly everything. */
export const leastTrials = 20

/** The share of units at each end whose z-scores are drawn in before the overdispersion is estimated. */
const winsorised = 0.1

/**
 * The funnel of proportions after Spiegelhalter (Stat Med 2005;24:1185-1202): exact binomial limits, interpolated between
 * counts, around the pooled rate; widened by the square root of the multiplicative overdispersion, which is estimated from
 * z-scores winsorised at 10% and taken only where it is above 1. Undefined where the units count nobody.
 */
export function funnelOfProportions(units: readonly FunnelUnit[]): Funnel | undefined {
  const trials = units.reduce((sum, unit) => sum + unit.trials, 0)
  if (trials === 0) return undefined
  const target = units.reduce((sum, unit) => sum + unit.events, 0) / trials
  const large = units.filter((unit) => unit.trials >= leastTrials)
  const overdispersion = overdispersionOf(large, target)
  const widen = (limit: number) => Math.min(1, Math.max(0, target + Math.sqrt(overdispersion) * (limit - target)))
  return {
    target,
    overdispersion,
    limitsAt: (size) => ({
      low95: widen(binomialLimit(size, target, 0.025)),
      high95: widen(binomialLimit(size, target, 0.975)),
      low998: widen(binomialLimit(size, target, 0.001)),
      high998: widen(binomialLimit(size, target, 0.999)),
    }),
  }
}

function overdispersionOf(units: readonly FunnelUnit[], target: number): number {
  if (units.length < 2 || target <= 0 || target >= 1) return 1
  const scores = units
    .map(({ events, trials }) => (events / trials - target) / Math.sqrt((target * (1 - target)) / trials))
    .sort((a, b) => a - b)
  const cut = Math.floor(winsorised * scores.length)
  const low = scores[cut] ?? 0
  const high = scores[scores.length - 1 - cut] ?? 0
  const squares = scores.map((score) => Math.min(high, Math.max(low, score)) ** 2)
  return Math.max(1, squares.reduce((sum, square) => sum + square, 0) / scores.length)
}

/**
 * The share below which a binomial of `trials` and `rate` lies with probability `tail`, interpolated between the counts on
 * both sides of it (Spiegelhalter 2005, appendix A.1.1).
 */
export function binomialLimit(trials: number, rate: number, tail: number): number {
  if (rate <= 0) return 0
  if (rate >= 1) return 1
  // In logarithms: the mass of zero can be too small to be written as a number.
  let logMass = trials * Math.log1p(-rate)
  const odds = Math.log(rate) - Math.log1p(-rate)
  let below = 0
  for (let count = 0; count <= trials; count += 1) {
    const mass = Math.exp(logMass)
    const upTo = below + mass
    if (upTo >= tail) return Math.max(0, (count - (upTo - tail) / mass) / trials)
    below = upTo
    logMass += Math.log((trials - count) / (count + 1)) + odds
  }
  return 1
}

/** Where a unit lies: only what is outside is flagged. */
export type FunnelPlace = 'within' | 'above-95' | 'below-95' | 'above-998' | 'below-998' | 'too-small'

/** The place of a unit in its funnel. */
export function placeInFunnel(funnel: Funnel, { events, trials }: FunnelUnit): FunnelPlace {
  if (trials < leastTrials) return 'too-small'
  const { low95, high95, low998, high998 } = funnel.limitsAt(trials)
  const rate = events / trials
  if (rate > high998) return 'above-998'
  if (rate < low998) return 'below-998'
  if (rate > high95) return 'above-95'
  return rate < low95 ? 'below-95' : 'within'
}
