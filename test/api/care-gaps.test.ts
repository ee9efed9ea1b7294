import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { at, codesOf, type Json, list } from '../report/fhir-invariants.ts'
import { gapStatusOf, gapsBundleFaults, resourcesOf } from '../report/gaps-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// `$care-gaps` by DEQM US 5.0.0: every Bundle through the checker of its profiles.

const { application, app } = await served(reportApplication())

const type = '/fhir/Measure/$care-gaps'
const days = 'periodStart=2026-01-01&periodEnd=2026-12-31'
const all = 'status=open-gap&status=closed-gap&status=prospective-gap&status=not-applicable'

async function read(path: string, status = 200): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`)
  const body = (await response.json()) as Json
  expect([response.status, body]).toEqual([status, expect.anything()])
  return body
}

/** The Bundles of an answer, each held to its profiles. */
function bundlesOf(body: Json): readonly Json[] {
  expect(body['resourceType']).toBe('Parameters')
  const bundles = list(body['parameter']).flatMap(({ name, resource }) => (name === 'return' ? [resource as Json] : []))
  for (const bundle of bundles) expect(gapsBundleFaults(bundle)).toEqual([])
  return bundles
}

const statusesOf = (bundle: Json | undefined): readonly unknown[] =>
  resourcesOf(bundle ?? {})
    .filter(({ resourceType }) => resourceType === 'DetectedIssue')
    .map(gapStatusOf)

test.each([
  ['met', 'tests', 'closed-gap'],
  ['open', 'tests', 'open-gap'],
  ['out', 'tests', 'closed-gap'],
  ['excused', 'tests', 'closed-gap'],
  ['doubt', 'tests', 'open-gap'],
  ['away', 'tests', 'not-applicable'],
  ['met', 'inverse', 'open-gap'],
  ['open', 'inverse', 'closed-gap'],
])('%s by %s has a gap of status %s', async (patient, measure, status) => {
  const [bundle] = bundlesOf(
    await read(`/fhir/Measure/${measure}/$care-gaps?${days}&${all}&subject=Patient/lakeside/${patient}`),
  )
  expect(statusesOf(bundle)).toEqual([status])
  const composition = resourcesOf(bundle ?? {})[0]
  expect(at(composition, 'subject', 'reference')).toBe(`Patient/lakeside.${patient}`)
  const report = resourcesOf(bundle ?? {})[1]
  const score = at(list(report?.['group'])[0], 'measureScore')
  if (status === 'not-applicable') expect(score).toBeUndefined()
  const issue = resourcesOf(bundle ?? {})[2]
  expect(typeof issue?.['detail']).toBe('string')
})

test('only persons with a gap of a status that is asked for, with all gaps of the measures that have one', async () => {
  const one = await read(`${type}?${days}&status=open-gap&subject=Group/lakeside/panel&measureId=tests`)
  const [open, ...others] = bundlesOf(one)
  expect(others).toEqual([])
  expect(statusesOf(open)).toEqual(['open-gap'])
  expect(JSON.stringify(list(one['parameter']).at(-1))).toContain('no patients known here')
  const both = bundlesOf(
    await read(`${type}?${days}&status=open-gap&status=closed-gap&subject=Group/lakeside/panel&measureId=tests`),
  )
  expect(both.map(statusesOf)).toEqual([['closed-gap'], ['open-gap']])
  const none = await read(`${type}?${days}&status=prospective-gap&subject=Patient/lakeside/met`)
  expect(none).toEqual({ resourceType: 'Parameters' })
})

/** The titles of the sections of one person's report. */
const sections = async (query: string) => {
  const [bundle] = bundlesOf(await read(`${type}?${days}&${all}&subject=Patient/lakeside/met&${query}`))
  return list(resourcesOf(bundle ?? {})[0]?.['section']).map(({ title }) => title)
}

test('measures by id, identifier, url, reference and topic, together; without any, all that can have a gap', async () => {
  expect(await sections('measureId=inverse')).toEqual(['Measure inverse'])
  expect(await sections('measureIdentifier=MADE-tests')).toEqual(['Measure tests'])
  expect(await sections('measureIdentifier=http://example.org/measures|MADE-tests')).toEqual(['Measure tests'])
  expect(await sections('measureUrl=http://example.org/Measure/tests|1.0.0&measureId=inverse')).toEqual([
    'Measure inverse',
    'Measure tests',
  ])
  expect(await sections('measure=Measure/inverse')).toEqual(['Measure inverse'])
  expect(await sections('topic=screening')).toEqual(['Measure tests'])
  expect(await sections('topic=http://example.org/topics|screening')).toEqual(['Measure tests'])
  // A continuous variable has no gap; of a measure of several groups those count that have a numerator.
  expect(await sections('')).toEqual(['Measure inverse', 'Measure long-stays', 'Measure several', 'Measure tests'])
})

test('a gap of one of several groups names its group', async () => {
  const [bundle] = bundlesOf(await read(`/fhir/Measure/several/$care-gaps?${days}&${all}&subject=Patient/lakeside/met`))
  const [issue] = resourcesOf(bundle ?? {}).filter(({ resourceType }) => resourceType === 'DetectedIssue')
  const [detail] = list(list(issue?.['evidence'])[0]?.['detail'])
  expect(list(detail?.['extension']).map(({ valueString }) => valueString)).toEqual(['tests'])
})

test('without a document there is no Composition', async () => {
  const [bundle] = bundlesOf(
    await read(`${type}?${days}&status=open-gap&subject=Patient/lakeside/open&isDocument=false`),
  )
  expect(bundle?.['type']).toBe('collection')
})

test("an organization's people; it is the reporter, and may come with the request", async () => {
  const named = await read(`${type}?${days}&${all}&organization=Organization/lakeside/clinic&measureId=tests`)
  const bundles = bundlesOf(named)
  expect(bundles).toHaveLength(5)
  const [report] = resourcesOf(bundles[0] ?? {}).filter(({ resourceType }) => resourceType === 'MeasureReport')
  expect(at(report, 'reporter', 'display')).toBe('Clinic')
  const organization = {
    resourceType: 'Organization',
    name: 'Made up',
    identifier: [{ system: 'urn:oid:2.16.840.1.113883.4.4', value: '12-3456789' }],
    contained: [{ resourceType: 'PractitionerRole', id: 'r' }],
  }
  const parameter = [
    { name: 'periodStart', valueDate: '2026-01-01' },
    { name: 'periodEnd', valueDate: '2026-12-31' },
    { name: 'status', valueCode: 'open-gap' },
    { name: 'measureId', valueId: 'tests' },
    { name: 'practitioner', valueString: 'Practitioner/lakeside/dr' },
    { name: 'organizationResource', resource: organization },
  ]
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  }
  const response = await app.request(`http://127.0.0.1${type}`, init)
  expect(response.status).toBe(200)
  const posted = bundlesOf((await response.json()) as Json)
  expect(posted.map(statusesOf)).toEqual([['open-gap'], ['open-gap']])
})

