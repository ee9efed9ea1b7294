import type { RunSummary } from '../../store/index.ts'
import { formatDay } from '../parts/format.ts'
import type { ShownFact } from './facts.ts'

const width = 860
const labelWidth = 230
const laneHeight = 26
const mostLanes = 10
const axisHeight = 26

interface Dot {
  readonly rid: string
  readonly what: string
  readonly time: number
}

/** The first day that a date of any precision may mean, in ms; undefined for text that is no date. */
function timeOf(day: string | undefined): number | undefined {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(day ?? '')
  if (match === null) return undefined
  return Date.UTC(Number(match[1]), Number(match[2] ?? '01') - 1, Number(match[3] ?? '01'))
}

function dotsOf(facts: readonly ShownFact[]): Dot[] {
  const once = new Map(facts.map((fact) => [fact.rid, fact]))
  return [...once.values()].flatMap((fact) => {
    const time = timeOf(fact.day)
    return time === undefined ? [] : [{ rid: fact.rid, what: fact.what, time }]
  })
}

/** Labels of the lanes, the one with the latest fact first; beyond the first ten, facts share one lane. */
function lanesOf(dots: readonly Dot[]): string[] {
  const latest = new Map<string, number>()
  for (const { what, time } of dots) latest.set(what, Math.max(latest.get(what) ?? 0, time))
  return [...latest].sort((a, b) => b[1] - a[1]).map(([what]) => what)
}

const shorten = (text: string) => (text.length > 32 ? `${text.slice(0, 31)}…` : text)

interface Scale {
  readonly from: number
  readonly to: number
  at(time: number): number
}

/** From a year before the period to its end or the last fact; what is older stands at the left edge. */
function scaleOf(run: RunSummary, dots: readonly Dot[]): Scale {
  const start = timeOf(run.periodStart) ?? 0
  const end = timeOf(run.periodEnd) ?? start
  const from = Date.UTC(new Date(start).getUTCFullYear() - 1, 0, 1)
  const to = Math.max(end, ...dots.map(({ time }) => time))
  const at = (time: number) =>
    labelWidth + ((Math.max(time, from) - from) / (to - from)) * (width - labelWidth - 16) + 4
  return { from, to, at: (time) => Math.round(at(time)) }
}

const Axis = ({ scale, bottom }: { readonly scale: Scale; readonly bottom: number }) => {
  const first = new Date(scale.from).getUTCFullYear()
  const last = new Date(scale.to).getUTCFullYear()
  const quarters = Array.from({ length: (last - first + 1) * 4 }, (_, index) => ({
    time: Date.UTC(first, index * 3, 1),
    label: index % 4 === 0 ? String(first + index / 4) : `Q${(index % 4) + 1}`,
  })).filter(({ time }) => time <= scale.to)
  return (
    <>
      {quarters.map(({ time, label }) => (
        <>
          <line class="tick" x1={scale.at(time)} y1="0" x2={scale.at(time)} y2={bottom} />
          <text x={scale.at(time) + 4} y={bottom + 16}>
            {label}
          </text>
        </>
      ))}
    </>
  )
}

/** The dated facts of all verdicts on one line of time. The tables above say the same in words. */
export const Timeline = ({ facts, run }: { readonly facts: readonly ShownFact[]; readonly run: RunSummary }) => {
  const dots = dotsOf(facts)
  if (dots.length === 0) return <p class="soft">No dated resource was read by any measure.</p>
  const labels = lanesOf(dots)
  const lanes = labels.length > mostLanes ? [...labels.slice(0, mostLanes - 1), 'Other'] : labels
  const laneOf = (what: string) => (lanes.includes(what) ? lanes.indexOf(what) : lanes.length - 1)
  const scale = scaleOf(run, dots)
  const bottom = lanes.length * laneHeight
  const periodStart = scale.at(timeOf(run.periodStart) ?? 0)
  const older = dots.filter(({ time }) => time < scale.from).length
  return (
    <>
      <div class="timeline-scroll" tabindex={0} role="region" aria-label="Timeline, drawn">
        <svg class="timeline" viewBox={`0 0 ${width} ${bottom + axisHeight}`} aria-hidden="true">
          <rect
            class="period"
            x={periodStart}
            y="0"
            width={scale.at(timeOf(run.periodEnd) ?? 0) - periodStart}
            height={bottom}
          />
          <Axis scale={scale} bottom={bottom} />
          {lanes.map((lane, index) => (
            <>
              <line class="lane" x1={labelWidth} y1={laneMiddle(index)} x2={width} y2={laneMiddle(index)} />
              <text x="0" y={laneMiddle(index) + 4}>
                {shorten(lane)}
              </text>
            </>
          ))}
          {dots.map((dot) => (
            <circle class="dot" cx={scale.at(dot.time)} cy={laneMiddle(laneOf(dot.what))} r="6" />
          ))}
        </svg>
      </div>
      <p class="small soft">
        Shaded: the period, {formatDay(run.periodStart)} to {formatDay(run.periodEnd)}.
        {older === 0 ? '' : ` At the left edge: ${older} older.`} Each dot is a row of the tables above.
      </p>
    </>
  )
}

const laneMiddle = (index: number) => index * laneHeight + laneHeight / 2
