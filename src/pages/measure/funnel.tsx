import type { ScorecardCounts } from '../../store/index.ts'
import { formatPercent } from '../parts/format.ts'
import { PeopleCount } from '../parts/people-link.tsx'
import type { FunnelStep } from './counts.ts'

const barClass = (step: FunnelStep) =>
  step.minus ? 'bar-minus' : step.population === 'not-numerator' ? 'bar-minus' : 'bar-fill'

/** The bar of a step: everybody in the initial population is the whole width. */
const StepBar = ({ step, whole }: { readonly step: FunnelStep; readonly whole: number }) => (
  <svg class="bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" x="0" y="0" width="100" height="14" />
    <rect
      class={barClass(step)}
      x="0"
      y="0"
      width={whole === 0 || step.hidden ? 0 : Number(((100 * step.count) / whole).toFixed(2))}
      height="14"
    />
  </svg>
)

const Share = ({ step }: { readonly step: FunnelStep }) => (
  <span class="share">
    {step.hidden || step.of === undefined || step.of.count === 0
      ? ''
      : `${formatPercent(step.count / step.of.count)} of ${step.of.label}`}
  </span>
)

/** The funnel of a measure: each count leads to exactly its people. */
export const Funnel = ({
  steps,
  counts,
  linked,
}: {
  readonly steps: readonly FunnelStep[]
  readonly counts: ScorecardCounts
  readonly linked: boolean
}) => (
  <ol class="funnel">
    {steps.map((step) => (
      <li class={step.minus ? 'minus' : ''}>
        <span class="name">
          {step.minus ? `less ${step.label.toLowerCase()}` : step.label}
          {step.define === undefined || step.define === step.label ? null : (
            <span class="cell-note">define “{step.define}”</span>
          )}
        </span>
        <span class="count">
          <PeopleCount
            count={step.count}
            hidden={step.hidden}
            target={{ measureId: counts.measureId, groupId: counts.groupId, population: step.population }}
            name={step.label}
            linked={linked}
          />
        </span>
        <StepBar step={step} whole={counts.initialPopulation ?? 0} />
        <Share step={step} />
      </li>
    ))}
  </ol>
)
