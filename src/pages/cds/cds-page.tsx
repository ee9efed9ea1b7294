import { type CdsReportReason, type CdsReportRow, cdsDeskOf, cdsReport } from '../../jobs/index.ts'
import { formatCount } from '../parts/format.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import { mustBeSafe, type PageRequest, type PageView } from '../site.tsx'

/** What became of cards per service, site and role, and what could not be evaluated. Counts only. */
export async function cdsPage(request: PageRequest): Promise<PageView> {
  const { application } = request.site
  const { memory, services } = cdsDeskOf(application)
  await memory.flush()
  const isSafe = mustBeSafe(request)
  const today = application.clock.now().toISOString().slice(0, 10)
  const { cards: counts, notEvaluated: unmet } = await cdsReport(application.store.session, today, isSafe)
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
          <Panel id="cards" title="Cards" note={<CountsNote isSafe={isSafe} />} flush={counts.length > 0}>
            {counts.length === 0 ? (
              <p>{isSafe ? noneReleased : 'No card has been given out yet.'}</p>
            ) : (
              <Counts rows={counts} />
            )}
          </Panel>
          <Panel id="unmet" title="Could not be evaluated" flush={unmet.length > 0}>
            {unmet.length === 0 ? (
              <p>{isSafe ? noneReleased : 'Everything that was asked for could be evaluated.'}</p>
            ) : (
              <Unmet rows={unmet} />
            )}
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

const noneReleased = 'Nothing is counted yet of days that have ended.'

const CountsNote = ({ isSafe }: { readonly isSafe: boolean }) => (
  <>
    {isSafe
      ? 'Counts of one to ten cards or people are hidden, with those that would tell them; a day is counted when it has ended, and when it differs by more. '
      : 'Not for release: small counts are shown. '}
    <a href="/demo/ehr">Try the services in an EHR of our own</a>, or{' '}
    <a href={`/api/cds/counts.parquet${isSafe ? '?purpose=release' : ''}`}>take the counts as Parquet</a>.
  </>
)

const hidden = <span class="zero">hidden</span>
const told = (count: number | null) => (count === null ? hidden : formatCount(count))

const percent = (part: number | null, whole: number | null) =>
  part === null || whole === null ? hidden : whole === 0 ? '' : `${Math.round((100 * part) / whole)}%`

const Counts = ({ rows }: { readonly rows: readonly CdsReportRow[] }) => (
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
      { label: 'Shown', align: 'end', cell: ({ shown }) => told(shown) },
      { label: 'In shadow', align: 'end', cell: ({ shadow }) => told(shadow) },
      { label: 'Accepted', align: 'end', cell: ({ accepted }) => told(accepted) },
      { label: 'Overridden', align: 'end', cell: ({ overridden }) => told(overridden) },
      { label: 'Ignored', align: 'end', cell: ({ ignored }) => told(ignored) },
      { label: 'Acceptance', align: 'end', cell: ({ accepted, shown }) => percent(accepted, shown) },
      { label: 'Reasons', cell: ({ reasons }) => reasons },
    ]}
  />
)

const Unmet = ({ rows }: { readonly rows: readonly CdsReportReason[] }) => (
  <DataTable
    label="Could not be evaluated"
    narrow="cards"
    rows={rows}
    columns={[
      { label: 'Why', heading: true, width: 'half', cell: ({ reason }) => reason },
      { label: 'Service', cell: ({ serviceId }) => serviceId },
      { label: 'Site', cell: ({ site }) => site },
      { label: 'Calls', align: 'end', cell: ({ calls }) => told(calls) },
      { label: 'Last', cell: ({ last }) => last ?? hidden },
    ]}
  />
)
