import { describe, expect, test } from 'vitest'
import { findPid, readAuditRows } from '../../src/store/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { type CasePatient, caseApplication, casePatients } from './case-application.ts'
import { searchset } from './patient-view.ts'
import { served } from './served.ts'

// The shipped measures' own cases, loaded from files, through every answer of the server: what a case expects is
// what the report of the population, the report of the person, the gap and the card must say.

type Json = Readonly<Record<string, unknown>>

const patients = casePatients()
const measureIds = [...new Set(patients.map(({ measureId }) => measureId))]
const days = 'periodStart=2026-01-01&periodEnd=2026-12-31'
const { application, app } = await served(caseApplication(patients))

const get = async (path: string) => app.request(`http://127.0.0.1${path}`)

async function read(path: string, status = 200): Promise<Json> {
  const response = await get(path)
  expect(response.status).toBe(status)
  const body = (await response.json()) as Json
  if (body['resourceType'] === 'MeasureReport') {
    const measure = application.measures.find(({ id }) => path.startsWith(`/fhir/Measure/${id}/`))
    expect(reportFaults(body, measure)).toEqual([])
  }
  return body
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

/** Counts of the one group of a report by population code. */
function countsOf(report: Json): Record<string, unknown> {
  const [group] = list(report['group'])
  return Object.fromEntries(
    list(group?.['population']).map((population) => [
      list((population['code'] as Json)['coding'])[0]?.['code'],
      population['count'],
    ]),
  )
}

/** What the gap of a case must be, from its expectation and the direction of the measure alone. */
function expectedStatus({ measureId, expected }: CasePatient): string {
  if (expected['denominator'] === 0) return 'not-applicable'
  if (expected['denominator-exclusion'] === 1 || expected['denominator-exception'] === 1) return 'excluded'
  return (expected['numerator'] === 1) === (measureId === 'glycemic-status') ? 'open' : 'closed'
}

describe.each(measureIds)('%s', (measureId) => {
  const own = patients.filter((patient) => patient.measureId === measureId)

  test('there are cases of every status', () => {
    expect(new Set(own.map(expectedStatus))).toEqual(new Set(['open', 'closed', 'excluded', 'not-applicable']))
  })

  test('the summary counts everybody as their cases expect, and others as one by one, and its score is their rate', async () => {
    const summary = await read(`/fhir/Measure/${measureId}/$evaluate-measure?${days}`)
    expect(summary).toMatchObject({ resourceType: 'MeasureReport', type: 'summary', status: 'complete' })
    const sums: Record<string, number> = {}
    const add = (counts: Readonly<Record<string, unknown>>) => {
      for (const [code, count] of Object.entries(counts)) sums[code] = (sums[code] ?? 0) + Number(count)
    }
    for (const { expected } of own) add(expected)
    for (const { patientId } of patients.filter((patient) => !own.includes(patient))) {
      const subject = `subject=Patient/cases/${patientId}`
      add(countsOf(await read(`/fhir/Measure/${measureId}/$evaluate-measure?${days}&${subject}`)))
    }
    expect(countsOf(summary)).toEqual(sums)
    const left = (sums['denominator-exclusion'] ?? 0) + (sums['denominator-exception'] ?? 0)
    const risk = (sums['denominator'] ?? 0) - left
    const { value: score } = (list(summary['group'])[0] as { measureScore: Json }).measureScore
    expect(score).toBeCloseTo((sums['numerator'] ?? 0) / risk, 7)
  })

  test('the subject list holds as many as are counted, each once', async () => {
    const report = await read(`/fhir/Measure/${measureId}/$evaluate-measure?${days}&reportType=subject-list`)
    const lists = list(report['contained']).filter(({ resourceType }) => resourceType === 'List')
    const sizeOf = (id: unknown) => {
      const members = list(lists.find((one) => `#${String(one['id'])}` === id)?.['entry'])
      return new Set(members.map(({ item }) => (item as Json)['reference'])).size
    }
    const populations = list(list(report['group'])[0]?.['population'])
    const sizes = populations.map((population) => sizeOf((population['subjectResults'] as Json)['reference']))
    expect(sizes).toEqual(Object.values(countsOf(report)))
  })

  test.each(own.map((patient) => [patient.name, patient] as const))('%s', async (_, patient) => {
    const subject = `subject=Patient/cases/${patient.patientId}`
    const report = await read(`/fhir/Measure/${measureId}/$evaluate-measure?${days}&${subject}`)
    expect(countsOf(report)).toEqual(patient.expected)
    expect(report['subject']).toEqual({ reference: `Patient/cases.${patient.patientId}` })
    const outcome = await outcomeOfCall(patient)
    // What is open may be on its way (a preliminary result, an order), or not due yet.
    const status = String(outcome?.['status'])
    const isUndone = ['awaiting-data', 'ordered', 'prospective'].includes(status)
    expect(isUndone ? 'open' : status).toBe(expectedStatus(patient))
  })
})

/** The prefetch that the templates ask for, cut from a patient's resources. */
async function prefetchFor({ resources }: CasePatient): Promise<Json> {
  const { services } = (await read('/cds-services')) as { services: { prefetch: Record<string, string> }[] }
  const others = resources.filter(({ resourceType }) => ['Medication', 'Device', 'Location'].includes(resourceType))
  const found = Object.entries(services[0]?.prefetch ?? {}).map(([key, template]) => {
    const type = template.split(/[/?]/)[0]
    const matches = resources.filter(({ resourceType }) => resourceType === type)
    if (type === 'Patient') return [key, matches[0]] as const
    return [key, { ...searchset(...matches, ...others), total: matches.length }] as const
  })
  return Object.fromEntries(found)
}

async function callService(patient: CasePatient, more: Json = {}): Promise<Json> {
  const body = {
    hook: 'patient-view',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: { userId: 'Practitioner/example', patientId: patient.patientId },
    prefetch: await prefetchFor(patient),
    ...more,
  }
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await app.request('http://127.0.0.1/cds-services/caregap-patient-view', init)
  expect(response.status).toBe(200)
  return (await response.json()) as Json
}

async function outcomeOfCall(patient: CasePatient): Promise<Json | undefined> {
  const { extension } = (await callService(patient)) as { extension: Record<string, { outcomes: Json[] }> }
  const outcomes = extension['dev.caregap.evaluation']?.outcomes ?? []
  return outcomes.find(({ measure }) => String(measure).includes(`/${patient.measureId}|`))
}

const caseNamed = (name: string): CasePatient => {
  const found = patients.find((patient) => patient.name === name)
  if (found === undefined) throw new RangeError(`there is no case ${name}`)
  return found
}

describe('words', () => {
  test('the card of a missing result offers the order that the measure states', async () => {
    const { cards } = (await callService(caseNamed('glycemic-status/no-assessment.json'))) as { cards: Json[] }
    const card = cards.find(({ summary }) => String(summary).startsWith('Glycemic Status'))
    expect(card).toMatchObject({
      summary:
        'Glycemic Status Assessment Greater Than 9%: no hemoglobin A1c or glucose management indicator was found in 2026',
      suggestions: [{ label: 'Order a hemoglobin A1c', actions: [{ resource: { resourceType: 'ServiceRequest' } }] }],
    })
  })

  test('the gap of a poor result names it, with its value and day', async () => {
    const body = await read('/api/gaps?measure=glycemic-status&size=1000')
    const sentences = list(body['rows']).map(({ sentence }) => String(sentence))
    expect(sentences.find((sentence) => sentence.includes('9.1 %'))).toMatch(
      /^Open: the latest glycemic result is above 9%: 4548-4 9\.1 % on 2026-05-10 \(cases\)\. Next: /,
    )
  })

  test('an individual report names the resources that it rests on', async () => {
    const { patientId } = caseNamed('glycemic-status/above-9-percent.json')
    const report = await read(
      `/fhir/Measure/glycemic-status/$evaluate-measure?${days}&subject=Patient/cases.${patientId}`,
    )
    const references = list(report['evaluatedResource']).map(({ reference }) => reference)
    const own = patientId.replace(/-.*/, '')
    expect(references).toEqual(
      expect.arrayContaining([
        `Encounter/cases.${own}-visit`,
        `Condition/cases.${own}-diabetes`,
        `Observation/cases.${own}-a1c`,
      ]),
    )
  })
})

/** The links that all cards of a case bear, called with changes to the request and the Patient. */
const linksOf = async (more: Json, change: (resource: Json) => Json = (resource) => resource) => {
  const patient = caseNamed('glycemic-status/no-assessment.json')
  const prefetch = await prefetchFor(patient)
  const changed = { ...prefetch, patient: change(prefetch['patient'] as Json) }
  const { cards } = (await callService(patient, { ...more, prefetch: changed })) as { cards: Json[] }
  const [first, ...others] = cards.map(({ links }) => links)
  expect(cards.length).toBeGreaterThan(0)
  for (const links of others) expect(links).toEqual(first)
  return first
}

describe('links', () => {
  const fhirServer = 'https://ehr.example/fhir'

  test('K25 K26 K27 K28: a person whom we hold, of the same birth date and sex, is linked; nobody else is', async () => {
    const { session } = application.store
    await session.run(`UPDATE source SET base_url = 'https://ehr.example/fhir/' WHERE name = 'cases'`)
    const { patientId } = caseNamed('glycemic-status/no-assessment.json')
    const pid = await findPid(session, 'cases', patientId)
    expect(await linksOf({ fhirServer })).toEqual([
      { label: 'Open in caregap', url: `http://127.0.0.1/people/${pid}`, type: 'absolute' },
    ])
    expect(await linksOf({})).toBeUndefined()
    expect(await linksOf({ fhirServer: 'https://other.example/fhir' })).toBeUndefined()
    expect(await linksOf({ fhirServer }, (resource) => ({ ...resource, birthDate: '1966-03-15' }))).toBeUndefined()
    expect(await linksOf({ fhirServer }, (resource) => ({ ...resource, gender: 'male' }))).toBeUndefined()
    const rows = await readAuditRows(session, 100_000)
    expect(rows.filter(({ action, pids }) => action === 'cds-hooks' && pids.length > 0)).toMatchObject([
      { pids: [pid] },
    ])
    await session.run(`UPDATE source SET base_url = NULL WHERE name = 'cases'`)
  })
})

describe('faults of $evaluate-measure', () => {
  const base = '/fhir/Measure/glycemic-status/$evaluate-measure'

  test.each([
    ['an unknown measure', '/fhir/Measure/none/$evaluate-measure?periodStart=2026&periodEnd=2026', 404, 'not-found'],
    ['a period without a run', `${base}?periodStart=2025-01-01&periodEnd=2025-12-31`, 404, 'not-found'],
    ['an unknown patient', `${base}?${days}&subject=Patient/cases/nobody`, 404, 'not-found'],
    ['an unknown source', `${base}?${days}&subject=Patient/nowhere/nobody`, 404, 'not-found'],
    ['an unknown person', `${base}?${days}&subject=Person/999999`, 404, 'not-found'],
    ['no period', base, 400, 'required'],
    ['a day that does not exist', `${base}?periodStart=2026-02-30&periodEnd=2026-12-31`, 400, 'value'],
    ['an end before the start', `${base}?periodStart=2026-02-01&periodEnd=2026-01-31`, 400, 'value'],
    ['a subject that is no person', `${base}?${days}&subject=Group/1`, 400, 'value'],
    ['a subject report without a subject', `${base}?${days}&reportType=subject`, 400, 'value'],
    ['an unknown parameter', `${base}?${days}&colour=x`, 400, 'invalid'],
  ])('%s', async (_, path, status, code) => {
    const body = await read(path, status)
    expect(body['resourceType']).toBe('OperationOutcome')
    expect(list(body['issue'])[0]).toMatchObject({ severity: 'error', code })
    expect(JSON.stringify(body)).not.toMatch(/nobody|SELECT|\.ts:/)
  })

  test('a year as period means all of it', async () => {
    const report = await read(`${base}?periodStart=2026&periodEnd=2026`)
    expect(report['period']).toEqual({ start: '2026-01-01', end: '2026-12-31' })
  })
})

test('a report about a person is audited with the person, the measure and who asked', async () => {
  const before = await readAuditRows(application.store.session, 100_000)
  await read(`/fhir/Measure/glycemic-status/$evaluate-measure?${days}&subject=Person/3`)
  const rows = await readAuditRows(application.store.session, 100_000)
  const known = new Set(before.map(({ requestId }) => requestId))
  expect(rows.filter(({ requestId }) => !known.has(requestId))).toMatchObject([
    { action: 'evaluate-measure', pids: [3], measureId: 'glycemic-status', outcome: 'read', userId: 'local' },
  ])
})
