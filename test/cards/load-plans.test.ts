import { describe, expect, test } from 'vitest'
import { formatDiagnostic, unwrap } from '../../src/base/index.ts'
import { readHookRequest } from '../../src/cards/index.ts'
import { dynamic, extensionBase, loadMade, madeAction, madePlan, servicesOf, withCondition } from './made-plan.ts'

// A service that could give an invalid card is refused when it is loaded, with its place; the rest of it is K rows.

const order = (more: Readonly<Record<string, unknown>> = {}) => ({
  resourceType: 'ActivityDefinition',
  id: 'order',
  kind: 'ServiceRequest',
  title: 'Order it',
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
  ...more,
})
const offer = (more: Readonly<Record<string, unknown>> = {}) => ({
  title: 'Order it',
  definitionCanonical: '#order',
  ...more,
})
const remove = { title: 'Take it back', type: { coding: [{ system: 'x', code: 'remove' }] } }
const extension = (name: string, value: Readonly<Record<string, unknown>>) => [
  { url: `${extensionBase}${name}`, ...value },
]

const faults: readonly (readonly [string, unknown, RegExp])[] = [
  ['no JSON', '{', /plan\.json.*cannot be read/],
  ['another resource', { resourceType: 'Measure' }, /resourceType/],
  ['K2: no summary', madePlan([madeAction({ dynamicValue: [] })]), /action\.0\.title: is missing/],
  ['K2: a fixed summary of 140', madePlan([madeAction({ title: 'x'.repeat(140) })]), /140 characters/],
  ['no condition', madePlan([madeAction({ condition: [] })]), /action\.0\.condition: is missing/],
  [
    'D8: an unknown hook',
    madePlan([madeAction({ trigger: [{ type: 'named-event', name: 'chart-open' }] })]),
    /no hook of the CDS Hooks library/,
  ],
  [
    'D8: a deprecated hook',
    madePlan([madeAction({ trigger: [{ type: 'named-event', name: 'order-review' }] })]),
    /no hook/,
  ],
  ['K4: an unknown priority', madePlan([madeAction({ priority: 'high' })]), /action\.0\.priority/],
  [
    'K6: a relative source address',
    madePlan([madeAction({ documentation: [{ type: 'citation', url: '/guide' }] })]),
    /documentation\.0\.url/,
  ],
  [
    'K10 K24: an override reason without display',
    madePlan([madeAction({ extension: extension('override-reason', { valueCoding: { system: 'x', code: 'y' } }) })]),
    /override reason without/,
  ],
  [
    'a type that may be missing and that is not read',
    madePlan([madeAction({ extension: extension('may-be-missing', { valueCode: 'Procedure' }) })]),
    /"Procedure" may be missing, and the logic does not read it/,
  ],
  ['K11: an unknown selection behavior', madePlan([madeAction({ selectionBehavior: 'all' })]), /selectionBehavior/],
  [
    'K13: a suggestion without label',
    madePlan([madeAction({ action: [offer({ title: '' })] })], { contained: [order()] }),
    /action\.0\.title/,
  ],
  [
    'K20: an order that is not there',
    madePlan([madeAction({ action: [offer()] })]),
    /"#order" is no contained ActivityDefinition/,
  ],
  [
    'K20 K24: an order whose code has no display',
    madePlan([madeAction({ action: [offer()] })], {
      contained: [order({ code: { coding: [{ system: 'a', code: 'b' }] } })],
    }),
    /no coding with system, code and display/,
  ],
  [
    'K20: an order of another kind',
    madePlan([madeAction({ action: [offer()] })], { contained: [order({ kind: 'Task' })] }),
    /is not of kind/,
  ],
  ['K22: a removal that names nothing', madePlan([madeAction({ action: [remove] })]), /resourceId says which order/],
  ['two cards with one id', madePlan([madeAction(), madeAction()]), /stands at an earlier action/],
  ['a define that is not there', madePlan([madeAction(withCondition('Missing'))]), /has no define "Missing"/],
  [
    'a condition that is no Boolean',
    madePlan([madeAction(withCondition('Number'))]),
    /"Number" gives Integer, where a Boolean is needed/,
  ],
  [
    'a summary that is no String',
    madePlan([madeAction({ dynamicValue: [dynamic('action.title', 'Number')] })]),
    /a String is needed/,
  ],
  [
    'a list of cards that is none',
    madePlan([madeAction({ extension: extension('for-each', { valueString: 'Number' }) })]),
    /a list of tuples/,
  ],
  ['a library that is not there', madePlan([madeAction()], { library: ['http://example.org/Library/None|1'] }), /None/],
  ['an id that is not the folder’s', madePlan([madeAction()], { id: 'other' }), /its folder another name/],
]

