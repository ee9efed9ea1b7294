import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { type CasePatient, caseApplication, casePatients } from './case-application.ts'

// One person among others whose record cannot be evaluated: no answer may count them, or call them closed.

type Json = Readonly<Record<string, unknown>>

const measureId = 'glycemic-status'
const base = `/fhir/Measure/${measureId}/$evaluate-measure?periodStart=2026&periodEnd=2026`
const [sound, model] = casePatients().filter(({ name }) => /glycemic-status\/(controlled|above-9-percent)/.test(name))
let application: Application
let app: Hono

/** The case with an Observation whose code is no CodeableConcept. */
function broken(patient: CasePatient): CasePatient {
  const resources = patient.resources.map((resource) =>
    resource.resourceType === 'Observation' ? { ...resource, code: 'hemoglobin' } : resource,
  )
  return { ...patient, resources }
}

beforeAll(async () => {
  if (sound === undefined || model === undefined) throw new RangeError('the cases are there')
  application = await caseApplication([sound, broken(model)])
  app = await createApp({ application, host: '127.0.0.1' })
})

afterAll(() => application.close())

async function read(path: string, status = 200, from = app): Promise<Json> {
  const response = await from.request(`http://127.0.0.1${path}`)
  expect(response.status).toBe(status)
  return (await response.json()) as Json
}

const extensionUrls = (report: Json) =>
  (report['extension'] as readonly { readonly url: string }[]).map(({ url }) => url.split('/').at(-1))

test('the summary counts the other, and says that one could not be evaluated', async () => {
  const report = await read(base)
  expect(report).toMatchObject({ group: [{ population: [{ count: 1 }, { count: 1 }, { count: 0 }, {}] }] })
  expect(extensionUrls(report)).toEqual([
    'extension-measureScoring',
    'extension-MeasureReport.supplementalData',
    'cqf-messages',
  ])
  const outcome = (report['contained'] as readonly Json[]).find(({ id }) => id === 'messages')
  expect(outcome).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [
      { severity: 'warning', details: { text: expect.stringMatching(/^1 persons could not be evaluated/) } },
      { severity: 'information', diagnostics: expect.stringMatching(/^content\/partial-value-sets/) },
    ],
  })
  expect(extensionUrls(await read(`${base}&reportType=subject-list`))).toContain('cqf-messages')
})

test('the report of the person has status error, the reason, and no counts', async () => {
  const report = await read(`${base}&subject=Patient/cases/${model?.patientId}`)
  expect(report['status']).toBe('error')
  expect(report).not.toHaveProperty('group')
  expect(JSON.stringify(report['contained'])).toContain('"OperationOutcome"')
})

test('the gap of the person is unknown, and the scorecard lists the error', async () => {
  const sentencesOf = async (status: string) => {
    const { rows } = (await read(`/api/gaps?measure=${measureId}&status=${status}`)) as { rows: Json[] }
    return rows.map(({ sentence }) => String(sentence))
  }
  expect(await sentencesOf('closed')).toEqual([])
  expect(await sentencesOf('open')).toHaveLength(1)
  expect(await sentencesOf('unknown')).toEqual([expect.stringMatching(/^Cannot be evaluated: /)])
  const { measures } = (await read('/api/scorecard')) as { measures: Json[] }
  expect(measures.find((row) => row['measureId'] === measureId)).toMatchObject({ initialPopulation: 1, errors: 1 })
})

test('a measure that changed since its run is 409, not the old numbers under the new name', async () => {
  const measures = application.measures.map((measure) => ({ ...measure, contentHash: 'another' }))
  const changed = await createApp({ application: { ...application, measures }, host: '127.0.0.1' })
  expect(await read(base, 409, changed)).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ code: 'conflict', diagnostics: expect.stringContaining('caregap evaluate') }],
  })
})
