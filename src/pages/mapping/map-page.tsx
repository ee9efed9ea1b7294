import { effectOfMaps, type SafeEffect, type SafeEffects, safeEffects } from '../../jobs/index.ts'
import { type CodeMapRow, readCodeMaps, readPublishedRun } from '../../store/index.ts'
import { countOf, formatCount, formatPercent } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import { mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { MapTable } from './map-table.tsx'
import { kindNames, MapFrom, MapHistory, MapTo, stateName } from './map-words.tsx'

const crumbs = [
  { href: '/quality', label: 'Data quality' },
  { href: '/mapping', label: 'Code mapping' },
]

/** One map: what it says, what it would do to each rate, who decided, its versions, and the decision itself. */
export async function mapPage(request: PageRequest): Promise<PageView> {
  const { context, session, scope, site } = request
  const id = context.req.param('map') ?? ''
  const maps = await readCodeMaps(session)
  const map = maps.find(({ mapId }) => String(mapId) === id)
  if (map === undefined) return notFoundView('There is no map with this number.')
  const hasRun = (await readPublishedRun(session)) !== undefined
  const effects =
    map.state === 'proposed' && hasRun
      ? safeEffects(await effectOfMaps(site.application, [map.mapId]), mustBeSafe(request))
      : undefined
  const others = maps.filter((other) => isSameThing(other, map))
  const content = (
    <>
      <PageHead title={titleOf(map)} crumbs={crumbs} lead={`${stateName(map)}, version ${map.version}`} />
      <div class="stack">
        <Panel id="map" title="What it says">
          <dl class="stamp">
            <dt>{kindNames[map.kind]} in the data</dt>
            <dd>
              <MapFrom map={map} />
            </dd>
            <dt>Counts as</dt>
            <dd>
              <MapTo map={map} />
            </dd>
            <dt>In data of</dt>
            <dd>{map.source ?? 'all sources'}</dd>
            <dt>Who and when</dt>
            <dd>
              <MapHistory map={map} />
            </dd>
          </dl>
        </Panel>
        {map.state === 'proposed' ? <EffectPanel effects={effects} application={request} /> : null}
        <Decision map={map} mayDecide={scope.principal.role === 'admin'} />
        {others.length < 2 ? null : (
          <Panel id="versions" title="Versions" note="Translations of the same thing, the newest first." flush>
            <MapTable label="Versions" maps={others.toReversed()} />
          </Panel>
        )}
      </div>
    </>
  )
  return { title: titleOf(map), section: 'quality', content }
}

const titleOf = ({ mapId, fromValue, toCode }: CodeMapRow): string => `Map ${mapId}: ${fromValue} as ${toCode}`

const isSameThing = (one: CodeMapRow, other: CodeMapRow): boolean =>
  one.kind === other.kind &&
  one.source === other.source &&
  one.fromSystem === other.fromSystem &&
  one.fromValue === other.fromValue

interface EffectProps {
  readonly effects: SafeEffects | undefined
  readonly application: PageRequest
}

const EffectPanel = ({ effects, application: { site } }: EffectProps) => {
  if (effects === undefined) {
    return (
      <Notice title="No run yet whose rates it could change">
        <p>Evaluate the measures over everybody; then this page shows what each rate would become.</p>
      </Notice>
    )
  }
  const titles = new Map(site.application.measures.map(({ id, title }) => [id, title]))
  const changed = effects.groups.filter((row) => row.isHidden || row.rateBefore !== row.rateAfter || moves(row))
  return (
    <Panel
      id="effect"
      title="What each rate would become"
      note={`Over run ${effects.runId}. ${effectSentence(effects)}${effects.dataChanged ? ' The data changed since that run: its counts are of then.' : ''}`}
      flush
    >
      {changed.length === 0 ? (
        <p class="panel-body">No count of any measure would change.</p>
      ) : (
        <DataTable
          label="What each rate would become"
          narrow="cards"
          rows={changed}
          columns={[
            {
              label: 'Measure',
              heading: true,
              width: 'some',
              cell: ({ measureId }) => (
                <a href={`/measures/${encodeURIComponent(measureId)}`}>{titles.get(measureId) ?? measureId}</a>
              ),
            },
            { label: 'Rate now', align: 'end', cell: (row) => rateText(row, row.rateBefore) },
            { label: 'Rate with it', align: 'end', cell: (row) => rateText(row, row.rateAfter) },
            { label: 'Numerator', align: 'end', cell: (row) => changeText(row, 'numerator') },
            { label: 'Denominator', align: 'end', cell: (row) => changeText(row, 'denominator') },
            { label: 'Exclusions', align: 'end', cell: (row) => changeText(row, 'denominator-exclusion') },
          ]}
        />
      )}
    </Panel>
  )
}

function effectSentence({ resources, persons }: SafeEffects): string {
  if (resources === null || persons === null) return 'It touches few facts; how many is hidden.'
  return `It touches ${countOf(resources, 'fact')} of ${countOf(persons, 'person', 'people')}.`
}

const moves = ({ before, after }: SafeEffect): boolean =>
  Object.keys(after).some((code) => after[code as keyof typeof after] !== before[code as keyof typeof before])

const hidden = <span class="zero">hidden</span>

const rateText = (row: SafeEffect, rate: number | undefined) =>
  row.isHidden ? hidden : rate === undefined ? 'none' : formatPercent(rate)

type Population = 'numerator' | 'denominator' | 'denominator-exclusion'

function changeText(row: SafeEffect, code: Population) {
  if (row.isHidden) return hidden
  const before = row.before[code]
  const after = row.after[code]
  if (before === undefined || after === undefined) return <span class="zero">not used</span>
  if (before === after) return formatCount(before)
  const change = `${after > before ? '+' : '−'}${formatCount(Math.abs(after - before))}`
  return (
    <>
      {formatCount(after)} <span class="cell-note">{change}</span>
    </>
  )
}

/** The decision: offered to those who may make it, said to the others. */
const Decision = ({ map, mayDecide }: { readonly map: CodeMapRow; readonly mayDecide: boolean }) => {
  if (map.state === 'retired') return null
  const isProposed = map.state === 'proposed'
  return (
    <Panel
      id="decision"
      title={isProposed ? 'Decide' : 'Retire'}
      note={
        isProposed
          ? 'Approved, the next run counts it, and every explanation of a result names it. It can be retired again.'
          : 'The next run does not count it any more.'
      }
    >
      {mayDecide ? (
        <div class="row no-print">
          {isProposed ? <DecideForm map={map} action="approve" label="Approve" isPrimary /> : null}
          <DecideForm map={map} action="retire" label={isProposed ? 'Reject' : 'Retire'} />
        </div>
      ) : (
        <p>An admin decides. Your role may propose maps and see what they would do.</p>
      )}
    </Panel>
  )
}

const DecideForm = (props: {
  readonly map: CodeMapRow
  readonly action: 'approve' | 'retire'
  readonly label: string
  readonly isPrimary?: boolean
}) => (
  <form method="post" action={`/mapping/maps/${props.map.mapId}/${props.action}`}>
    <button class={props.isPrimary === true ? 'button button-primary' : 'button'} type="submit">
      {props.label}
    </button>
  </form>
)
