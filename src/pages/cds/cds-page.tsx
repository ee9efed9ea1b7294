import { cdsDeskOf } from '../../jobs/index.ts'
import { type CdsCount, type CdsUnmetCount, readCdsCounts, readCdsUnmet } from '../../store/index.ts'
import { formatCount } from '../parts/format.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import type { PageRequest, PageView } from '../site.tsx'

const mostReasons = 100

/** What became of cards per service, site and role, and what could not be evaluated. Counts only. */
export async function cdsPage({ site }: PageRequest): Promise<PageView> {
  const { memory, services } = cdsDeskOf(site.application)
  await memory.flush()
  const { session } = site.application.store
  const counts = await readCdsCounts(session)
  const unmet = await readCdsUnmet(session, mostReasons)
  return {
    title: 'Decision support',
    section: 'cds',
    content: (
      <>
        <PageHead
          title="Decision support"
          lead="What became of CDS Hooks cards. A card that nobody reports counts as ignored; one reported twice counts once."
        />
        <div class="stack">
          <Panel id="cards" title="Cards" note={<CountsNote />} flush={counts.length > 0}>
            {counts.length === 0 ? <p>No card has been given out yet.</p> : <Counts rows={counts} />}
          </Panel>
          <Panel id="unmet" title="Could not be evaluated" flush={unmet.length > 0}>
            {unmet.length === 0 ? <p>Everything that was asked for could be evaluated.</p> : <Unmet rows={unmet} />}
          </Panel>
          <Panel id="services" title="Services" flush>
            <DataTable
              label="Services"
              narrow="cards"
              rows={services}
              columns={[
                { label: 'Service', heading: true, cell: ({ title }) => title },
                { label: 'Hook', cell: ({ hook }) => hook.name },
                { label: 'Id', cell: ({ id }) => <code>{id}</code> },
              ]}
            />
          </Panel>
        </div>
      </>
    ),
  }
}

const CountsNote = () => (
  <>
    <a href="/demo/ehr">Try the services in an EHR of our own</a>, or{' '}
    <a href="/api/cds/counts.parquet">take the counts as Parquet</a>.
  </>
)

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${Math.round((100 * part) / whole)}%`)

const Counts = ({ rows }: { readonly rows: readonly CdsCount[] }) => (
  <DataTable
    label="Cards"
    narrow="cards"
    rows={rows}
    columns={[
      {
        label: 'Card',
        heading: true,
        cell: ({ topic, serviceId }) => (
          <>
            {topic}
            <div class="ehr-source">{serviceId}</div>
          </>
        ),
      },
      { label: 'Site and role', cell: ({ site, role }) => `${site}, ${role}` },
      { label: 'Shown', align: 'end', cell: ({ shown }) => formatCount(shown) },
      { label: 'In shadow', align: 'end', cell: ({ shadow }) => formatCount(shadow) },
      { label: 'Accepted', align: 'end', cell: ({ accepted }) => formatCount(accepted) },
      { label: 'Overridden', align: 'end', cell: ({ overridden }) => formatCount(overridden) },
      { label: 'Ignored', align: 'end', cell: ({ ignored }) => formatCount(ignored) },
      { label: 'Acceptance', align: 'end', cell: ({ accepted, shown }) => percent(accepted, shown) },
      { label: 'Reasons', cell: ({ reasons }) => reasons },
    ]}
  />
)

const Unmet = ({ rows }: { readonly rows: readonly CdsUnmetCount[] }) => (
  <DataTable
    label="Could not be evaluated"
    narrow="cards"
    rows={rows}
    columns={[
      { label: 'Why', heading: true, width: 'half', cell: ({ reason }) => reason },
      { label: 'Service', cell: ({ serviceId }) => serviceId },
      { label: 'Site', cell: ({ site }) => site },
      { label: 'Calls', align: 'end', cell: ({ calls }) => formatCount(calls) },
      { label: 'Last', cell: ({ last }) => last },
    ]}
  />
)
