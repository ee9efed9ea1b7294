/** One sample of a p-chart: `events` of `trials`, independent of the others. */
export interface Sample {
  readonly events: number
  readonly trials: number
}

/** A rule that a point is part of, by which chance alone is an unlikely reason. */
export type RunRule = 'outside' | 'shift' | 'trend' | 'outer-third'

export interface ControlPoint {
  readonly rate: number
  /** Three standard deviations below and above the centre, for this point's size, within 0..1. */
  readonly low: number
  readonly high: number
  readonly rules: readonly RunRule[]
}

export interface ControlChart {
  /** The rate of all samples together. */
  readonly centre: number
  readonly points: readonly ControlPoint[]
}

/** Below so many samples limits are guesses: no chart is drawn. */
export const leastSamples = 6

const shiftLength = 8
const trendLength = 6

/**
 * A p-chart with limits by the size of each sample, in the samples' order, and the rules of Provost and Murray (The Health
 * Care Data Guide, 2011, chapter 4) that so few points can meet: a point outside the limits; eight in a row on one side of
 * the centre; six in a row that rise or fall; two of three in a row in the same outer third. Points on the centre neither
 * end nor lengthen a row. The samples must be disjoint: runs of one year to date are not. Undefined below `leastSamples`,
 * or where all or none of the trials are events. `trials` are above 0.
 */
export function pChart(samples: readonly Sample[]): ControlChart | undefined {
  const trials = samples.reduce((sum, sample) => sum + sample.trials, 0)
  const centre = samples.reduce((sum, sample) => sum + sample.events, 0) / trials
  if (samples.length < leastSamples || !(centre > 0 && centre < 1)) return undefined
  const scores = samples.map((sample) => (sample.events / sample.trials - centre) / sigmaOf(centre, sample.trials))
  const rates = samples.map((sample) => sample.events / sample.trials)
  const found: readonly (readonly [RunRule, ReadonlySet<number>])[] = [
    ['outside', new Set(scores.flatMap((score, index) => (Math.abs(score) > 3 ? [index] : [])))],
    ['shift', shifts(scores)],
    ['trend', trends(rates)],
    ['outer-third', outerThirds(scores)],
  ]
  const points = samples.map((sample, index) => {
    const reach = 3 * sigmaOf(centre, sample.trials)
    return {
      rate: rates[index] ?? 0,
      low: Math.max(0, centre - reach),
      high: Math.min(1, centre + reach),
      rules: found.flatMap(([rule, members]) => (members.has(index) ? [rule] : [])),
    }
  })
  return { centre, points }
}

const sigmaOf = (centre: number, trials: number): number => Math.sqrt((centre * (1 - centre)) / trials)

function shifts(scores: readonly number[]): ReadonlySet<number> {
  const offCentre = scores.flatMap((score, index) => (score === 0 ? [] : [{ index, side: Math.sign(score) }]))
  return new Set(
    rowsOf(offCentre, (before, after) => before.side === after.side)
      .filter((row) => row.length >= shiftLength)
      .flatMap((row) => row.map(({ index }) => index)),
  )
}

function trends(rates: readonly number[]): ReadonlySet<number> {
  // A rate that repeats neither ends nor lengthens a trend.
  const distinct = rates.flatMap((rate, index) => (rate === rates[index - 1] ? [] : [{ index, rate }]))
  const rising = rowsOf(distinct, (before, after) => after.rate > before.rate)
  const falling = rowsOf(distinct, (before, after) => after.rate < before.rate)
  const long = [...rising, ...falling].filter((row) => row.length >= trendLength)
  return new Set(long.flatMap((row) => row.map(({ index }) => index)))
}

function outerThirds(scores: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const side of [1, -1]) {
    const isOuter = (index: number) => (scores[index] ?? 0) * side > 2
    for (let first = 0; first + 3 <= scores.length; first += 1) {
      const outer = [first, first + 1, first + 2].filter(isOuter)
      if (outer.length >= 2) for (const index of outer) found.add(index)
    }
  }
  return found
}

/** Items cut into rows of which each two neighbours go together. */
function rowsOf<T>(items: readonly T[], together: (before: T, after: T) => boolean): readonly (readonly T[])[] {
  const rows: T[][] = []
  for (const item of items) {
    const row = rows.at(-1)
    const last = row?.at(-1)
    if (row !== undefined && last !== undefined && together(last, item)) row.push(item)
    else rows.push([item])
  }
  return rows
}