describe('is refused with its place:', () => {
  test.each(faults)('%s', async (_, plan, expected) => {
    const { plans, refused } = await loadMade(plan)
    expect(plans).toEqual([])
    const [one] = refused
    expect(one?.id).toBe('made')
    const text = one?.diagnostics.map(formatDiagnostic).join('\n') ?? ''
    expect(text).toMatch(expected)
    expect(one?.diagnostics.every(({ place }) => place?.file !== undefined || place?.library !== undefined)).toBe(true)
  })
})

const setting = { enabled: true, shadow: false, least: 'info', parameters: {} } as const

test('parameters: a configured threshold counts; one that the logic does not declare, or of another type, is refused', async () => {
  expect(
    (await loadMade(madePlan([madeAction()]), { made: { ...setting, parameters: { Least: 'x' } } })).refused,
  ).toHaveLength(1)
  expect(
    (await loadMade(madePlan([madeAction()]), { made: { ...setting, parameters: { Most: 1 } } })).refused,
  ).toHaveLength(1)
  const high = await loadMade(madePlan([madeAction()]), { made: { ...setting, parameters: { Least: 5 } } })
  expect(await cardsOf(high)).toEqual([])
  expect(await cardsOf(await loadMade(madePlan([madeAction()])))).toHaveLength(1)
})

test('a service that is switched off is not loaded', async () => {
  expect((await loadMade(madePlan([madeAction()]), { made: { ...setting, enabled: false } })).plans).toEqual([])
})

const subject = { reference: 'Patient/p1' }
const condition = (text: string) => ({ resourceType: 'Condition', id: 'c1', subject, code: { text } })

function request(text: string, more: Readonly<Record<string, unknown>> = {}) {
  const body = {
    hook: 'patient-view',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: { userId: 'Practitioner/a', patientId: 'p1' },
    prefetch: {
      patient: { resourceType: 'Patient', id: 'p1' },
      condition: { resourceType: 'Bundle', entry: [{ resource: condition(text) }] },
      medicationRequest: null,
      allergyIntolerance: null,
      appointment: null,
    },
    ...more,
  }
  return unwrap(readHookRequest(body, 'patient-view'))
}

async function answerOf(
  loaded: Awaited<ReturnType<typeof loadMade>>,
  text: string = 'Asthma',
  more: Readonly<Record<string, unknown>> = {},
) {
  const [service] = servicesOf(loaded)
  if (service === undefined) throw new RangeError('no service')
  return service.answer(request(text, more), { site: 'test' })
}

async function cardsOf(loaded: Awaited<ReturnType<typeof loadMade>>, text?: string) {
  const answer = await answerOf(loaded, text)
  if (answer.kind !== 'cards') throw new RangeError(JSON.stringify(answer))
  return answer.cards
}

