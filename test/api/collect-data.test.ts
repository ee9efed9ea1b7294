import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { loadContent } from '../../src/content/index.ts'
import { readPersonRecord } from '../../src/identity/index.ts'
import { measureNeeds, neededEntries } from '../../src/measure/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { type Json, list } from '../report/fhir-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// `$data-requirements` and `$collect-data`: what a measure's logic reads, and that of the people asked for.

const { application, app } = await served(reportApplication())

async function read(path: string, status = 200): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`)
  const body = (await response.json()) as Json
  expect([response.status, body]).toEqual([status, expect.anything()])
  return body
}

const days = 'periodStart=2026-01-01&periodEnd=2026-12-31'
const fhir = 'http://hl7.org/fhir/StructureDefinition'

test('the requirements of a measure: types, codes, and the elements that its logic reads', async () => {
  const library = await read(`/fhir/Measure/tests/$data-requirements?${days}`)
  expect(library).toMatchObject({ resourceType: 'Library', type: { coding: [{ code: 'module-definition' }] } })
  expect(library['parameter']).toEqual([{ name: 'Measurement Period', use: 'in', min: 0, max: '1', type: 'Period' }])
  const requirements = list(library['dataRequirement'])
  const of = (type: string) => requirements.filter((one) => one['type'] === type)
  expect(of('Observation')).toEqual([
    {
      type: 'Observation',
      profile: [`${fhir}/Observation`],
      mustSupport: ['code', 'effective', 'note', 'status'],
      codeFilter: [{ path: 'code', code: [{ system: 'http://loinc.org', code: '4548-4', display: 'HbA1c' }] }],
    },
  ])
  expect(of('Encounter')).toEqual([
    { type: 'Encounter', profile: [`${fhir}/Encounter`], mustSupport: ['period', 'status'] },
  ])
  expect(of('Condition')).toEqual([{ type: 'Condition', profile: [`${fhir}/Condition`], mustSupport: ['code.text'] }])
  expect(of('Coverage')).toEqual([{ type: 'Coverage', profile: [`${fhir}/Coverage`], mustSupport: ['period', 'type'] }])
  expect(of('Patient')).toEqual([
    { type: 'Patient', profile: [`${fhir}/Patient`], mustSupport: expect.arrayContaining(['gender']) },
  ])
  const related = list(library['relatedArtifact']).map(({ type, resource }) => [type, resource])
  expect(related).toEqual([
    ['derived-from', 'http://example.org/Measure/tests|1.0.0'],
    ['depends-on', 'Library/FHIRHelpers|4.0.1'],
    ['depends-on', 'Library/Reported|1.0.0'],
  ])
})

test('what another measure of the same library reads is not among them; the library has all of it', async () => {
  const types = async (path: string) => list((await read(path))['dataRequirement']).map(({ type }) => String(type))
  expect(await types(`/fhir/Measure/stays/$data-requirements?${days}`)).toEqual(['Encounter', 'Patient'])
  const all = ['Condition', 'Coverage', 'Encounter', 'Observation', 'Patient']
  expect((await types('/fhir/Library/Reported/$data-requirements')).toSorted()).toEqual(all)
  expect(
    (await types('/fhir/Library/$data-requirements?target=http://example.org/Library/Reported|1.0.0')).toSorted(),
  ).toEqual(all)
  await read('/fhir/Library/None/$data-requirements', 404)
  await read('/fhir/Library/$data-requirements?target=Library/Reported|9', 404)
  await read('/fhir/Measure/tests/$data-requirements', 400)
})

test('value sets of shipped measures are code filters and related artifacts', async () => {
  const { measures, valueSets } = await loadContent({ terminology: [], ids: ['glycemic-status'] })
  const shipped = { ...application, measures, valueSets }
  const other = await createApp({ application: shipped, host: '127.0.0.1' })
  const path = `/fhir/Measure/glycemic-status/$data-requirements?${days}`
  const library = (await (await other.request(`http://127.0.0.1${path}`)).json()) as Json
  const filters = list(library['dataRequirement']).flatMap(({ codeFilter }) => list(codeFilter))
  const sets = filters.map(({ valueSet }) => valueSet).filter((set) => typeof set === 'string')
  expect(sets.length).toBeGreaterThan(3)
  const related = list(library['relatedArtifact']).map(({ resource }) => resource)
  for (const set of sets) expect(related).toContain(set)
})

