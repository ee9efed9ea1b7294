import { chartConfig, drawChart, shareAxis } from './chart.ts'
import { estimateRate } from './rate.tsx'

/** A stratum of a chart: its name, and who is counted. */
export interface RateStratum {
  readonly label: string
  readonly numerator: number
  readonly atRisk: number
}

/**
 * A dot and its 95% interval per stratum, on one scale from 0 to 100%, with the rate of all as a line: an
 * SVG text whose colours are the style sheet's variables. A stratum without anybody is left out.
 */
export const drawRateChart = (strata: readonly RateStratum[], overall: number | undefined): Promise<string> =>
  drawChart({ ...rateSpec(strata, overall), config: { ...chartConfig, axisY: { grid: false } } })

function rateSpec(strata: readonly RateStratum[], overall: number | undefined): object {
  const values = strata.flatMap((stratum) => {
    const estimate = estimateRate(stratum.numerator, stratum.atRisk)
    return estimate === undefined ? [] : [{ label: stratum.label, ...estimate }]
  })
  const y = { field: 'label', type: 'nominal', sort: null, title: null, axis: { labelLimit: 400 } }
  const x = { type: 'quantitative', scale: { domain: [0, 1] }, title: null, axis: shareAxis }
  const layer = [
    {
      mark: { type: 'rule', strokeWidth: 7, color: 'var(--mark-soft)' },
      encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
    },
    {
      mark: { type: 'point', filled: true, opacity: 1, size: 70, color: 'var(--mark)' },
      encoding: { y, x: { ...x, field: 'rate' } },
    },
  ]
  const line = {
    data: { values: overall === undefined ? [] : [{ overall }] },
    mark: { type: 'rule', strokeDash: [4, 3], color: 'var(--line-strong)' },
    encoding: { x: { ...x, field: 'overall' } },
  }
  return {
    width: 330,
    height: { step: 28 },
    data: { values },
    layer: overall === undefined ? layer : [line, ...layer],
  }
}
