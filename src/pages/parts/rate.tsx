import { formatPercent } from './format.ts'
import { type RateEstimate, wilsonInterval } from './wilson.ts'

/** Position on a bar of 100 units. */
const at = (share: number) => Number((share * 100).toFixed(2))

/** A rate as a bar: the track is 0 to 100%, the band its 95% interval, the tick the rate. Said in words beside it. */
export const RateBar = ({ estimate }: { readonly estimate: RateEstimate }) => (
  <svg class="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" x="0" y="0" width="100" height="8" />
    <rect
      class="bar-interval"
      x={at(estimate.low)}
      y="0"
      width={at(Math.max(estimate.high - estimate.low, 0.005))}
      height="8"
    />
    <rect class="bar-point" x={Math.min(at(estimate.rate), 99)} y="0" width="1.4" height="8" />
  </svg>
)

/** A rate in words, with its interval and its bar; says so where nobody is counted. */
export const Rate = ({ numerator, atRisk }: { readonly numerator: number; readonly atRisk: number }) => {
  const estimate = wilsonInterval(numerator, atRisk)
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