test('K3 P14: text of the record that the logic hands on is escaped', async () => {
  const [card] = await cardsOf(
    await loadMade(madePlan([madeAction()])),
    '<script>alert(1)</script> [x](javascript:y) **b**',
  )
  expect(card?.detail).not.toMatch(/<script|\*\*b\*\*|(?<!\\)\[x/)
  expect(card?.detail).toContain('&lt;script&gt;')
})

test('K5 K6 K7: the source is what the card cites, with its topic', async () => {
  const action = madeAction({
    documentation: [{ type: 'citation', label: 'A guideline', url: 'https://example.org/guide' }],
    code: [{ coding: [{ system: 'http://example.org', code: 'topic', display: 'A topic' }] }],
  })
  const [card] = await cardsOf(await loadMade(madePlan([action])))
  expect(card?.source).toEqual({
    label: 'A guideline',
    url: 'https://example.org/guide',
    topic: { system: 'http://example.org', code: 'topic', display: 'A topic' },
  })
})

test.each([
  ['ServiceRequest', order(), { status: 'draft', subject }],
  [
    'MedicationRequest',
    order({ kind: 'MedicationRequest', productCodeableConcept: order().code, dosage: [{ text: 'once a day' }] }),
    { status: 'draft', subject, dosageInstruction: [{ text: 'once a day' }] },
  ],
  [
    'Appointment',
    order({ kind: 'Appointment' }),
    { status: 'proposed', participant: [{ actor: subject, status: 'needs-action' }] },
  ],
])('K20: a suggestion carries a draft %s', async (resourceType, activity, expected) => {
  const loaded = await loadMade(
    madePlan([madeAction({ action: [offer({ precheckBehavior: 'yes' })] })], { contained: [activity] }),
  )
  const [card] = await cardsOf(loaded)
  expect(card).toMatchObject({
    selectionBehavior: 'at-most-one',
    suggestions: [{ isRecommended: true, actions: [{ type: 'create', resource: { resourceType, ...expected } }] }],
  })
})

/** A card that takes back the order that a define names. */
const removing = (define: string) =>
  madeAction({
    id: define.toLowerCase().replace(' ', '-'),
    trigger: [{ type: 'named-event', name: 'order-sign' }],
    action: [{ ...remove, dynamicValue: [dynamic('resourceId', define)] }],
  })

test('K22 K23: an order is taken back only where it is one of the call', async () => {
  const [service] = servicesOf(await loadMade(madePlan([removing('First Order'), removing('Other Order')])))
  const draft = { resourceType: 'MedicationRequest', id: 'd1', status: 'draft', subject }
  const body = {
    hook: 'order-sign',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/a',
      patientId: 'p1',
      draftOrders: { resourceType: 'Bundle', entry: [{ resource: draft }] },
    },
    prefetch: Object.fromEntries(request('x').prefetch),
  }
  const answer = await service?.answer(unwrap(readHookRequest(body, 'order-sign')), { site: 'test' })
  expect(answer).toMatchObject({
    cards: [{ suggestions: [{ actions: [{ type: 'delete', resourceId: 'MedicationRequest/d1' }] }] }, {}],
  })
  expect(answer?.kind === 'cards' && answer.cards[1]).not.toHaveProperty('suggestions')
})

test('a define that fails makes its card unknown, without the text of what failed; the others answer', async () => {
  const loaded = await loadMade(madePlan([madeAction(), madeAction({ id: 'other', ...withCondition('Fails') })]))
  const answer = await answerOf(loaded)
  expect(answer).toMatchObject({
    kind: 'cards',
    cards: [{}],
    evaluation: { outcomes: [{ status: 'open' }, { status: 'unknown' }] },
  })
  expect(JSON.stringify(answer)).not.toContain('Jane')
  const alone = await loadMade(madePlan([madeAction(withCondition('Fails'))]))
  expect((await answerOf(alone)).kind).toBe('unmet')
})

test('what cannot be told is unknown with its reason, never an empty list', async () => {
  const extensions = extension('cannot-tell', { valueString: 'Words' })
  const answer = await answerOf(await loadMade(madePlan([madeAction({ extension: extensions })])))
  expect(answer).toMatchObject({ kind: 'unmet', diagnostics: [{ code: 'cards/not-evaluated' }] })
})

const asRole = (code: string) => ({
  prefetch: {
    ...Object.fromEntries(request('x').prefetch),
    practitionerRole: { resourceType: 'PractitionerRole', code: [{ coding: [{ code }] }] },
  },
})

test('a card for some roles is withheld from others, and shown where the role is not known', async () => {
  const role = { coding: [{ system: 'http://example.org', code: 'doctor' }] }
  const loaded = await loadMade(madePlan([madeAction({ participant: [{ type: 'practitioner', role }] })]))
  const [service] = servicesOf(loaded)
  expect(service?.plan.templates['practitionerRole']).toBe('PractitionerRole/{{userPractitionerRoleId}}')
  expect(await answerOf(loaded, 'x')).toMatchObject({ cards: [{}] })
  expect(await answerOf(loaded, 'x', asRole('doctor'))).toMatchObject({ cards: [{}] })
  expect(await answerOf(loaded, 'x', asRole('nurse'))).toMatchObject({
    cards: [],
    evaluation: { outcomes: [{ hidden: 'for other roles' }] },
  })
  const asPatient = { context: { userId: 'Patient/p1', patientId: 'p1' } }
  expect(await answerOf(loaded, 'x', asPatient)).toMatchObject({
    cards: [],
    evaluation: { outcomes: [{ hidden: 'for other users' }] },
  })
})
