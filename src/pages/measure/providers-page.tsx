import { raw } from 'hono/html'
import { z } from 'zod'
import { readyWorklist } from '../../jobs/index.ts'
import { type Funnel, type FunnelPlace, funnelOfProportions, leastTrials, placeInFunnel } from '../../measure/index.ts'
import type { StratumRow } from '../../store/index.ts'
import { formatCount, formatPercent } from '../parts/format.ts'
import { GroupedAsOf } from '../parts/grouped-as-of.tsx'
import { takesGroup } from '../parts/page-query.ts'
import { peopleHref } from '../parts/people-link.tsx'
import { type SafeStratum, strataOf } from '../parts/safe-strata.ts'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
import { isInverse } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { drawFunnelChart } from './funnel-chart.ts'
import { MeasureHead, measureHref, type OpenMeasure, openMeasure } from './measure-frame.tsx'
import { rateColumn } from './rate-column.tsx'

/** What the page takes in its address. */
export const takesUnits = takesGroup.extend({
  by: z.enum(['practice', 'provider'], 'is practice or provider').default('practice'),
})
type By = z.infer<typeof takesUnits>['by']

/** Practices or providers of a measure in a funnel plot: no league table, flags only outside the limits. */
export async function providersPage(request: PageRequest): Promise<PageView> {
  const opened = await openMeasure(request, 'providers')
  if (!('run' in opened)) return opened
  const { by } = takesUnits.parse(request.context.req.query())
  await readyWorklist(request.session, request.site.application.clock)
  const isSafe = mustBeSafe(request)
  const safe = await strataOf(request, by, opened)
  const shown = safe.filter(isDrawable)
  const funnel = funnelOfProportions(shown.map(unitOf))
  const drawn = shown.filter(({ atRisk }) => atRisk >= leastTrials)
  const svg =
    funnel === undefined || drawn.length === 0
      ? undefined
      : await drawFunnelChart(
          drawn.map((row) => ({
            label: row.label ?? '',
            trials: row.atRisk,
            rate: row.numerator / row.atRisk,
            place: placeInFunnel(funnel, unitOf(row)),
          })),
          funnel,
        )
  return {
    title: `Practices and providers: ${opened.data.title}`,
    section: 'scorecard',
    content: (
      <Providers
        opened={opened}
        by={by}
        strata={safe}
        funnel={funnel}
        svg={svg}
        linked={maySeeLists(request.scope.principal)}
        isSafe={isSafe}
        releaseHref={releaseHref(request.context)}
      />
    ),
  }
}

/** A stratum that is known and whose counts may be shown. */
type Drawable = SafeStratum & { readonly atRisk: number; readonly numerator: number }
const isDrawable = (row: SafeStratum): row is Drawable =>
  row.label !== null && row.atRisk !== null && row.numerator !== null

const unitOf = ({ numerator, atRisk }: Pick<StratumRow, 'numerator' | 'atRisk'>) => ({
  events: numerator,
  trials: atRisk,
})

interface ProvidersProps {
  readonly opened: OpenMeasure
  readonly by: By
  readonly strata: readonly SafeStratum[]
  readonly funnel: Funnel | undefined
  readonly svg: string | undefined
  readonly linked: boolean
  readonly isSafe: boolean
  readonly releaseHref: string
}

const names: Readonly<Record<By, { readonly one: string; readonly title: string; readonly unknown: string }>> = {
  practice: { one: 'Practice', title: 'Practices', unknown: 'No practice known' },
  provider: { one: 'Provider', title: 'Providers', unknown: 'No provider known' },
}

