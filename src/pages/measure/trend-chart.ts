import type { RatePoint } from '../../store/index.ts'
import { drawChart, shareAxis } from '../parts/chart.ts'
import { estimateRate } from '../parts/rate.tsx'

/** Runs of this year and, moved to the same days of it, of the year before. */
export interface TrendLines {
  readonly now: readonly RatePoint[]
  readonly before: readonly RatePoint[]
}

const mostTicks = 6

/** The rates of runs by the day of their year: a line with its band, and the year before as a dashed line behind it. */
export function drawTrendChart({ now, before }: TrendLines): Promise<string> {
  const format = isOfFewDays(now) ? '%b %-d, %H:%M' : '%b %-d'
  // Of few runs each is a tick: others in between would be days of which nothing is known.
  const ticks = now.length <= mostTicks ? { values: now.map(({ at }) => Date.parse(at)) } : { tickCount: mostTicks }
  const x = { field: 'at', type: 'temporal', title: null, axis: { ...ticks, grid: false, format } }
  const y = { type: 'quantitative', title: null, axis: shareAxis, scale: { domain: [0, 1] } }
  const values = valuesOf(now, 0)
  return drawChart({
    width: 1080,
    height: 240,
    layer: [
      {
        data: { values: valuesOf(before, 1) },
        mark: { type: 'line', color: 'var(--line-strong)', strokeDash: [6, 4], strokeWidth: 1.5, point: false },
        encoding: { x, y: { ...y, field: 'rate' } },
      },
      {
        data: { values },
        mark: { type: 'area', opacity: 0.55, color: 'var(--mark-soft)' },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values },
        mark: { type: 'line', color: 'var(--mark)', strokeWidth: 2 },
        encoding: { x, y: { ...y, field: 'rate' } },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, opacity: 1, size: 55, color: 'var(--mark)' },
        encoding: { x, y: { ...y, field: 'rate' } },
      },
    ],
  })
}

/** Runs so close together that the day alone would name several ticks the same. */
function isOfFewDays(points: readonly RatePoint[]): boolean {
  const times = points.map(({ at }) => new Date(at).getTime())
  return Math.max(...times) - Math.min(...times) < 7 * 86_400_000
}

function valuesOf(points: readonly RatePoint[], yearsLater: number): object[] {
  return points.flatMap(({ at, atRisk, numerator }) => {
    const estimate = estimateRate(numerator, atRisk)
    if (estimate === undefined) return []
    const day = new Date(at)
    day.setUTCFullYear(day.getUTCFullYear() + yearsLater)
    return [{ at: day.toISOString(), ...estimate }]
  })
}
