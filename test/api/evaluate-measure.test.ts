import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { at, type Json, list } from '../report/fhir-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// `$evaluate-measure` as it is asked for: by id and by canonical, by GET and POST, of a person, a group, a practitioner's
// people and everybody.

const { application, app } = await served(reportApplication())

const days = 'periodStart=2026-01-01&periodEnd=2026-12-31'
const base = '/fhir/Measure/tests/$evaluate-measure'

async function read(path: string, status = 200): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`)
  expect([response.status, await response.clone().text()]).toEqual([status, expect.anything()])
  return (await response.json()) as Json
}

async function post(path: string, body: unknown, status = 200): Promise<Json> {
  const headers = { 'content-type': 'application/fhir+json' }
  const response = await app.request(`http://127.0.0.1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect([response.status, await response.clone().text()]).toEqual([status, expect.anything()])
  return (await response.json()) as Json
}

const without = ({ id: _id, date: _date, ...rest }: Json) => rest

const counts = (report: Json, group = 0) =>
  Object.fromEntries(list(list(report['group'])[group]?.['population']).map(({ id, count }) => [id, count]))

const measureOf = (id: string) => application.measures.find((measure) => measure.id === id)

describe('report types', () => {
  test('everybody: the summary of the run, with each population of the measure', async () => {
    const report = await read(`${base}?${days}`)
    expect(reportFaults(report, measureOf('tests'))).toEqual([])
    expect(counts(report)).toEqual({ ip: 6, den: 6, denex: 1, num: 2, numex: 1, exc: 1 })
    expect(list(report['group'])[0]?.['measureScore']).toEqual({ value: 0.25 })
  })

  test('summary and individual are other names for population and subject', async () => {
    expect(await read(`${base}?${days}&reportType=summary`)).toEqual(
      await read(`${base}?${days}&reportType=population`),
    )
    const one = await read(`${base}?${days}&reportType=individual&subject=Patient/lakeside/met`)
    expect(one).toMatchObject({ type: 'individual', subject: { reference: 'Patient/lakeside.met' } })
  })

  test('a subject list refers to individual reports, each of which can be read', async () => {
    const report = await read(`${base}?${days}&reportType=subject-list`)
    expect(reportFaults(report, measureOf('tests'))).toEqual([])
    const lists = list(report['contained']).filter(({ resourceType }) => resourceType === 'List')
    const numerator = list(list(report['group'])[0]?.['population']).find(({ id }) => id === 'num')
    const id = at(numerator, 'subjectResults', 'reference')
    const members = list(lists.find((one) => `#${String(one['id'])}` === id)?.['entry'])
    expect(members).toHaveLength(2)
    const subjects = []
    for (const { item } of members) {
      const individual = await read(`/fhir/${String((item as Json)['reference'])}`)
      expect(reportFaults(individual, measureOf('tests'))).toEqual([])
      expect(counts(individual)['num']).toBe(1)
      subjects.push((individual['subject'] as Json)['reference'])
    }
    expect(subjects).toEqual(['Patient/lakeside.met', 'Patient/lakeside.doubt'])
  })

  test('what a run stored of a person is what evaluating them now says', async () => {
    const report = await read(`${base}?${days}&subject=Group/lakeside/panel`)
    expect(report).toMatchObject({ resourceType: 'Bundle', type: 'collection' })
    const reports = list(report['entry']).map(({ resource }) => resource as Json)
    const [first] = reports
    const now = await read(`${base}?${days}&subject=Patient/lakeside/met`)
    expect(without(first ?? {})).toEqual(without(now))
    expect(reports.map(({ resourceType }) => resourceType)).toEqual([
      'MeasureReport',
      'MeasureReport',
      'OperationOutcome',
    ])
  })

  test('a group: active members alone, those unknown here are said, and what chose them stands in the report', async () => {
    const report = await read(`${base}?${days}&subject=Group/lakeside/panel&reportType=population`)
    expect(reportFaults(report, measureOf('tests'))).toEqual([])
    expect(counts(report)).toEqual({ ip: 2, den: 2, denex: 0, num: 1, numex: 0, exc: 0 })
    const told = list(report['contained']).find(({ resourceType }) => resourceType === 'OperationOutcome')
    expect(JSON.stringify(told)).toContain('1 members of the Group are no patients known here')
    const parameters = list(report['contained']).find(({ resourceType }) => resourceType === 'Parameters')
    expect(parameters?.['parameter']).toEqual([{ name: 'subject', valueString: 'Group/lakeside/panel' }])
  })

  test('a Group may come with the request', async () => {
    const subjectGroup = {
      resourceType: 'Group',
      type: 'person',
      actual: true,
      member: [{ entity: { reference: 'Patient/lakeside/doubt' } }, { entity: { reference: 'Patient/harbor.met' } }],
    }
    const parameter = [
      { name: 'periodStart', valueDate: '2026-01-01' },
      { name: 'periodEnd', valueDate: '2026-12-31' },
      { name: 'reportType', valueCode: 'population' },
      { name: 'subjectGroup', resource: subjectGroup },
    ]
    const report = await post(base, { resourceType: 'Parameters', parameter })
    expect(counts(report)).toEqual({ ip: 2, den: 2, denex: 0, num: 1, numex: 1, exc: 0 })
  })

  test('a practitioner: the people with most of their visits there', async () => {
    const report = await read(`${base}?${days}&practitioner=Practitioner/lakeside/dr`)
    expect(counts(report)).toMatchObject({ ip: 5, den: 5 })
    const one = await read(`${base}?${days}&practitioner=Practitioner/lakeside.dr&subject=Patient/lakeside/met`)
    expect(one).toMatchObject({ type: 'individual' })
    await read(`${base}?${days}&practitioner=Practitioner/lakeside/dr&subject=Patient/harbor/met`, 404)
  })

  test('a population report of one person is made of the run', async () => {
    const report = await read(`${base}?${days}&subject=Patient/lakeside/met&reportType=population`)
    expect(counts(report)).toEqual({ ip: 1, den: 1, denex: 0, num: 1, numex: 0, exc: 0 })
  })
})

