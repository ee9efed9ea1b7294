import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { createQuiet, type FiredCard, type Quiet, readHookRequest } from '../../src/cards/index.ts'
import { extensionBase, loadMade, madeAction, madePlan, servicesOf } from './made-plan.ts'

// Quiet by design: caps, severity, snoozes from feedback, one voice for the same thing, shadow mode.

const sameAs = [{ url: `${extensionBase}same-as`, valueString: 'the same' }]
const plan = (more: Readonly<Record<string, unknown>> = {}) => loadMade(madePlan([madeAction(more)]))

interface Asked {
  readonly user?: string
  readonly patient?: string
  readonly text?: string
  readonly instance?: string
  readonly server?: string
}

function request({
  user = 'a',
  patient = 'p1',
  text = 'Asthma',
  instance = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  server,
}: Asked = {}) {
  const subject = { reference: `Patient/${patient}` }
  const condition = { resourceType: 'Condition', id: text, subject, code: { text } }
  const body = {
    hook: 'patient-view',
    hookInstance: instance,
    ...(server === undefined ? {} : { fhirServer: server }),
    context: { userId: `Practitioner/${user}`, patientId: patient },
    prefetch: {
      patient: { resourceType: 'Patient', id: patient },
      condition: { resourceType: 'Bundle', entry: [{ resource: condition }] },
      medicationRequest: null,
      allergyIntolerance: null,
      appointment: null,
    },
  }
  return unwrap(readHookRequest(body, 'patient-view'))
}

type Services = ReturnType<typeof servicesOf>

async function ask([service]: Services, asked: Asked = {}) {
  const answer = await service?.answer(request(asked), { site: 'test' })
  if (answer?.kind !== 'cards') throw new RangeError(JSON.stringify(answer))
  const { cards, fired, evaluation } = answer
  return { cards, fired, hidden: evaluation.outcomes.map(({ hidden }) => hidden) }
}

function snooze(quiet: Quiet, card: FiredCard | undefined, reason: string | null, at = '2026-06-15T12:00:00Z'): void {
  if (card !== undefined) quiet.snooze({ ...card, reason, at })
}

test('an overridden card stays away from that clinician and that patient, and from nobody else', async () => {
  const quiet = createQuiet(90)
  const services = servicesOf(await plan(), {}, quiet)
  snooze(quiet, (await ask(services)).fired[0], 'not-appropriate')
  expect(await ask(services)).toMatchObject({ cards: [], hidden: ['snoozed'] })
  expect((await ask(services, { user: 'b' })).cards).toHaveLength(1)
  expect((await ask(services, { patient: 'p2' })).cards).toHaveLength(1)
  expect((await ask(services, { server: 'https://ehr.example/fhir' })).cards).toHaveLength(1)
})

test('the same server with a slash at its end is the same patient', async () => {
  const quiet = createQuiet(90)
  const services = servicesOf(await plan(), {}, quiet)
  snooze(quiet, (await ask(services, { server: 'https://ehr.example/fhir' })).fired[0], 'not-appropriate')
  expect((await ask(services, { server: 'https://ehr.example/fhir/' })).cards).toEqual([])
})

test.each(['patient-declined', 'done-elsewhere'])('%s holds for every clinician', async (reason) => {
  const quiet = createQuiet(90)
  const services = servicesOf(await plan(), {}, quiet)
  snooze(quiet, (await ask(services)).fired[0], reason)
  expect((await ask(services, { user: 'b' })).cards).toEqual([])
})

test('a snooze ends with its days, and when the facts change', async () => {
  const quiet = createQuiet(90)
  const loaded = await plan({
    dynamicValue: [{ path: 'action.title', expression: { language: 'text/cql-identifier', expression: 'Details' } }],
  })
  const services = servicesOf(loaded, {}, quiet)
  snooze(quiet, (await ask(services)).fired[0], null)
  expect((await ask(services)).cards).toEqual([])
  expect((await ask(services, { text: 'Diabetes' })).cards).toHaveLength(1)
  const old = createQuiet(90)
  const others = servicesOf(loaded, {}, old)
  snooze(old, (await ask(others)).fired[0], null, '2026-03-01T00:00:00Z')
  expect((await ask(others)).cards).toHaveLength(1)
})

test('a critical card is never snoozed', async () => {
  const quiet = createQuiet(90)
  const services = servicesOf(await plan({ priority: 'stat' }), {}, quiet)
  snooze(quiet, (await ask(services)).fired[0], 'patient-declined')
  expect((await ask(services)).cards).toHaveLength(1)
})

test('shadow mode: evaluated and recorded, not shown', async () => {
  const services = servicesOf(await plan(), {
    services: { made: { enabled: true, shadow: true, least: 'info', parameters: {} } },
  })
  const { cards, fired, hidden } = await ask(services)
  expect(cards).toEqual([])
  expect(hidden).toEqual(['shadow'])
  expect(fired).toMatchObject([{ shown: false, uuid: '' }])
})

test('severity: cards below the least that is configured are not shown', async () => {
  const setting = { enabled: true, shadow: false, least: 'warning', parameters: {} } as const
  expect(await ask(servicesOf(await plan(), { services: { made: setting } }))).toMatchObject({
    cards: [],
    hidden: ['below the least severity'],
  })
  expect(
    (await ask(servicesOf(await plan({ priority: 'urgent' }), { services: { made: setting } }))).cards,
  ).toHaveLength(1)
})

test('cap: the gravest are shown, the others listed', async () => {
  const loaded = await loadMade(
    madePlan([
      madeAction({ id: 'one' }),
      madeAction({ id: 'two', priority: 'stat' }),
      madeAction({ id: 'three', priority: 'urgent' }),
    ]),
  )
  const { cards, hidden } = await ask(servicesOf(loaded, { mostCards: 2 }))
  expect(cards.map(({ indicator }) => indicator)).toEqual(['critical', 'warning'])
  expect(hidden).toEqual(['over the limit of cards', undefined, undefined])
})

test('K9: of two services that say the same in answer to one event the second is silent; to the next both may', async () => {
  const quiet = createQuiet(90)
  const loaded = await plan({ extension: sameAs })
  const [first] = servicesOf(loaded, {}, quiet)
  const renamed = { plans: loaded.plans.map((one) => ({ ...one, plan: { ...one.plan, id: 'second' } })), refused: [] }
  const [second] = servicesOf(renamed, {}, quiet)
  if (first === undefined || second === undefined) throw new RangeError('no service')
  expect((await ask([first])).cards).toHaveLength(1)
  expect(await ask([second])).toMatchObject({ cards: [], hidden: ['another service says the same'] })
  expect((await ask([first])).cards).toHaveLength(1)
  const instance = 'aaaaaaaa-dfbe-44ad-ba6d-3e05e953b2ea'
  expect((await ask([second], { instance })).cards).toHaveLength(1)
})

test('K8: what is kept of a card names neither patient nor clinician', async () => {
  const { fired } = await ask(servicesOf(await plan()), { user: 'doctor-jones', patient: 'patient-smith' })
  expect(JSON.stringify(fired)).not.toMatch(/jones|smith|Asthma/)
})