test('who cannot be evaluated has no gap and no closed one: that is said beside the Bundles', async () => {
  const error = { code: 'interpret/failed', message: 'A unit is not known.', severity: 'error' as const }
  const broken: Application = {
    ...application,
    evaluateMeasure: (record, { id: measureId }) =>
      Promise.resolve({
        evaluation: { pid: record.pid, measureId, groups: [], defines: '', evidence: [], error },
        gaps: [],
      }),
  }
  const other = await createApp({ application: broken, host: '127.0.0.1' })
  const path = `${type}?${days}&${all}&subject=Patient/lakeside/met&measureId=tests`
  const body = (await (await other.request(`http://127.0.0.1${path}`)).json()) as Json
  const [outcome, ...others] = list(body['parameter'])
  expect(others).toEqual([])
  expect(outcome).toMatchObject({ name: 'outcome', resource: { issue: [{ severity: 'error', code: 'incomplete' }] } })
})

/** What is made while nobody waits, and where it is. */
async function later(path: string) {
  const begun = await app.request(path, { headers: { prefer: 'respond-async' } })
  expect(begun.status).toBe(202)
  const place = begun.headers.get('content-location') ?? ''
  let fetched = await app.request(place)
  while (fetched.status === 202) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    fetched = await app.request(place)
  }
  return { fetched, place }
}

