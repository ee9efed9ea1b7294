import type { ControlChart } from '../../measure/index.ts'
import { drawChart, shareAxis } from '../parts/chart.ts'

/** The share of each month between its limits, month by month: a diamond for what a rule speaks of. */
export function drawCohortChart(chart: ControlChart, months: readonly string[]): Promise<string> {
  const values = chart.points.map(({ rate, low, high, rules }, index) => ({
    month: `${months[index]}-01`,
    rate,
    low,
    high,
    isTold: rules.length > 0,
  }))
  const x = {
    field: 'month',
    type: 'temporal',
    timeUnit: 'utcyearmonth',
    title: null,
    scale: { type: 'utc', padding: 24 },
    axis: { format: '%b', tickCount: 'month', grid: false },
  }
  const y = { type: 'quantitative', title: null, axis: shareAxis, scale: { domain: [0, 1] } }
  const limit = (field: string) => ({
    data: { values },
    mark: { type: 'line', interpolate: 'step', strokeDash: [7, 3], strokeWidth: 1.25, color: 'var(--line-strong)' },
    encoding: { x, y: { ...y, field } },
  })
  const dots = (isTold: boolean, mark: object) => ({
    data: { values: values.filter((value) => value.isTold === isTold) },
    mark: { type: 'point', filled: true, opacity: 1, ...mark },
    encoding: { x, y: { ...y, field: 'rate' } },
  })
  return drawChart({
    width: 1080,
    height: 240,
    layer: [
      {
        data: { values: [{ centre: chart.centre }] },
        mark: { type: 'rule', color: 'var(--mark)', strokeWidth: 1.25 },
        encoding: { y: { ...y, field: 'centre' } },
      },
      limit('low'),
      limit('high'),
      {
        data: { values },
        mark: { type: 'line', color: 'var(--mark)', strokeWidth: 2 },
        encoding: { x, y: { ...y, field: 'rate' } },
      },
      dots(false, { size: 55, color: 'var(--mark)' }),
      dots(true, { size: 110, shape: 'diamond', color: 'var(--open)' }),
    ],
  })
}
