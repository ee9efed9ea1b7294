import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { addPackage } from '../../src/content/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { bundleFile, clock } from '../package/package-kit.ts'
import { type Json, list } from '../report/fhir-invariants.ts'
import { gapStatusOf, gapsBundleFaults, resourcesOf } from '../report/gaps-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// `$care-gaps` by DEQM US 5.0.0: Measures and parameters of the logic in the request, and answers in files.

const { application, app } = await served(reportApplication())

const type = '/fhir/Measure/$care-gaps'
const fhir = { 'content-type': 'application/fhir+json' }

async function post(
  more: readonly object[],
  path = type,
  subject = 'Patient/lakeside/open',
): Promise<{ readonly status: number; readonly body: Json }> {
  const parameter = [
    { name: 'periodStart', valueDate: '2026-01-01' },
    { name: 'periodEnd', valueDate: '2026-12-31' },
    { name: 'status', valueCode: 'open-gap' },
    { name: 'status', valueCode: 'closed-gap' },
    { name: 'subject', valueString: subject },
    ...more,
  ]
  const init = { method: 'POST', headers: fhir, body: JSON.stringify({ resourceType: 'Parameters', parameter }) }
  const response = await app.request(`http://127.0.0.1${path}`, init)
  return { status: response.status, body: (await response.json()) as Json }
}

/** Statuses of the gaps of an answer's Bundles, each held to its profiles. */
function gapsOf(body: Json): readonly unknown[] {
  const bundles = list(body['parameter']).flatMap(({ name, resource }) => (name === 'return' ? [resource as Json] : []))
  for (const bundle of bundles) expect(gapsBundleFaults(bundle)).toEqual([])
  const resources = bundles.flatMap((bundle) => resourcesOf(bundle))
  return resources.filter(({ resourceType }) => resourceType === 'DetectedIssue').map(gapStatusOf)
}

const issueOf = ({ body }: { readonly body: Json }) => list(body['issue'])[0]

const readMeasure = async (id: string) =>
  (await (await app.request(`http://127.0.0.1/fhir/Measure/${id}`)).json()) as Json
const given = (resource: object) => ({ name: 'measureResource', resource })

test('a Measure in the request is the installed one of the same content, whatever servers write into it', async () => {
  const tests = await readMeasure('tests')
  const copied = { ...tests, id: 'elsewhere', meta: { versionId: '7' }, text: { status: 'generated', div: '<div/>' } }
  const one = await post([given(copied)])
  expect([one.status, gapsOf(one.body)]).toEqual([200, ['open-gap']])
  expect(one.body).toEqual((await post([{ name: 'measureId', valueId: 'tests' }])).body)
  const two = await post([given(copied), given(await readMeasure('inverse'))])
  expect(gapsOf(two.body)).toEqual(['closed-gap', 'open-gap'])
  // Together with measures that are named.
  expect(gapsOf((await post([given(tests), { name: 'measureId', valueId: 'inverse' }])).body)).toHaveLength(2)
})

test('a Measure of other content, another version or none that is installed is refused, and says what to do', async () => {
  const tests = await readMeasure('tests')
  const changed = await post([given({ ...tests, title: 'Other', group: [] })])
  expect(changed.status).toBe(409)
  expect(issueOf(changed)).toMatchObject({ code: 'conflict', expression: ['measureResource'] })
  expect(JSON.stringify(issueOf(changed))).toContain('These elements differ: group, title.')
  const version = await post([given(tests), given({ ...tests, version: '9.0.0' })])
  expect(version.status).toBe(404)
  expect(JSON.stringify(issueOf(version))).toMatch(/measureResource 2: .*versions are: 1\.0\.0.*caregap package add/)
  expect((await post([given({ ...tests, url: 'http://example.org/Measure/none' })])).status).toBe(404)
  expect(issueOf(await post([given({ ...tests, url: undefined })]))).toMatchObject({ code: 'required' })
  const path = await post([given(tests)], '/fhir/Measure/tests/$care-gaps')
  expect([path.status, issueOf(path)?.['expression']]).toEqual([400, ['measureResource']])
  const twice = await post([{ name: 'measureId', valueId: 'inverse' }], '/fhir/Measure/tests/$care-gaps')
  expect([twice.status, issueOf(twice)?.['expression']]).toEqual([400, ['measureId']])
  const other = await post([{ name: 'measureResource', resource: { resourceType: 'Library' } }])
  expect([other.status, issueOf(other)?.['code']]).toEqual([400, 'value'])
})

