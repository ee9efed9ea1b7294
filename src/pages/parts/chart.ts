import { contentHash, invariant } from '../../base/index.ts'

/** Charts that were drawn, newest last; a chart of 20 rows is some 15 kB. */
const drawn = new Map<string, string>()
const mostKept = 200

/** What all charts look like: the style sheet's variables, so that light, dark and print are one drawing. */
export const chartConfig = {
  background: 'transparent',
  font: 'inherit',
  view: { stroke: null },
  axis: {
    labelFontSize: 12,
    labelColor: 'var(--ink-soft)',
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleColor: 'var(--ink-soft)',
    domain: false,
    ticks: false,
    gridColor: 'var(--line)',
    labelPadding: 8,
  },
}

/** A share between 0 and 1 on an axis in percent. */
export const shareAxis = { format: '.0%', tickCount: 5 }

/** A Vega-Lite specification drawn as SVG text. Equal specifications are drawn once. */
export async function drawChart(spec: object): Promise<string> {
  const key = contentHash(JSON.stringify(spec))
  const known = drawn.get(key)
  if (known !== undefined) return known
  const svg = await draw({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: chartConfig, ...spec })
  if (drawn.size >= mostKept) drawn.delete([...drawn.keys()][0] ?? '')
  drawn.set(key, svg)
  return svg
}

/** Draws one chart for nothing but to have loaded what draws: the first that is asked for would wait a third of a second. Never rejects. */
export async function warmCharts(): Promise<void> {
  try {
    await drawChart({ width: 10, height: 10, data: { values: [{ x: 1 }] }, mark: 'point', encoding: {} })
  } catch {
    // The first chart that somebody asks for tells what is wrong.
  }
}

async function draw(spec: object): Promise<string> {
  // Loaded with the first chart: it takes a third of a second, which no start of a command should wait for.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  const { spec: compiled } = vegaLite.compile(spec as Parameters<typeof vegaLite.compile>[0])
  const svg = await new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG()
  invariant(!svg.includes('style='), 'a chart has no inline styles, which the content security policy forbids')
  return svg
}
