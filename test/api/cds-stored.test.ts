import { afterAll, beforeAll, expect, test } from 'vitest'
import { heldPatient } from '../../src/api/cds-stored.ts'
import { type Logger, unwrap } from '../../src/base/index.ts'
import { readHookRequest } from '../../src/cards/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { type Application, cdsDeskOf, decideMaps, proposeMap } from '../../src/jobs/index.ts'
import { findPid, readAuditRows } from '../../src/store/index.ts'
import { askPatientView } from './ask-patient-view.ts'
import { type CasePatient, caseApplication, casePatients } from './case-application.ts'
import { searchset } from './patient-view.ts'

// Night and day together: what was loaded here and what an EHR sends now, of one person, by the real engine.

type Json = Readonly<Record<string, unknown>>

function caseNamed(name: string): CasePatient {
  const found = casePatients().find((one) => one.name === `glycemic-status/${name}.json`)
  if (found === undefined) throw new RangeError(name)
  return found
}
const untested = caseNamed('no-assessment')
const tested = caseNamed('above-9-percent')
const { patientId } = untested
const mapped = 'https://ehr.example/fhir'
const logged: string[] = []
const logger: Logger = { log: (level, event, fields) => logged.push(JSON.stringify({ level, event, ...fields })) }

let application: Application
beforeAll(async () => {
  const made = await caseApplication([untested, tested])
  const fhirServers = [
    { baseUrl: mapped, source: 'cases', plainLoopback: false },
    { baseUrl: 'https://other.example/fhir', source: 'elsewhere', plainLoopback: false },
  ]
  application = { ...made, logger, config: { ...made.config, cds: { ...made.config.cds, fhirServers } } }
}, 120_000)
afterAll(() => application.close())

const a1c = (value: number, { id = 'today', of = untested } = {}): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: { reference: `Patient/${of.patientId}` },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
  effectiveDateTime: '2026-12-31T07:40:00Z',
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
})

interface Asked {
  readonly who?: CasePatient
  readonly orders?: readonly Resource[]
  readonly observations?: readonly Resource[]
  readonly fhirServer?: string
  readonly patient?: Json
  readonly over?: Application
}

/** Calls patient-view with the Patient and these observations; of all else the EHR says that it has none. */
async function ask({
  who = untested,
  observations = [],
  orders = [],
  fhirServer = mapped,
  patient = {},
  over = application,
}: Asked) {
  const own = who.resources.find(({ resourceType }) => resourceType === 'Patient')
  const body = await askPatientView<{ cards: Json[]; extension: Json }>(over, {
    prefetch: {
      patient: { ...own, ...patient },
      observation: searchset(...observations),
      serviceRequest: searchset(...orders),
    },
    patientId: who.patientId,
    fhirServer,
  })
  const evaluation = body.extension['dev.caregap.evaluation'] as { outcomes: Json[]; storedFactsAsOf?: string }
  const isGlycemic = ({ measure }: Json) => String(measure).includes('/glycemic-status|')
  const outcome = evaluation.outcomes.find(isGlycemic)
  return { cards: body.cards, evaluation, outcome }
}

const glycemicCard = (cards: readonly Json[]) =>
  cards.find(({ source }) => String((source as Json)['label']).startsWith('Glycemic'))

