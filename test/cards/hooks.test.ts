import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { readHookRequest } from '../../src/cards/index.ts'
import { loadMade, madeAction, madePlan, servicesOf } from './made-plan.ts'

// H rows: each hook of the library, with the context that it defines.

const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1970-01-01' }
const subject = { reference: 'Patient/p1' }
const draft = { resourceType: 'MedicationRequest', id: 'd1', status: 'draft', subject }
const bundle = (...resources: readonly unknown[]) => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
})
const user = { userId: 'Practitioner/a', patientId: 'p1' }

/** The whole context of each hook, and the words of the card that reads it. */
const contexts: Readonly<Record<string, { readonly context: Record<string, unknown>; readonly orders: string }>> = {
  'patient-view': { context: { ...user, encounterId: 'e1' }, orders: 'none' },
  'order-sign': {
    context: { ...user, draftOrders: bundle(draft, { ...draft, id: undefined }) },
    orders: 'MedicationRequest/ehr.d1, MedicationRequest/ehr.draft-2',
  },
  'order-select': {
    context: { ...user, draftOrders: bundle(draft, { ...draft, id: 'd2' }), selections: ['MedicationRequest/d2'] },
    orders: 'MedicationRequest/ehr.d2',
  },
  'order-dispatch': {
    context: {
      patientId: 'p1',
      dispatchedOrders: ['ServiceRequest/s1', 'ServiceRequest/s2'],
      performer: 'Organization/o',
    },
    orders: 'ServiceRequest/ehr.s1, ServiceRequest/ehr.s2',
  },
  'appointment-book': {
    context: {
      ...user,
      appointments: bundle({
        resourceType: 'Appointment',
        id: 'a1',
        status: 'proposed',
        participant: [{ actor: subject }],
      }),
    },
    orders: 'Appointment/ehr.a1',
  },
  'encounter-start': { context: { ...user, encounterId: 'e1' }, orders: 'none' },
  'encounter-discharge': { context: { ...user, encounterId: 'Encounter/e1' }, orders: 'none' },
  'medication-refill': { context: { patientId: 'p1', medications: bundle(draft) }, orders: 'MedicationRequest/ehr.d1' },
  'allergyintolerance-create': {
    context: { ...user, allergyIntolerance: { resourceType: 'AllergyIntolerance', id: 'x', patient: subject } },
    orders: 'AllergyIntolerance/ehr.x',
  },
  'problem-list-item-create': {
    context: { ...user, conditions: bundle({ resourceType: 'Condition', id: 'c1', subject }) },
    orders: 'Condition/ehr.c1',
  },
  'medication-verify': { context: { ...user, medication: draft }, orders: 'MedicationRequest/ehr.d1' },
}

const requestOf = (hook: string, context: unknown) => ({
  hook,
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context,
  prefetch: {
    patient,
    condition: bundle({ resourceType: 'Condition', id: 'known', subject }),
    medicationRequest: null,
    allergyIntolerance: null,
    appointment: null,
  },
})

const trigger = Object.keys(contexts).map((name) => ({ type: 'named-event', name }))
const loading = loadMade(madePlan([madeAction({ trigger })]))

test('H D7: one service per hook, each with an id of its own and the hook’s published version', async () => {
  const services = servicesOf(await loading)
  expect(services.map(({ hook }) => hook.name)).toEqual(Object.keys(contexts))
  expect(new Set(services.map(({ id }) => id)).size).toBe(services.length)
  expect(services.find(({ hook }) => hook.name === 'order-dispatch')?.hook.version).toBe('1.1')
})

test.each(Object.entries(contexts))('H Q4: %s is read, and what it is about reaches the logic', async (hook, given) => {
  const service = servicesOf(await loading).find((one) => one.hook.name === hook)
  const answer = await service?.answer(unwrap(readHookRequest(requestOf(hook, given.context), hook)), { site: 'test' })
  expect(answer).toMatchObject({ kind: 'cards', cards: [{ summary: `Orders: ${given.orders}` }] })
})

test('H: order-dispatch in the shape of 1.0', () => {
  const context = { patientId: 'p1', order: 'ServiceRequest/s1', performer: 'Organization/o', task: {} }
  expect(unwrap(readHookRequest(requestOf('order-dispatch', context), 'order-dispatch')).orders).toEqual([
    'ServiceRequest/s1',
  ])
})