const withParameters = (...parameter: readonly object[]) =>
  post([
    { name: 'measureId', valueId: 'tests' },
    { name: 'parameters', resource: { resourceType: 'Parameters', parameter } },
  ])
const period = (start: string, end: string) => ({ name: 'Measurement Period', valuePeriod: { start, end } })

test('parameters of the logic are taken where they are what the measures are evaluated with', async () => {
  for (const [start, end] of [
    ['2026-01-01', '2026-12-31'],
    ['2026-01-01T00:00:00Z', '2026-12-31T23:59:59Z'],
    ['2026-01-01T01:00:00.000+01:00', '2026-12-31T23:59:59.999Z'],
  ] as const) {
    const answer = await withParameters(period(start, end))
    expect([answer.status, gapsOf(answer.body)]).toEqual([200, ['open-gap']])
  }
  expect((await withParameters()).status).toBe(200)
})

test('other values of parameters are evaluated, and the reports say them', async () => {
  const everybody = await withParameters({ name: 'Everybody Is Tested', valueBoolean: true })
  expect([everybody.status, gapsOf(everybody.body)]).toEqual([200, ['closed-gap']])
  const [bundle] = list(everybody.body['parameter']).map(({ resource }) => resource as Json)
  const report = resourcesOf(bundle ?? {}).find(({ resourceType }) => resourceType === 'MeasureReport')
  const said = list(report?.['contained']).find(({ resourceType }) => resourceType === 'Parameters')
  expect(said?.['parameter']).toEqual([{ name: 'Everybody Is Tested', valueString: 'true' }])
  // The installed measure stays as it is.
  expect(gapsOf((await withParameters()).body)).toEqual(['open-gap'])
  const same = await withParameters({ name: 'Everybody Is Tested', valueBoolean: false })
  expect(gapsOf(same.body)).toEqual(['open-gap'])
})

const within = (valueQuantity: object) =>
  post(
    [
      { name: 'measureId', valueId: 'tests' },
      {
        name: 'parameters',
        resource: { resourceType: 'Parameters', parameter: [{ name: 'Tested Within', valueQuantity }] },
      },
    ],
    type,
    'Patient/lakeside/met',
  )

test('a quantity of time is taken by units of UCUM and of CQL', async () => {
  for (const [quantity, gaps] of [
    [{ value: 1, unit: 'day' }, ['open-gap']],
    [{ value: 1, system: 'http://unitsofmeasure.org', code: 'd', unit: 'day' }, ['open-gap']],
    [{ value: 12, code: 'mo', unit: 'months' }, ['closed-gap']],
  ] as const)
    expect(gapsOf((await within(quantity)).body)).toEqual(gaps)
})

test.each([
  ['another period', [period('2025-01-01', '2025-12-31')], 'value', 'parameters.parameter[0]'],
  [
    'a period without an end',
    [{ name: 'Measurement Period', valuePeriod: { start: '2026-01-01' } }],
    'value',
    'parameters.parameter[0]',
  ],
  ['a moment without an offset', [period('2026-01-01T00:00:00', '2026-12-31')], 'value', 'parameters.parameter[0]'],
  ['a parameter that no logic has', [{ name: 'Threshold', valueInteger: 9 }], 'value', 'parameters.parameter[0]'],
  [
    'a parameter given twice',
    [period('2026-01-01', '2026-12-31'), period('2026-01-01', '2026-12-31')],
    'not-supported',
    'parameters.parameter[1]',
  ],
  ['a value of another type', [{ name: 'Everybody Is Tested', valueInteger: 1 }], 'value', 'parameters.parameter[0]'],
  [
    'a quantity without a unit',
    [{ name: 'Tested Within', valueQuantity: { value: 1 } }],
    'value',
    'parameters.parameter[0]',
  ],
  ['a value for a list', [{ name: 'Tested In', valueString: 'a' }], 'not-supported', 'parameters.parameter[0]'],
  ['a parameter without a name', [{ valueInteger: 9 }], 'required', 'parameters.parameter[0]'],
])('refuses %s', async (_, parameter, code, expression) => {
  const answer = await withParameters(...parameter)
  expect(answer.status).toBe(400)
  expect(issueOf(answer)).toMatchObject({ code, expression: [expression] })
})