test('the gap of last night stands while nothing new was sent, and the card says the day of both', async () => {
  const { cards, evaluation, outcome } = await ask({})
  expect(outcome).toMatchObject({ status: 'open', shown: true })
  const loadedOn = evaluation.storedFactsAsOf?.slice(0, 10)
  expect(loadedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(glycemicCard(cards)?.['detail']).toContain(
    `From the data that this system sent on 2026-12-31, together with what was loaded here on ${loadedOn}.`,
  )
})

test('an A1c that resulted this morning closes the gap of last night: visits and diagnoses are the stored ones', async () => {
  const { cards, outcome } = await ask({ observations: [a1c(6.8)] })
  expect(outcome).toMatchObject({ status: 'closed' })
  expect(glycemicCard(cards)).toBeUndefined()
})

test('a local code is read in what is sent as approved maps of its source read it in what is stored', async () => {
  const system = 'https://lab.example/codes'
  const local = { ...a1c(6.8), code: { coding: [{ system, code: 'HB-A1' }] } }
  expect((await ask({ observations: [local] })).outcome).toMatchObject({ status: 'open' })
  const author = { ...application, user: 'ana' }
  const map = {
    kind: 'code',
    fromSystem: system,
    fromValue: 'HB-A1',
    toSystem: 'http://loinc.org',
    toCode: '4548-4',
  } as const
  const outcomes: unknown[] = []
  for (const source of ['elsewhere', 'cases']) {
    const mapId = await proposeMap(author, { ...map, source })
    await decideMaps(author, [mapId], 'approved')
    // Another desk: maps are kept for some seconds, and this clock stands still.
    const { outcome } = await ask({ observations: [local], over: { ...application } })
    outcomes.push(outcome?.['status'])
    await decideMaps(author, [mapId], 'retired')
  }
  expect(outcomes).toEqual(['open', 'closed'])
})

test('a poor A1c of this morning is what the card tells', async () => {
  const { cards } = await ask({ observations: [a1c(10.2)] })
  expect(glycemicCard(cards)?.['summary']).toContain('10.2 %')
})

test('of a fact that is stored and sent, the sent one counts', async () => {
  const stored = tested.resources.find(({ resourceType }) => resourceType === 'Observation')
  const corrected = { ...stored, valueQuantity: a1c(6.1).valueQuantity } as Resource
  expect((await ask({ who: tested })).outcome).toMatchObject({ status: 'open', reason: 'result-out-of-range' })
  expect((await ask({ who: tested, observations: [corrected] })).outcome).toMatchObject({ status: 'closed' })
})

test.each([
  ['another birth date', { birthDate: '1931-01-01' }],
  ['another sex', { gender: 'other' }],
  ['no birth date', { birthDate: undefined }],
])('%s: live facts alone, and that is logged without who it is', async (_, changed) => {
  logged.length = 0
  const { evaluation, cards } = await ask({ observations: [a1c(10.2)], patient: changed })
  expect(evaluation.storedFactsAsOf).toBeUndefined()
  expect(evaluation.outcomes.filter(({ status }) => status === 'open')).toEqual([])
  expect(cards).toEqual([])
  expect(logged.join()).toContain('stored-facts-not-used')
  expect(logged.join()).not.toContain(patientId)
})

const order = (status: string, intent: string, authoredOn: string): Resource => ({
  resourceType: 'ServiceRequest',
  id: 'order',
  status,
  intent,
  subject: { reference: `Patient/${patientId}` },
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
  authoredOn,
})

test('an order that stands makes the gap ordered and the card silent; a draft, an old one and a thought do not', async () => {
  const standing = await ask({ orders: [order('active', 'order', '2026-12-30')] })
  expect(standing.outcome).toMatchObject({ status: 'ordered', shown: false })
  expect(glycemicCard(standing.cards)).toBeUndefined()
  for (const other of [
    order('draft', 'order', '2026-12-30'),
    order('revoked', 'order', '2026-12-30'),
    order('active', 'proposal', '2026-12-30'),
    order('active', 'order', '2025-06-30'),
    { ...order('active', 'order', '2026-12-30'), doNotPerform: true },
  ])
    expect((await ask({ orders: [other] })).outcome).toMatchObject({ status: 'open', shown: true })
})

test('a client that is mapped to a source brings stored facts of that source alone, whatever server it names', async () => {
  const own = untested.resources.find(({ resourceType }) => resourceType === 'Patient')
  const held = async (source: string, fhirServer?: string) => {
    const body = {
      hook: 'patient-view',
      hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
      context: { userId: 'Practitioner/example', patientId },
      prefetch: { patient: own },
      ...(fhirServer === undefined ? {} : { fhirServer }),
    }
    const scope = {
      principal: { userId: 'ehr', role: 'clinician', source },
      requestId: 'r',
      read: () => undefined,
    } as const
    const request = unwrap(readHookRequest(body, 'patient-view'))
    const desk = cdsDeskOf(application)
    const [service] = desk.services
    if (service === undefined) throw new RangeError('a service is there')
    return (await heldPatient(desk, service, scope, request, 'https://x')).stored
  }
  expect((await held('cases'))?.source).toBe('cases')
  expect((await held('cases', mapped))?.source).toBe('cases')
  expect(await held('elsewhere', mapped)).toBeUndefined()
  expect(await held('cases', 'https://other.example/fhir')).toBeUndefined()
})

test('a server that is mapped to another source, or to none, brings no stored facts', async () => {
  for (const fhirServer of ['https://other.example/fhir', 'https://unknown.example/fhir'])
    expect((await ask({ fhirServer })).evaluation.storedFactsAsOf).toBeUndefined()
})

test('whose stored facts were looked at stands in the audit', async () => {
  await ask({})
  const pid = await findPid(application.store.session, 'cases', patientId)
  const [row] = await readAuditRows(application.store.session, 1, pid)
  expect(row).toMatchObject({ action: 'cds-hooks', pids: [pid], outcome: 'read' })
})
