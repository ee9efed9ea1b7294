import type { Funnel, FunnelPlace } from '../../measure/index.ts'
import { drawChart, shareAxis } from '../parts/chart.ts'

/** A unit as the chart draws it: its size, its rate, and where it lies. */
export interface DrawnUnit {
  readonly label: string
  readonly trials: number
  readonly rate: number
  readonly place: FunnelPlace
}

/** Sizes at which limits are drawn between the least and the largest unit. */
const steps = 60

/** Dots by size and rate between the limits of the funnel: a filled shape of its own, and a name, for what lies outside. */
export function drawFunnelChart(units: readonly DrawnUnit[], funnel: Funnel): Promise<string> {
  const sizes = units.map(({ trials }) => trials)
  const least = Math.max(1, Math.min(...sizes) * 0.8)
  const most = Math.max(...sizes) * 1.05
  const curve = Array.from({ length: steps + 1 }, (_, step) => {
    const trials = Math.max(1, Math.round(least + ((most - least) * step) / steps))
    return { trials, ...funnel.limitsAt(trials) }
  })
  const x = {
    field: 'trials',
    type: 'quantitative',
    title: 'People counted',
    axis: { tickCount: 8, grid: false },
    scale: { zero: false, nice: false },
  }
  const y = { type: 'quantitative', title: null, axis: shareAxis, scale: { domain: [0, 1] } }
  const line = (field: string, dash: readonly number[]) => ({
    data: { values: curve },
    mark: { type: 'line', strokeDash: dash, strokeWidth: 1.25, color: 'var(--line-strong)', interpolate: 'monotone' },
    encoding: { x, y: { ...y, field } },
  })
  const isOutside = ({ place }: DrawnUnit) => place !== 'within' && place !== 'too-small'
  const dots = (values: readonly DrawnUnit[], mark: object) => ({
    data: { values },
    mark: { type: 'point', filled: true, opacity: 1, ...mark },
    encoding: { x, y: { ...y, field: 'rate' } },
  })
  const outside = units.filter(isOutside)
  return drawChart({
    width: 1080,
    height: 340,
    layer: [
      {
        data: { values: [{ target: funnel.target }] },
        mark: { type: 'rule', color: 'var(--mark)', strokeWidth: 1.25 },
        encoding: { y: { ...y, field: 'target' } },
      },
      line('low95', [2, 3]),
      line('high95', [2, 3]),
      line('low998', [7, 3]),
      line('high998', [7, 3]),
      dots(
        units.filter((unit) => !isOutside(unit)),
        { size: 60, color: 'var(--mark)' },
      ),
      dots(outside, { size: 110, shape: 'diamond', color: 'var(--open)' }),
      {
        data: { values: outside },
        mark: { type: 'text', dy: -12, fontSize: 12, color: 'var(--ink)' },
        encoding: { x, y: { ...y, field: 'rate' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  })
}