/** What a service that reads prescriptions says where the call is about these orders, of which `d1` was sent. */
async function answerAbout(hook: string, orders: readonly string[]) {
  const service = servicesOf(await loading).find((one) => one.hook.name === hook)
  const context =
    hook === 'order-dispatch'
      ? { patientId: 'p1', dispatchedOrders: orders, performer: 'Organization/o' }
      : { ...user, draftOrders: bundle(draft), selections: orders }
  const request = requestOf(hook, context)
  const prefetch = { ...request.prefetch, medicationRequest: bundle({ ...draft, status: 'active' }) }
  const answer = await service?.answer(unwrap(readHookRequest({ ...request, prefetch }, hook)), { site: 'test' })
  return answer ?? { kind: 'none' }
}

const unsent = 'A MedicationRequest that the call is about was not sent.'

test.each(['order-dispatch', 'order-select'])(
  'H P8: %s of an order that was not sent cannot be evaluated',
  async (hook) => {
    expect(await answerAbout(hook, ['MedicationRequest/d2'])).toMatchObject({
      kind: 'unmet',
      diagnostics: [{ message: unsent, place: { element: 'prefetch.medicationRequest' } }],
    })
  },
)

test.each(['order-dispatch', 'order-select'])(
  'H P8: %s of two of which one was sent says what it can, and what is left',
  async (hook) => {
    expect(await answerAbout(hook, ['MedicationRequest/d1', 'MedicationRequest/d2'])).toMatchObject({
      kind: 'cards',
      cards: [{}],
      evaluation: { outcomes: [{ status: 'open' }, { status: 'unknown', reason: `In part: ${unsent}` }] },
    })
  },
)

test('H: orders of a kind that the logic does not read need not be sent', async () => {
  expect(await answerAbout('order-dispatch', ['MedicationRequest/d1', 'ServiceRequest/s1'])).toMatchObject({
    kind: 'cards',
    evaluation: { outcomes: [{ status: 'open' }] },
  })
})

const required = Object.entries(contexts).flatMap(([hook, { context }]) =>
  Object.keys(context)
    .filter((name) => name !== 'encounterId' || hook.startsWith('encounter'))
    .map((name) => [hook, name] as const),
)

test.each(required)('Q4: %s without %s is refused, naming the field', (hook, name) => {
  const { [name]: _left, ...context } = contexts[hook]?.context ?? {}
  const read = readHookRequest(requestOf(hook, context), hook)
  expect(read.ok).toBe(false)
  expect(JSON.stringify(read.diagnostics)).toContain(`context.${name}`)
})

test.each(required)('Q4: %s with %s of another type is refused', (hook, name) => {
  for (const wrong of [5, {}, 'no such thing', [5]]) {
    const read = readHookRequest(requestOf(hook, { ...contexts[hook]?.context, [name]: wrong }), hook)
    expect(read.ok, JSON.stringify(wrong)).toBe(false)
  }
})

test('Q7: the drafts of a widely used client are taken: no type of Bundle, no medication, no intent, an empty coding, a category that is no list', async () => {
  const bare = {
    resourceType: 'MedicationRequest',
    subject,
    category: { coding: [{}] },
    medicationCodeableConcept: { coding: [{}] },
  }
  const context = { ...user, draftOrders: bundle({ ...bare, id: 'd1' }, bare), selections: ['MedicationRequest/d1'] }
  const service = servicesOf(await loading).find(({ hook }) => hook.name === 'order-select')
  const read = readHookRequest(requestOf('order-select', context), 'order-select')
  expect(await service?.answer(unwrap(read), { site: 'test' })).toMatchObject({
    kind: 'cards',
    cards: [{ summary: 'Orders: MedicationRequest/ehr.d1' }],
  })
})

test('Q4: a patient cannot sign orders', () => {
  const context = { ...contexts['order-sign']?.context, userId: 'Patient/p1' }
  expect(readHookRequest(requestOf('order-sign', context), 'order-sign').ok).toBe(false)
})

test('P13: a draft for another patient is refused', async () => {
  const context = { ...user, draftOrders: bundle({ ...draft, subject: { reference: 'Patient/p2' } }) }
  const service = servicesOf(await loading).find(({ hook }) => hook.name === 'order-sign')
  const answer = await service?.answer(unwrap(readHookRequest(requestOf('order-sign', context), 'order-sign')), {
    site: 'x',
  })
  expect(answer?.kind).toBe('refused')
})