describe('ways of asking', () => {
  test('by canonical, with and without version, and by POST the same', async () => {
    const byId = await read(`${base}?${days}`)
    const type = '/fhir/Measure/$evaluate-measure'
    expect(await read(`${type}?${days}&measure=http://example.org/Measure/tests|1.0.0`)).toEqual(byId)
    expect(await read(`${type}?${days}&measure=http://example.org/Measure/tests`)).toEqual(byId)
    expect(await read(`${type}?${days}&measure=Measure/tests`)).toEqual(byId)
    const parameter = [
      { name: 'measure', valueString: 'http://example.org/Measure/tests|1.0.0' },
      { name: 'periodStart', valueDate: '2026' },
      { name: 'periodEnd', valueDate: '2026-12' },
    ]
    expect(await post(type, { resourceType: 'Parameters', parameter })).toEqual(byId)
    expect(await post(`${base}?${days}`, { resourceType: 'Parameters' })).toEqual(byId)
  })

  test('the last day of the period counts as a whole: a visit on it is in the period', async () => {
    const report = await read(`${base}?${days}&subject=Patient/lakeside/open`)
    expect(counts(report)).toMatchObject({ ip: 1, num: 0 })
    const before = await read(`${base}?periodStart=2026-01-01&periodEnd=2026-12-30&subject=Patient/lakeside/open`)
    expect(counts(before)).toMatchObject({ ip: 0 })
  })

  test('what is read of people is audited', async () => {
    await read(`${base}?${days}&subject=Group/lakeside/panel&reportType=population`)
    const rows = await readAuditRows(application.store.session, 1000)
    const group = rows.filter(({ action, pids }) => action === 'evaluate-measure' && pids.length === 2)
    expect(group.length).toBeGreaterThan(0)
    expect(group[0]).toMatchObject({ measureId: 'tests', outcome: 'read' })
  })
})

