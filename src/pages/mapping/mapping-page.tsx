import { readUnmapped, type SafeUnmapped, type StoredUnmapped, safeUnmapped } from '../../jobs/index.ts'
import { type CodeMapRow, readCodeMaps } from '../../store/index.ts'
import { countOf, formatCount } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { badRequestView } from '../problem/problem-page.tsx'
import { mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { MapTable } from './map-table.tsx'
import { kindNames } from './map-words.tsx'
import { type MappingQuery, mappingHref, parseMappingQuery, unmappedKinds, unmappedPageSize } from './mapping-query.ts'
import { UnmappedTable } from './unmapped-table.tsx'

/** Codes, texts and units that no measure reads, what waits for a decision, and every decision there was. */
export async function mappingPage(request: PageRequest): Promise<PageView> {
  const { context, site } = request
  const parsed = parseMappingQuery(context.req.query())
  if (!parsed.ok) return badRequestView(parsed.reason, '/mapping')
  const { unmapped, state } = await readUnmapped(site.application)
  const rows = safeUnmapped(unmapped, mustBeSafe(request))
  const maps = (await readCodeMaps(request.session)).toReversed()
  const waiting = maps.filter(({ state }) => state === 'proposed')
  const decided = maps.filter(({ state }) => state !== 'proposed')
  const content = (
    <>
      <PageHead
        title="Code mapping"
        crumbs={[{ href: '/quality', label: 'Data quality' }]}
        lead="Local codes, texts and units that no measure reads lose people in silence. A map translates them for the measures; what the source sent stays as it is."
      />
      <div class="stack">
        <WaitingPanel maps={waiting} />
        <CountingNotice state={state} back={mappingHref(parsed.query)} />
        {state === 'none' ? null : <UnmappedPanel rows={rows} query={parsed.query} waiting={waiting} />}
        <Panel id="decided" title="Decisions" note="A map that replaces another has the next version." flush>
          {decided.length === 0 ? (
            <p class="panel-body">Nothing was decided yet.</p>
          ) : (
            <MapTable label="Decisions" maps={decided} />
          )}
        </Panel>
      </div>
    </>
  )
  return { title: 'Code mapping', section: 'quality', content }
}

const WaitingPanel = ({ maps }: { readonly maps: readonly CodeMapRow[] }) => (
  <Panel id="waiting" title="Waiting for a decision" note="Open a map to see what each rate would become." flush>
    {maps.length === 0 ? (
      <p class="panel-body">Nothing is proposed. Propose a translation from the list below.</p>
    ) : (
      <MapTable label="Waiting for a decision" maps={maps} />
    )}
  </Panel>
)

/** Says that the list is not of the newest data, where it is not. */
const CountingNotice = ({ state, back }: { readonly state: StoredUnmapped['state']; readonly back: string }) =>
  state === 'current' ? null : (
    <Notice title={state === 'none' ? 'The data are being read' : 'There are newer data than this list'}>
      <p>
        {state === 'none'
          ? 'What no measure reads is listed as soon as every record was read.'
          : 'They are being read; until then the list is of the data before.'}{' '}
        <a href={back}>Load the page again</a>
      </p>
    </Notice>
  )

function chosenOf(rows: readonly SafeUnmapped[], { kind, source, show }: MappingQuery): readonly SafeUnmapped[] {
  return rows.filter(
    (row) =>
      (kind === undefined || row.kind === kind) &&
      (source === undefined || row.source === source) &&
      (show === 'all' || row.candidates.length > 0),
  )
}

interface UnmappedPanelProps {
  readonly rows: readonly SafeUnmapped[]
  readonly query: MappingQuery
  readonly waiting: readonly CodeMapRow[]
}

const UnmappedPanel = ({ rows, query, waiting }: UnmappedPanelProps) => {
  const chosen = chosenOf(rows, query)
  const from = (query.page - 1) * unmappedPageSize
  const shown = chosen.slice(from, from + unmappedPageSize)
  const others = rows.filter(({ candidates }) => candidates.length === 0).length
  return (
    <section class="panel" aria-labelledby="unmapped">
      <div class="panel-head">
        <h2 id="unmapped">What no measure reads</h2>
        <p>
          The likeliest to matter first: what resembles a code that a measure reads, the most frequent first.{' '}
          {formatCount(others)} more resemble none, and most of these are of no concern to any measure.
        </p>
      </div>
      <UnmappedFilters query={query} sources={[...new Set(rows.map(({ source }) => source))].sort()} />
      <div class="list-head">
        <h3>{countOf(chosen.length, 'entry', 'entries')}</h3>
      </div>
      {shown.length === 0 ? (
        <p class="panel-body">
          {chosen.length > 0 ? (
            <>
              The list ends before this page. <a href={mappingHref({ ...query, page: 1 })}>Show its beginning</a>.
            </>
          ) : rows.length === 0 ? (
            'Everything in the data is read by a measure, or there are no data yet.'
          ) : (
            'Nothing of this kind. Change the filters above.'
          )}
        </p>
      ) : (
        <UnmappedTable rows={shown} waiting={waiting} back={mappingHref(query)} />
      )}
      <Pager
        page={query.page}
        pageSize={unmappedPageSize}
        total={chosen.length}
        href={(page) => mappingHref({ ...query, page })}
      />
    </section>
  )
}

const UnmappedFilters = (props: { readonly query: MappingQuery; readonly sources: readonly string[] }) => {
  const { query, sources } = props
  return (
    <form class="filters" method="get" action="/mapping" aria-label="Filter what no measure reads">
      <div class="field">
        <label for="filter-kind">Kind</label>
        <select id="filter-kind" name="kind">
          <option value="">Any</option>
          {unmappedKinds.map((kind) => (
            <option value={kind} selected={kind === query.kind}>
              {kindNames[kind]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-source">Source</label>
        <select id="filter-source" name="source">
          <option value="">All</option>
          {sources.map((source) => (
            <option value={source} selected={source === query.source}>
              {source}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-show">Show</label>
        <select id="filter-show" name="show">
          <option value="candidates" selected={query.show === 'candidates'}>
            Likely ones
          </option>
          <option value="all" selected={query.show === 'all'}>
            All of it
          </option>
        </select>
      </div>
      <div class="actions">
        <button class="button button-primary" type="submit">
          Apply
        </button>
        <a href="/mapping">Reset</a>
      </div>
    </form>
  )
}