const Providers = ({ opened, by, strata, funnel, svg, linked, isSafe, releaseHref: release }: ProvidersProps) => {
  const { data, group } = opened
  return (
    <>
      <MeasureHead data={data} group={group} current="providers" linked={linked} />
      <div class="stack">
        <section class="panel" aria-labelledby="funnel-plot">
          <div class="list-head list-head-first">
            <h2 id="funnel-plot">{names[by].title}</h2>
            <nav aria-label="Compare" class="segmented segmented-links">
              {(['practice', 'provider'] as const).map((kind) => (
                <a
                  href={`${measureHref(data.id, 'providers')}?by=${kind}`}
                  {...(kind === by ? { 'aria-current': 'true' as const } : {})}
                >
                  {names[kind].title}
                </a>
              ))}
            </nav>
          </div>
          <p class="panel-note">
            {noteOf(funnel, { inverse: group !== undefined && isInverse(group), isAnybody: strata.length > 0 })}{' '}
            <GroupedAsOf run={opened.run} by="People belong to providers" />
          </p>
          {svg === undefined ? (
            <p class="panel-body soft">
              {strata.some(({ isHidden }) => isHidden)
                ? `None whose counts may be shown counts ${leastTrials} people or more, so there is nothing to compare.`
                : `None of them counts ${leastTrials} people or more, so there is nothing to compare: chance alone would explain nearly any difference.`}
            </p>
          ) : (
            <>
              {/* The table below says the same in words. The text is Vega's own, which escapes what it is given. */}
              <div class="chart chart-wide" aria-hidden="true">
                {raw(svg)}
              </div>
              <p class="chart-key">
                Solid line: all together. Dotted: 95% limits. Dashed: 99.8% limits. A diamond with its name lies
                outside.
              </p>
            </>
          )}
          <SafetyNote isSafe={isSafe} href={release} hidden={strata.filter(({ isHidden }) => isHidden).length} />
          {strata.length === 0 ? null : (
            <UnitTable opened={opened} by={by} strata={strata} funnel={funnel} linked={linked} />
          )}
        </section>
      </div>
    </>
  )
}

const noteOf = (
  funnel: Funnel | undefined,
  { inverse, isAnybody }: { readonly inverse: boolean; readonly isAnybody: boolean },
): string => {
  if (funnel === undefined) return isAnybody ? 'None of them can be judged.' : 'Nobody is counted.'
  const spread =
    funnel.overdispersion > 1
      ? ` They differ more than chance explains (overdispersion ${funnel.overdispersion.toFixed(1)}): the limits are widened by that.`
      : ' They differ no more than chance explains.'
  return `All together: ${formatPercent(funnel.target)}${inverse ? ', lower is better' : ''}.${spread}`
}

const placeWords: Readonly<Record<FunnelPlace, string>> = {
  within: 'Within the limits',
  'above-95': 'Above the 95% limit',
  'below-95': 'Below the 95% limit',
  'above-998': 'Above the 99.8% limit',
  'below-998': 'Below the 99.8% limit',
  'too-small': `Fewer than ${leastTrials} people: not judged`,
}

const UnitTable = ({ opened, by, strata, funnel, linked }: Omit<ProvidersProps, 'svg' | 'isSafe' | 'releaseHref'>) => {
  const { counts } = opened
  const href = (row: SafeStratum) =>
    by === 'practice' && linked && row.label !== null
      ? peopleHref({
          measureId: counts.measureId,
          groupId: counts.groupId,
          population: 'counted',
          practice: row.label,
        })
      : undefined
  const columns: readonly Column<SafeStratum>[] = [
    { label: names[by].one, heading: true, width: 'some', cell: (row) => row.label ?? names[by].unknown },
    rateColumn,
    {
      label: 'People counted',
      align: 'end',
      cell: (row) => {
        if (row.atRisk === null) return <span class="soft">hidden</span>
        const to = href(row)
        return to === undefined ? formatCount(row.atRisk) : <a href={to}>{formatCount(row.atRisk)}</a>
      },
    },
    {
      label: 'In the funnel',
      cell: (row) => {
        if (funnel === undefined || !isDrawable(row)) return <span class="soft">Not judged</span>
        const place = placeInFunnel(funnel, unitOf(row))
        const isFlagged = place !== 'within' && place !== 'too-small'
        return isFlagged ? <strong>{placeWords[place]}</strong> : <span class="soft">{placeWords[place]}</span>
      },
    },
  ]
  return <DataTable label={names[by].title} narrow="cards" rows={strata} columns={columns} />
}
