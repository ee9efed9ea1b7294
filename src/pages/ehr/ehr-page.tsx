import { z } from 'zod'
import { personFilter } from '../../access/index.ts'
import { readPersonRecord } from '../../identity/index.ts'
import { cdsDeskOf } from '../../jobs/index.ts'
import { type PersonChoice, readPersonChoices } from '../../store/index.ts'
import { Command, Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { CardView } from './card-view.tsx'
import { callServices, type EhrAnswer } from './ehr-call.ts'
import { ehrOrders } from './ehr-orders.ts'
import { ehrPatient } from './ehr-person.ts'

const mostChoices = 200
/** What the page takes in its address: whose chart, which drafts, and what was just done with a card. */
export const takesChart = z.strictObject({
  person: z.coerce.number().int().positive().optional(),
  order: z.array(z.enum(ehrOrders.map(({ id }) => id))).default([]),
  said: z.enum(['accepted', 'set-aside']).optional(),
})

/** A page that plays the EHR: choose a patient, see what each service says, accept it or set it aside. */
export async function ehrPage(request: PageRequest): Promise<PageView> {
  const { context, site, session, scope } = request
  const { person, order, said } = takesChart.parse({
    person: context.req.query('person'),
    order: context.req.queries('order'),
    said: context.req.query('said'),
  })
  const choices = await readPersonChoices(session, personFilter(scope.principal), mostChoices)
  scope.read({ pids: choices.map(({ pid }) => pid) })
  const record =
    person !== undefined && choices.some(({ pid }) => pid === person)
      ? await readPersonRecord(session, person)
      : undefined
  const patient = record === undefined ? undefined : ehrPatient(record)
  if (person !== undefined && patient === undefined)
    return notFoundView('There is no person with this key, or it is not one of those you may see.')
  const answers = patient === undefined ? [] : await callServices(cdsDeskOf(site.application), patient, order)
  const back = new URL(context.req.url)
  back.searchParams.delete('said')
  return {
    title: 'An EHR',
    section: 'cds',
    content: (
      <>
        <PageHead
          title="An EHR"
          crumbs={[{ href: '/cds', label: 'Decision support' }]}
          lead="Plays an EHR that calls the CDS Hooks services: patient-view for a patient, order-sign with drafts."
        />
        <div class="stack">
          {said === undefined ? null : <Said said={said} />}
          {choices.length === 0 ? (
            <Notice title="No patient to open">
              <p>No data are loaded, or none of people whom you may see.</p>
              <Command text="bin/caregap ingest PATH --source NAME" />
            </Notice>
          ) : (
            <Chart choices={choices} person={person} orders={order} />
          )}
          {answers.map((one) => (
            <Answer one={one} back={`${back.pathname}${back.search}`} />
          ))}
        </div>
      </>
    ),
  }
}

/** What an EHR would do now, and where it is counted. */
const Said = ({ said }: { readonly said: 'accepted' | 'set-aside' }) => (
  <div role="status">
    <Notice title={said === 'accepted' ? 'Accepted' : 'Set aside'}>
      <p>
        {said === 'accepted'
          ? 'An EHR would place the order now. The chart here stays as it was loaded, so the card comes again.'
          : 'While its facts are the same the card stays away, unless it is critical.'}{' '}
        <a href="/cds">What became of cards</a> counts it.
      </p>
    </Notice>
  </div>
)

interface ChartProps {
  readonly choices: readonly PersonChoice[]
  readonly person: number | undefined
  readonly orders: readonly string[]
}

const Chart = ({ choices, person, orders }: ChartProps) => (
  <Panel id="chart" title="Chart" note="Drafts are signed with the next call; without any, the patient is only opened.">
    <form method="get" action="/demo/ehr" class="filters">
      <div class="field">
        <label for="person">Patient</label>
        <select id="person" name="person">
          {choices.map(({ pid, name, birthDate }) => (
            <option value={String(pid)} selected={pid === person}>
              {name ?? `Person ${pid}`}, {birthDate ?? 'birth date not known'}
            </option>
          ))}
        </select>
      </div>
      <fieldset class="ehr-orders">
        <legend>Draft orders</legend>
        {ehrOrders.map(({ id, label }) => (
          <label>
            <input type="checkbox" name="order" value={id} checked={orders.includes(id)} /> {label}
          </label>
        ))}
      </fieldset>
      <div class="actions">
        <button type="submit" class="button button-primary">
          Open the chart
        </button>
      </div>
    </form>
  </Panel>
)

const Answer = ({ one, back }: { readonly one: EhrAnswer; readonly back: string }) => {
  const { service, answer } = one
  if (answer.kind !== 'cards')
    return (
      <Notice title={`${service.title} could not be evaluated`} fault>
        {answer.diagnostics.map(({ message }) => (
          <p>{message}</p>
        ))}
      </Notice>
    )
  const quiet = answer.evaluation.outcomes.filter(({ hidden }) => hidden !== undefined)
  return (
    <section aria-label={service.title} class="stack">
      <h2>
        {service.title} <span class="tag">{service.id}</span>
      </h2>
      {answer.cards.length === 0 && answer.unmet.length === 0 ? <p>Nothing to say.</p> : null}
      {answer.cards.map((card) => (
        <CardView card={card} place={{ serviceId: service.id, back }} />
      ))}
      {answer.unmet.map(({ message }) => (
        <p class="ehr-quiet">{message}</p>
      ))}
      {quiet.map(({ measure, guidance, hidden }) => (
        <p class="ehr-quiet">
          Not shown: {(guidance ?? measure ?? '').split('/').at(-1)} ({hidden})
        </p>
      ))}
    </section>
  )
}
