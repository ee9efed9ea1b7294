import { contentHash, invariant } from '../../base/index.ts'
import { estimateRate } from './rate.tsx'

/** A stratum of a chart: its name, and who is counted. */
export interface RateStratum {
  readonly label: string
  readonly numerator: number
  readonly atRisk: number
}

/** Charts that were drawn, newest last; a chart of 20 rows is some 15 kB. */
const drawn = new Map<string, string>()
const mostKept = 200

/**
 * A dot and its 95% interval per stratum, on one scale from 0 to 100%, with the rate of all as a line: an
 * SVG text whose colours are the style sheet's variables. A stratum without anybody is left out.
 */
export async function drawRateChart(strata: readonly RateStratum[], overall: number | undefined): Promise<string> {
  const spec = rateSpec(strata, overall)
  const key = contentHash(JSON.stringify(spec))
  const known = drawn.get(key)
  if (known !== undefined) return known
  const svg = await drawSpec(spec)
  if (drawn.size >= mostKept) drawn.delete([...drawn.keys()][0] ?? '')
  drawn.set(key, svg)
  return svg
}

async function drawSpec(spec: object): Promise<string> {
  // Loaded with the first chart: it takes a third of a second, which no start of a command should wait for.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  const { spec: compiled } = vegaLite.compile(spec as Parameters<typeof vegaLite.compile>[0])
  const svg = await new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG()
  invariant(!svg.includes('style='), 'a chart has no inline styles, which the content security policy forbids')
  return svg
}

function rateSpec(strata: readonly RateStratum[], overall: number | undefined): object {
  const values = strata.flatMap((stratum) => {
    const estimate = estimateRate(stratum.numerator, stratum.atRisk)
    return estimate === undefined ? [] : [{ label: stratum.label, ...estimate }]
  })
  const y = { field: 'label', type: 'nominal', sort: null, title: null, axis: { labelLimit: 400 } }
  const x = { type: 'quantitative', scale: { domain: [0, 1] }, title: null, axis: { format: '.0%', tickCount: 5 } }
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
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 330,
    height: { step: 28 },
    data: { values },
    layer: overall === undefined ? layer : [line, ...layer],
    config: {
      background: 'transparent',
      font: 'inherit',
      view: { stroke: null },
      axis: {
        labelFontSize: 12,
        labelColor: 'var(--ink-soft)',
        domain: false,
        ticks: false,
        gridColor: 'var(--line)',
        labelPadding: 8,
      },
      axisY: { grid: false },
    },
  }
}
