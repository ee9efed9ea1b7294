import * as fc from 'fast-check'
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { cdsConfig } from '../../src/base/cds-config.ts'
import { loadPlans } from '../../src/cards/index.ts'
import { loadContent } from '../../src/content/index.ts'
import { type FakeApplication, fakeApplication } from '../api/fake-application.ts'
import { evaluate, glycemic } from '../api/patient-view.ts'

// Q6 P14: the shipped services on orders by their own logic, feedback, and what claims to be a token: whatever is sent, none
// of our own faults comes back, and cards hold no HTML of the record.

let application: FakeApplication
let app: Hono

beforeAll(async () => {
  const made = await fakeApplication([glycemic], evaluate)
  const { valueSets } = await loadContent({ ids: [] })
  application = { ...made, valueSets, plans: (await loadPlans({ valueSets })).plans }
  app = await createApp({ application, host: '127.0.0.1' })
}, 120_000)
afterAll(() => application.close())

async function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
  const response = await app.request(`http://127.0.0.1/cds-services/${path}`, init)
  return { status: response.status, text: await response.text() }
}

const json = fc.jsonValue({ maxDepth: 3 })
const shaped = fc.dictionary(
  fc.constantFrom(
    'resourceType',
    'id',
    'coding',
    'system',
    'code',
    'display',
    'text',
    'reference',
    '__proto__',
    'item',
  ),
  fc.oneof(json, fc.constantFrom('Medication', 'oxycodone', '<b>lorazepam</b>', '#m', 'Medication/m')),
)
const anything = fc.oneof(json, shaped, fc.array(shaped, { maxLength: 2 }))
const element = fc.constantFrom(
  'id',
  'status',
  'intent',
  'subject',
  'authoredOn',
  'medicationCodeableConcept',
  'medicationReference',
  'contained',
  'dispenseRequest',
  'dosageInstruction',
)

const order = (id: string, status: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject: { reference: 'Patient/p' },
  authoredOn: '2026-06-01',
  medicationCodeableConcept: { text: 'oxycodone 5 mg' },
})
const searchset = (...resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource })),
})
const none = searchset()

const callOf = (draft: object, taken: object) => ({
  hook: 'order-sign',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: {
    userId: 'Practitioner/a',
    patientId: 'p',
    draftOrders: { resourceType: 'Bundle', entry: [{ resource: draft }] },
  },
  prefetch: {
    patient: { resourceType: 'Patient', id: 'p', birthDate: '1970-03-14', gender: 'female' },
    medicationRequest: searchset(taken),
    medication: none,
    condition: none,
    observation: none,
    serviceRequest: none,
  },
})

const services = fc.constantFrom('severe-drug-pairs-order-sign', 'opioid-prescribing-order-sign')

test('the services answer what is sound, so that what follows reaches their logic', async () => {
  const draft = { ...order('d', 'draft'), medicationCodeableConcept: { text: 'lorazepam <b>1 mg</b>' } }
  const { status, text } = await post(
    'opioid-prescribing-order-sign',
    JSON.stringify(callOf(draft, order('m', 'active'))),
  )
  expect(status).toBe(200)
  expect(text).toContain('lorazepam &lt;b&gt;1 mg')
})

test('any JSON in place of any element of a draft, or of what is taken', async () => {
  await fc.assert(
    fc.asyncProperty(services, element, anything, fc.boolean(), async (service, name, value, isDraft) => {
      const changed = (one: object) => ({ ...one, [name]: value })
      const [draft, taken] = [order('d', 'draft'), order('m', 'active')]
      const body = isDraft ? callOf(changed(draft), taken) : callOf(draft, changed(taken))
      const { status, text } = await post(service, JSON.stringify(body))
      expect([200, 400, 412]).toContain(status)
      expect(text).not.toMatch(/<b>|node_modules|\.[jt]s:\d/)
    }),
  )
})

test('any JSON in place of any part of the context', async () => {
  const part = fc.constantFrom('userId', 'patientId', 'encounterId', 'draftOrders')
  await fc.assert(
    fc.asyncProperty(services, part, anything, async (service, name, value) => {
      const body = callOf(order('d', 'draft'), order('m', 'active'))
      const changed = { ...body, context: { ...body.context, [name]: value } }
      expect([200, 400, 412]).toContain((await post(service, JSON.stringify(changed))).status)
    }),
  )
})

test('any JSON as feedback, and in place of any part of an entry', async () => {
  const entry = {
    card: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    outcome: 'overridden',
    outcomeTimestamp: '2026-06-15T12:00:00Z',
    overrideReason: { reason: { code: 'declined' }, userComment: 'no' },
  }
  const part = fc.constantFrom(
    'card',
    'outcome',
    'acceptedSuggestions',
    'overrideReason',
    'outcomeTimestamp',
    '__proto__',
  )
  const bodies = fc.oneof(
    anything,
    fc.tuple(part, anything).map(([name, value]) => ({ feedback: [{ ...entry, [name]: value }] })),
  )
  await fc.assert(
    fc.asyncProperty(services, bodies, async (service, body) => {
      expect([200, 400]).toContain((await post(`${service}/feedback`, JSON.stringify(body))).status)
    }),
  )
})

test('any text as a token', async () => {
  const part = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_.-]{0,40}$/),
    json.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  )
  const clients = [{ issuer: 'https://ehr.example', keys: { file: '/nowhere/keys.json' } }]
  const setting = cdsConfig.parse({ clients })
  const trusting = await createApp({
    application: { ...application, config: { ...application.config, cds: setting } },
    host: '127.0.0.1',
  })
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${parts.join('.')}` }
      const init = { method: 'POST', headers, body: JSON.stringify(callOf(order('d', 'draft'), order('m', 'active'))) }
      const response = await trusting.request('http://127.0.0.1/cds-services/severe-drug-pairs-order-sign', init)
      expect(response.status).toBe(401)
    }),
  )
})