test('the data of one person: each resource that the measure may read, and a report that refers to all of it', async () => {
  const body = await read(`/fhir/Measure/tests/$collect-data?${days}&subject=Patient/lakeside/met`)
  expect(body['resourceType']).toBe('Parameters')
  const [bundle, ...others] = list(body['parameter']).map(({ name, resource }) => {
    expect(name).toBe('return')
    return resource as Json
  })
  expect(others).toEqual([])
  const [report, ...resources] = list(bundle?.['entry']).map(({ resource }) => resource as Json)
  expect(
    reportFaults(
      report ?? {},
      application.measures.find(({ id }) => id === 'tests'),
    ),
  ).toEqual([])
  const references = resources.map(({ resourceType, id }) => `${String(resourceType)}/${String(id)}`)
  expect(list(report?.['evaluatedResource']).map(({ reference }) => reference)).toEqual(references)
  expect(references[0]).toBe('Patient/lakeside.met')
  expect(references.slice(1).toSorted()).toEqual([
    'Coverage/lakeside.p1',
    'Encounter/lakeside.v1',
    'Encounter/lakeside.v2',
    'Observation/lakeside.r1',
    'Observation/lakeside.r2',
    'Organization/lakeside.clinic',
    'Practitioner/lakeside.dr',
  ])
})

test('what is collected is enough: each measure says the same of it as of the whole record', async () => {
  const { session } = application.store
  for (const measure of application.measures) {
    const needs = measureNeeds(measure)
    if (!needs.ok) throw new RangeError(measure.id)
    for (const pid of [1, 2, 3, 4, 5, 6, 7]) {
      const record = await readPersonRecord(session, pid)
      if (record === undefined) throw new RangeError(`person ${pid} is there`)
      const entries = neededEntries(record, needs.value.needs, application.valueSets)
      const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
      const whole = await application.evaluatePerson(record, measure.id, period)
      const part = await application.evaluatePerson({ ...record, entries }, measure.id, period)
      expect(part.evaluation).toEqual(whole.evaluation)
    }
  }
})

test('several measures of a group: a Bundle for each person and measure', async () => {
  const path = `/fhir/Measure/$collect-data?${days}&subject=Group/lakeside/panel&measureId=tests&measureUrl=http://example.org/Measure/stays`
  const bundles = list((await read(path))['parameter']).map(({ resource }) => resource as Json)
  const reports = bundles.map(({ entry }) => list(entry)[0]?.['resource'] as Json)
  expect(reports.map(({ measure }) => measure)).toEqual([
    'http://example.org/Measure/stays|1.0.0',
    'http://example.org/Measure/tests|1.0.0',
    'http://example.org/Measure/stays|1.0.0',
    'http://example.org/Measure/tests|1.0.0',
  ])
  for (const report of reports) expect(reportFaults(report)).toEqual([])
  expect(new Set(reports.map(({ id }) => id)).size).toBe(4)
})

test.each([
  ['nobody', `?${days}`, 400, 'processing', 'subject'],
  ['an unknown measure', `?${days}&subject=Person/1&measureIdentifier=none`, 404, 'not-found', 'measureIdentifier'],
  ['lastReceivedOn', `?${days}&subject=Person/1&lastReceivedOn=2026`, 400, 'not-supported', 'lastReceivedOn'],
  ['an unknown person', `?${days}&subject=Patient/lakeside/none`, 404, 'not-found', 'subject'],
])('refuses %s', async (_, query, status, code, expression) => {
  const body = await read(`/fhir/Measure/$collect-data${query}`, status)
  expect(list(body['issue'])[0]).toMatchObject({ code, expression: [expression] })
})
