import type { Scoring } from '../../content/index.ts'
import { wilsonInterval } from '../../measure/index.ts'
import { formatPercent } from './format.ts'

/** A proportion with its 95% interval; all three between 0 and 1. */
export interface RateEstimate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** The rate of `numerator` among `atRisk` with Wilson's interval; undefined where nobody is counted. */
export function estimateRate(numerator: number, atRisk: number): RateEstimate | undefined {
  const interval = wilsonInterval(numerator, atRisk)
  return interval === undefined ? undefined : { rate: numerator / atRisk, ...interval }
}

const scoringWords: Readonly<Record<Exclude<Scoring, 'proportion'>, string>> = {
  ratio: 'a ratio',
  'continuous-variable': 'a continuous variable',
  cohort: 'a cohort',
}

/** Position on a bar of 100 units. */
const at = (share: number) => Number((share * 100).toFixed(2))

const tickWidth = 1.2

/** A rate as a bar: the track is 0 to 100%, the band its 95% interval, the tick the rate. Said in words beside it. */
const RateBar = ({ estimate }: { readonly estimate: RateEstimate }) => {
  const tick = Math.min(Math.max(at(estimate.rate) - tickWidth / 2, 0), 100 - tickWidth)
  return (
    <svg class="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" x="0" y="0" width="100" height="8" />
      <rect class="bar-interval" x={at(estimate.low)} y="0" width={at(estimate.high - estimate.low)} height="8" />
      <rect class="bar-point" x={Number(tick.toFixed(2))} y="0" width={tickWidth} height="8" />
    </svg>
  )
}

interface RateProps {
  readonly numerator: number
  readonly atRisk: number
  /** How the group is scored; a proportion where absent. */
  readonly scoring?: Scoring | undefined
}

/** A rate in words, with its interval and its bar; says so where nobody is counted, or where the score is no share. */
export const Rate = ({ numerator, atRisk, scoring = 'proportion' }: RateProps) => {
  if (scoring !== 'proportion') return <span class="soft">No rate of people: scored as {scoringWords[scoring]}</span>
  const estimate = estimateRate(numerator, atRisk)
  if (estimate === undefined) return <span class="soft">No rate: nobody is counted</span>
  return (
    <div class="rate">
      <span>
        <span class="rate-value">{formatPercent(estimate.rate)}</span>{' '}
        <span class="rate-interval">
          <span class="visually-hidden">95% interval </span>
          {formatPercent(estimate.low)} to {formatPercent(estimate.high)}
        </span>
      </span>
      <RateBar estimate={estimate} />
    </div>
  )
}
