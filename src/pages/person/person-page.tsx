import { nearMissKey } from '../../jobs/index.ts'
import { type PersonHeader, readWorkEvents, type WorkEvent } from '../../store/index.ts'
import { formatDay, formatSex } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { RunFacts } from '../parts/run-facts.tsx'
import { nameOf } from '../people/people-table.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import { maySeeLists, type PageRequest, type PageView } from '../site.tsx'
import { IdentityPanel } from './identity-panel.tsx'
import { type NearMissesByGap, readNearMisses } from './near-misses.tsx'
import { type PersonData, parsePid, readPersonData } from './person-data.ts'
import { Timeline } from './timeline.tsx'
import { type Verdict, VerdictView, verdictsOf } from './verdict.tsx'
import { WorkPanel } from './work-panel.tsx'

/** One patient: what each measure says and why, what it rests on, and who the person is made of. */
export async function personPage(request: PageRequest): Promise<PageView> {
  const pid = parsePid(request.context.req.param('pid'))
  const data = pid === undefined ? undefined : await readPersonData(request, pid)
  if (data === undefined || pid === undefined) {
    return notFoundView('There is no person with this key, or it is not one of those you may see.')
  }
  request.scope.read({ pids: [pid] })
  const { measures, config } = request.site.application
  const verdicts = data.personRun === undefined ? [] : verdictsOf(data.personRun, measures)
  const systems = config.identity.identifierSystems
  const run = data.personRun?.run
  const period = run === undefined ? undefined : { start: run.periodStart, end: run.periodEnd, timeZone: run.timeZone }
  const nearMisses = period === undefined ? new Map() : await readNearMisses(request, pid, verdicts, period)
  const events = maySeeLists(request.scope.principal) ? await readWorkEvents(request.session, pid) : []
  const content = (
    <Person
      embedded={request.scope.principal.framedBy !== undefined}
      data={data}
      verdicts={verdicts}
      systems={systems}
      nearMisses={nearMisses}
      events={events}
    />
  )
  return { title: nameOf(data.header), section: 'scorecard', content }
}

interface PersonProps {
  /** True within an EHR, where no other page is open. */
  readonly embedded: boolean
  readonly data: PersonData
  readonly verdicts: readonly Verdict[]
  readonly systems: readonly string[]
  readonly nearMisses: NearMissesByGap
  readonly events: readonly WorkEvent[]
}

const Person = ({ embedded, data, verdicts, systems, nearMisses, events }: PersonProps) => (
  <>
    <PageHead title={nameOf(data.header)} crumbs={embedded ? [] : [{ href: '/', label: 'Scorecard' }]}>
      {data.personRun === undefined ? null : <RunFacts run={data.personRun.run} />}
    </PageHead>
    <div class="stack">
      <Demographics data={data} />
      <Verdicts data={data} verdicts={verdicts} nearMisses={nearMisses} />
      <WorkPanel events={events} pid={data.header.pid} />
      {data.personRun === undefined ? null : (
        <Panel id="timeline" title="Timeline of what was read">
          <Timeline facts={verdicts.flatMap(({ facts }) => facts)} run={data.personRun.run} />
        </Panel>
      )}
      <IdentityPanel
        pid={data.header.pid}
        sourcePatients={data.sourcePatients}
        patients={data.patients}
        findings={data.findings}
        systems={systems}
      />
    </div>
  </>
)

const Demographics = ({ data }: { readonly data: PersonData }) => {
  const { header } = data
  const sources = [...new Set(data.sourcePatients.map(({ source }) => source))]
  return (
    <section class="panel" aria-label="Demographics">
      <dl class="person-strip">
        <Fact label="Born" text={bornText(header)} />
        <Fact label="Sex" text={formatSex(header.sex)} />
        {header.deceased ? <Fact label="Status" text="Deceased" /> : null}
        <Fact label="Practice" text={header.practice ?? 'None known'} />
        <Fact label="Provider" text={providerText(header)} />
        <Fact label="Last visit" text={header.lastVisit === null ? 'None known' : formatDay(header.lastVisit)} />
        <Fact label="Sources" text={sources.join(', ')} />
      </dl>
    </section>
  )
}

const Fact = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
)

function bornText(header: PersonHeader): string {
  if (header.birthDate === null) return 'Not known'
  return `${formatDay(header.birthDate)}${header.age === null ? '' : ` (${header.age} at the end of the period)`}`
}

const providerText = (header: PersonHeader): string =>
  header.provider ?? (header.npi === null ? 'None known' : `NPI ${header.npi}`)

const Verdicts = ({ data, verdicts, nearMisses }: Omit<PersonProps, 'embedded' | 'systems' | 'events'>) => {
  if (data.personRun === undefined) {
    return (
      <Notice title="No run yet">
        <p>No measure was evaluated yet, so there is nothing to say about this person’s gaps.</p>
      </Notice>
    )
  }
  if (verdicts.length === 0) {
    return (
      <Notice title="Not part of the last run">
        <p>The person was not there when run {data.personRun.run.runId} began. The next run includes them.</p>
      </Notice>
    )
  }
  return (
    <section class="panel" aria-labelledby="measures">
      <div class="panel-head">
        <h2 id="measures">Measures</h2>
      </div>
      {verdicts.map((verdict) => (
        <VerdictView
          asOf={data.personRun?.run.startedAt.slice(0, 10) ?? ''}
          verdict={verdict}
          pid={data.header.pid}
          nearMisses={nearMisses.get(nearMissKey(verdict.measureId, verdict.gap?.groupId ?? ''))}
        />
      ))}
    </section>
  )
}