test('for many people while nobody waits; what was read is audited; the same inputs give the same bytes', async () => {
  const path = `http://127.0.0.1${type}?${days}&status=open-gap&organization=Organization/lakeside/clinic`
  const { fetched } = await later(`${path}&_outputFormat=application/fhir%2Bjson`)
  const made = list(((await fetched.json()) as Json)['entry'])[0]?.['resource']
  const now = await (await app.request(path)).text()
  expect(JSON.stringify(made)).toBe(now)
  const rows = await readAuditRows(application.store.session, 1000)
  const read5 = rows.filter(({ action, pids }) => action === 'care-gaps' && pids.length === 5)
  expect(read5.some(({ outcome, measureId }) => outcome === 'read' && measureId === null)).toBe(true)
})

test.each([
  ['no status', `?${days}&subject=Person/1`, 400, 'required', 'status'],
  ['an unknown status', `?${days}&subject=Person/1&status=closed`, 400, 'value', 'status'],
  ['no period', '?status=open-gap&subject=Person/1', 400, 'required', 'periodStart'],
  ['nobody', `?${days}&status=open-gap`, 400, 'value', 'subject'],
  [
    'a practitioner without an organization',
    `?${days}&status=open-gap&practitioner=Practitioner/lakeside/dr`,
    400,
    'value',
    'subject',
  ],
  [
    'an unknown organization',
    `?${days}&status=open-gap&organization=Organization/lakeside/x`,
    404,
    'not-found',
    'organization',
  ],
  [
    'an organization without TIN',
    `?${days}&status=open-gap&organization=Organization/lakeside/unknown`,
    422,
    'processing',
    'organization',
  ],
  ['an unknown measure', `?${days}&status=open-gap&subject=Person/1&measureId=none`, 404, 'not-found', 'measureId'],
  ['an unknown program', `?${days}&status=open-gap&subject=Person/1&program=none`, 404, 'not-found', 'program'],
  [
    'isDocument that is neither',
    `?${days}&status=open-gap&subject=Person/1&isDocument=maybe`,
    400,
    'value',
    'isDocument',
  ],
  ['nonDocument', `?${days}&status=open-gap&subject=Person/1&nonDocument=true`, 400, 'not-supported', 'nonDocument'],
  [
    'an output format without respond-async',
    `?${days}&status=open-gap&subject=Person/1&_outputFormat=ndjson`,
    400,
    'value',
    '_outputFormat',
  ],
  [
    'an output format that is none',
    `?${days}&status=open-gap&subject=Person/1&_outputFormat=text/csv`,
    400,
    'value',
    '_outputFormat',
  ],
  [
    'parameters that are no resource',
    `?${days}&status=open-gap&subject=Person/1&parameters=x`,
    400,
    'value',
    'parameters',
  ],
])('refuses %s', async (_, query, status, code, expression) => {
  const body = await read(`${type}${query}`, status)
  expect(list(body['issue'])[0]).toMatchObject({ code, expression: [expression] })
})

test('the codes of a Composition and an issue are those of the profiles', async () => {
  const [bundle] = bundlesOf(
    await read(`${type}?${days}&status=open-gap&subject=Patient/lakeside/open&measureId=tests`),
  )
  const [composition, , issue] = resourcesOf(bundle ?? {})
  expect(codesOf(composition?.['type'])).toEqual(['96315-7'])
  expect(issue).toMatchObject({ status: 'final', detail: expect.stringMatching(/^Open: /) })
})