describe('refusals', () => {
  const type = '/fhir/Measure/$evaluate-measure'
  test.each([
    ['an unknown measure', `/fhir/Measure/none/$evaluate-measure?${days}`, 404, 'not-found', undefined],
    ['an unknown canonical', `${type}?${days}&measure=http://example.org/Measure/none`, 404, 'not-found', 'measure'],
    ['an unknown version', `${type}?${days}&measure=http://example.org/Measure/tests|9`, 404, 'not-found', 'measure'],
    ['no measure', `${type}?${days}`, 400, 'required', 'measure'],
    ['a measure twice', `${base}?${days}&measure=Measure/tests`, 400, 'invalid', 'measure'],
    ['no start', `${base}?periodEnd=2026`, 400, 'required', 'periodStart'],
    ['no end', `${base}?periodStart=2026`, 400, 'required', 'periodEnd'],
    ['an end before the start', `${base}?periodStart=2026-02-01&periodEnd=2026-01-31`, 400, 'value', 'periodEnd'],
    ['a day that is none', `${base}?periodStart=2026-02-30&periodEnd=2026-12-31`, 400, 'value', 'periodStart'],
    ['a parameter given twice', `${base}?${days}&periodEnd=2027`, 400, 'value', 'periodEnd'],
    ['an unknown report type', `${base}?${days}&reportType=pie`, 400, 'value', 'reportType'],
    ['a report of a subject without one', `${base}?${days}&reportType=subject`, 400, 'value', 'subject'],
    ['an unknown patient', `${base}?${days}&subject=Patient/lakeside/nobody-here`, 404, 'not-found', 'subject'],
    ['an unknown source', `${base}?${days}&subject=Patient/nowhere/met`, 404, 'not-found', 'subject'],
    ['an unknown group', `${base}?${days}&subject=Group/lakeside/none`, 404, 'not-found', 'subject'],
    ['a group without members', `${base}?${days}&subject=Group/lakeside/kind`, 422, 'not-supported', 'subject'],
    ['a subject that is nobody', `${base}?${days}&subject=Device/lakeside/1`, 400, 'value', 'subject'],
    [
      'an unknown practitioner',
      `${base}?${days}&practitioner=Practitioner/lakeside/x`,
      404,
      'not-found',
      'practitioner',
    ],
    [
      'a practitioner without NPI',
      `${base}?${days}&practitioner=Practitioner/lakeside/nobody`,
      422,
      'processing',
      'practitioner',
    ],
    [
      'lastReceivedOn',
      `${base}?${days}&subject=Patient/lakeside/met&lastReceivedOn=2026-01-01`,
      400,
      'not-supported',
      'lastReceivedOn',
    ],
    ['an unknown parameter', `${base}?${days}&colour=red`, 400, 'invalid', 'colour'],
    ['a period without a run', `${base}?periodStart=2025&periodEnd=2025`, 404, 'not-found', undefined],
    ['an unknown report', '/fhir/MeasureReport/run-1.000000000000.1', 404, 'not-found', undefined],
    ['a report id that is none', '/fhir/MeasureReport/x', 404, 'not-found', undefined],
  ])('%s', async (_, path, status, code, expression) => {
    const body = await read(path, status)
    expect(body['resourceType']).toBe('OperationOutcome')
    const [issue] = list(body['issue'])
    expect(issue).toMatchObject({
      severity: 'error',
      code,
      ...(expression === undefined ? {} : { expression: [expression] }),
    })
    expect(JSON.stringify(body)).not.toMatch(/nobody-here|SELECT|\.ts:/)
  })

  test.each([
    ['no Parameters', { resourceType: 'Patient' }, 'invalid'],
    ['a parameter without value', { resourceType: 'Parameters', parameter: [{ name: 'periodStart' }] }, 'value'],
    [
      'a Group that is a Patient',
      {
        resourceType: 'Parameters',
        parameter: [{ name: 'subjectGroup', resource: { resourceType: 'Patient' } }],
      },
      'value',
    ],
  ])('a body with %s', async (_, body, code) => {
    const outcome = await post(`${base}?${days}`, body, 400)
    expect(list(outcome['issue'])[0]).toMatchObject({ code })
  })

  test('several versions of a canonical that names none', async () => {
    const [first] = application.measures.filter(({ id }) => id === 'tests')
    if (first === undefined) throw new RangeError('the measure is there')
    const second = { ...first, id: 'tests-2', version: '2.0.0' }
    const other = await createApp({
      application: { ...application, measures: [...application.measures, second] },
      host: '127.0.0.1',
    })
    const response = await other.request(`http://127.0.0.1${type}?${days}&measure=http://example.org/Measure/tests`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ issue: [{ code: 'multiple-matches', expression: ['measure'] }] })
  })
})