/** Begins an answer in files and fetches its manifest. */
async function manifestOf(query: string): Promise<{ readonly manifest: Json; readonly place: string }> {
  const path = `http://127.0.0.1${type}?periodStart=2026-01-01&periodEnd=2026-12-31&status=open-gap&measureId=tests&${query}`
  const begun = await app.request(path, { headers: { prefer: 'respond-async', accept: 'application/fhir+json' } })
  expect(begun.status).toBe(202)
  const place = begun.headers.get('content-location') ?? ''
  for (;;) {
    const response = await app.request(place)
    if (response.status === 202) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      continue
    }
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(response.headers.get('expires')).not.toBeNull()
    const manifest = (await response.json()) as Json
    expect(manifest).toMatchObject({
      request: path,
      transactionTime: '2026-12-31T12:00:00.000Z',
      requiresAccessToken: false,
    })
    return { manifest, place }
  }
}

test('what is made while nobody waits comes as files of NDJSON: a Bundle a line, and what failed', async () => {
  for (const format of ['', '&_outputFormat=application/fhir%2Bndjson']) {
    const { manifest, place } = await manifestOf(`subject=Group/lakeside/panel${format}`)
    expect(manifest['output']).toEqual([{ type: 'Bundle', url: `${place}/Bundle.ndjson`, count: 1 }])
    expect(manifest['error']).toEqual([{ type: 'OperationOutcome', url: `${place}/OperationOutcome.ndjson`, count: 1 }])
    const file = await app.request(`${place}/Bundle.ndjson`)
    expect(file.headers.get('content-type')).toBe('application/fhir+ndjson')
    const lines = (await file.text()).split('\n')
    expect([lines.length, lines[1]]).toEqual([2, ''])
    const bundle = JSON.parse(lines[0] ?? '') as Json
    expect(gapsBundleFaults(bundle)).toEqual([])
    const now = await post([{ name: 'measureId', valueId: 'tests' }])
    expect(bundle).toEqual(list(now.body['parameter'])[0]?.['resource'])
    expect(await (await app.request(`${place}/OperationOutcome.ndjson`)).text()).toContain('no patients known here')
    expect((await app.request(`${place}/Patient.ndjson`)).status).toBe(404)
    expect((await app.request(place, { method: 'DELETE' })).status).toBe(202)
    expect((await app.request(`${place}/Bundle.ndjson`)).status).toBe(404)
  }
  const rows = await readAuditRows(application.store.session, 1000)
  expect(
    rows.some(({ action, outcome, pids }) => action === 'read-answer' && outcome === 'read' && pids.length > 0),
  ).toBe(true)
})

test('nobody with such a gap is a manifest without files', async () => {
  const { manifest } = await manifestOf('subject=Patient/lakeside/met')
  expect([manifest['output'], manifest['error']]).toEqual([[], []])
})

const artifact = (resource: string) => ({ type: 'composed-of', resource })

const asked = (canonical: string, measureId = 'tests') =>
  post([
    { name: 'measureId', valueId: measureId },
    { name: 'manifest', valueCanonical: canonical },
  ])

test('a manifest is taken where the measures are what it names; else the answer says what is not', async () => {
  const url = 'http://example.org/Library/manifest'
  const manifest = (version: string, measureVersion: string) => ({
    resourceType: 'Library',
    id: 'manifest',
    url,
    version,
    status: 'active',
    type: { coding: [{ code: 'asset-collection' }] },
    relatedArtifact: [artifact(`http://example.org/Measure/tests|${measureVersion}`)],
  })
  const context = { session: application.store.session }
  unwrap(await addPackage(bundleFile([manifest('1', '1.0.0')], 'manifest-a.json'), context, clock))
  unwrap(await addPackage(bundleFile([manifest('2', '2.0.0')], 'manifest-b.json'), context, clock))
  const agreed = await asked(`${url}|1`)
  expect([agreed.status, gapsOf(agreed.body)]).toEqual([200, ['open-gap']])
  const other = await asked(`${url}|2`)
  expect([other.status, issueOf(other)]).toMatchObject([409, { code: 'conflict', expression: ['manifest'] }])
  expect(JSON.stringify(issueOf(other))).toContain('measures are evaluated with 1.0.0')
  expect((await asked(`${url}|2`, 'inverse')).status).toBe(200)
  expect([(await asked(url)).status, issueOf(await asked(url))?.['code']]).toEqual([400, 'multiple-matches'])
  expect([(await asked(`${url}|3`)).status, issueOf(await asked(`${url}|3`))?.['code']]).toEqual([404, 'not-found'])
})
