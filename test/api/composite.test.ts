import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fixedClock, unwrap } from '../../src/base/index.ts'
import { readComposite } from '../../src/content/composite-measure.ts'
import { addPackage, type CompositeMeasure, loadContent } from '../../src/content/index.ts'
import { openStore } from '../../src/store/index.ts'
import { reportFaults } from '../report/deqm-invariants.ts'
import { at, codesOf, type Json, list } from '../report/fhir-invariants.ts'
import { reportApplication } from '../report/report-application.ts'
import { served } from './served.ts'

// Composite measures over the people of report-application.ts: installed, reported, refused.

const cqfm = (name: string, value: object) => ({
  url: `http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-${name}`,
  ...value,
})
const component = (id: string, ...extension: readonly object[]) => ({
  type: 'composed-of',
  resource: `http://example.org/Measure/${id}`,
  ...(extension.length === 0 ? {} : { extension }),
})
const both = [component('tests'), component('inverse')]

const composite = (id: string, kind: string, relatedArtifact: readonly object[] = both, more: object = {}) => ({
  resourceType: 'Measure',
  id,
  url: `http://example.org/Measure/${id}`,
  version: '1.0.0',
  title: `Composite ${id}`,
  status: 'active',
  scoring: { coding: [{ code: 'composite' }] },
  compositeScoring: { coding: [{ code: kind }] },
  improvementNotation: { coding: [{ code: 'increase' }] },
  relatedArtifact,
  ...more,
})
const written = [
  composite('opportunity', 'opportunity'),
  composite('all', 'all-or-nothing'),
  composite('linear', 'linear'),
  composite('weighted', 'weighted', [
    component('tests', cqfm('weight', { valueDecimal: 3 })),
    component('inverse', cqfm('weight', { valueDecimal: 1 })),
  ]),
  composite('one-group', 'opportunity', [
    component('several', cqfm('groupId', { valueString: 'tests' })),
    component('inverse'),
  ]),
  composite('two-scores', 'opportunity', both, {
    group: [
      { id: 'whole', extension: [cqfm('compositeScoring', { valueCode: 'all-or-nothing' })] },
      {
        id: 'weighed',
        code: { text: 'The weighed one' },
        extension: [
          cqfm('compositeScoring', { valueCode: 'weighted' }),
          cqfm('improvementNotation', { valueCode: 'decrease' }),
          cqfm('component', { valueRelatedArtifact: component('inverse', cqfm('weight', { valueDecimal: 1 })) }),
          cqfm('component', {
            valueRelatedArtifact: component(
              'several',
              cqfm('groupId', { valueString: 'tests' }),
              cqfm('weight', { valueDecimal: 3 }),
            ),
          }),
        ],
      },
    ],
  }),
  composite('which-group', 'opportunity', [component('several'), component('inverse')]),
  composite('missing', 'opportunity', [component('tests'), component('none')]),
  composite('observed', 'linear', [component('tests'), component('stays')]),
]
const composites: readonly CompositeMeasure[] = written.map((one) => unwrap(readComposite(one, 'made.json')))

const { app } = await served(reportApplication({ composites }))

async function read(path: string, status = 200): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`)
  const body = (await response.json()) as Json
  expect([response.status, body]).toEqual([status, expect.anything()])
  if (body['resourceType'] === 'MeasureReport') expect(reportFaults(body)).toEqual([])
  return body
}

const days = 'periodStart=2026-01-01&periodEnd=2026-12-31'
const report = (id: string, more = '') => read(`/fhir/Measure/${id}/$evaluate-measure?${days}${more}`)
const counts = (body: Json) =>
  Object.fromEntries(list(list(body['group'])[0]?.['population']).map(({ code, count }) => [codesOf(code)[0], count]))
const score = (body: Json) => at(list(body['group'])[0], 'measureScore', 'value')

// Of `tests` (more is better): met fulfilled, open and harbor's not, out excluded, excused excepted, doubt fulfilled but
// excluded from the numerator. Of `inverse` (less is better) met and doubt are in the numerator, which is not fulfilled.
test('opportunity: each component is a case, the inverse one turned around', async () => {
  const body = await report('opportunity')
  expect(counts(body)).toEqual({
    'initial-population': 12,
    denominator: 12,
    'denominator-exclusion': 1,
    numerator: 2 + 4,
    'numerator-exclusion': 1,
    'denominator-exception': 1,
  })
  expect(score(body)).toBe(0.5)
})

test('all or nothing, linear and weighted', async () => {
  const all = await report('all')
  // Excused has an exception from one component and fulfils the other: it is in the numerator.
  expect(counts(all)).toMatchObject({
    denominator: 6,
    'denominator-exclusion': 1,
    numerator: 1,
    'denominator-exception': 0,
  })
  expect(score(all)).toBe(0.2)
  // met 1/2, open 1/2, out 1/1, excused 1/1, doubt 0/2, harbor's 1/2.
  expect(score(await report('linear'))).toBe(Math.round((3.5 / 6) * 1e8) / 1e8)
  const weighted = await report('weighted')
  expect(score(weighted)).toBe(Math.round(((3 * 0.25 + (1 - 2 / 6)) / 4) * 1e8) / 1e8)
  expect(counts(weighted)).toEqual({})
})

test('a composite of several groups: each with its kind, direction and components, and a score of its own', async () => {
  const body = await report('two-scores')
  const [whole, weighed] = list(body['group'])
  expect(whole).toMatchObject({ id: 'whole', measureScore: { value: 0.2 } })
  // Less is better: 2 of 6 counts as it is, the tests (1 of 4) are turned around.
  expect(weighed).toMatchObject({
    id: 'weighed',
    code: { text: 'The weighed one' },
    measureScore: { value: Math.round(((2 / 6 + 3 * 0.75) / 4) * 1e8) / 1e8 },
  })
  // The directions differ, so each group has its own, and its scoring.
  expect(body).not.toHaveProperty('improvementNotation')
  expect(list(weighed?.['extension'])).toHaveLength(2)
})

test('a group of a measure of several can be a component, and a composite be asked of a Group of people', async () => {
  expect(score(await report('one-group'))).toBe(0.5)
  const panel = await report('opportunity', '&subject=Group/lakeside/panel&reportType=population')
  expect(counts(panel)).toMatchObject({ denominator: 4, numerator: 2 })
})

test('supplemental data of the components are those of the composite', async () => {
  const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport.supplementalData'
  const told = list((await report('opportunity'))['extension']).filter((one) => one['url'] === url)
  expect(told).toHaveLength(6)
})

test('a composite is found and read like any measure', async () => {
  expect(await read('/fhir/Measure/weighted')).toMatchObject({ resourceType: 'Measure', id: 'weighted' })
  const byUrl = await read(`/fhir/Measure/$evaluate-measure?${days}&measure=http://example.org/Measure/all|1.0.0`)
  expect(byUrl).toEqual(await report('all'))
})

test.each([
  ['a component that is not installed', 'missing', '', 422, 'not-found'],
  ['a component of several groups without one named', 'which-group', '', 422, 'not-found'],
  ['a component that has no numerator to be in', 'observed', '', 422, 'not-supported'],
  ['a report of one person', 'all', '&subject=Patient/lakeside/met&reportType=subject', 400, 'not-supported'],
])('refuses %s', async (_, id, more, status, code) => {
  const body = await read(`/fhir/Measure/${id}/$evaluate-measure?${days}${more}`, status)
  expect(list(body['issue'])[0]).toMatchObject({ code })
})

test.each([
  ['no kind', composite('x', 'medley')],
  ['one component', composite('x', 'linear', [component('tests')])],
  [
    'a group that names one component',
    composite('x', 'linear', both, {
      group: [{}, { extension: [cqfm('component', { valueRelatedArtifact: component('tests') })] }],
    }),
  ],
  ['what is no Measure', { resourceType: 'Patient' }],
])('a composite with %s is refused when it is read', (_, resource) => {
  expect(readComposite(resource, 'x.json')).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'content/malformed-composite' }],
  })
})

test('scoring on the group, by the extensions of CQFM', () => {
  const { scoring: _s, compositeScoring: _c, improvementNotation: _i, ...bare } = composite('x', 'weighted')
  const extension = [
    cqfm('scoring', { valueCodeableConcept: { coding: [{ code: 'composite' }] } }),
    cqfm('compositeScoring', { valueCodeableConcept: { coding: [{ code: 'weighted' }] } }),
    cqfm('improvementNotation', { valueCodeableConcept: { coding: [{ code: 'decrease' }] } }),
  ]
  const read = readComposite({ ...bare, group: [{ extension }] }, 'x.json')
  expect(read).toMatchObject({ ok: true, value: { groups: [{ kind: 'weighted', improvementNotation: 'decrease' }] } })
})

const bundleOf = (resource: object) => ({ resourceType: 'Bundle', type: 'collection', entry: [{ resource }] })

test('a package may hold a composite; one that is malformed is refused with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-composite-'))
  const store = await openStore({ path: ':memory:' })
  try {
    const context = { session: store.session }
    const clock = fixedClock('2026-12-31T00:00:00Z')
    const bad = join(folder, 'bad.json')
    writeFileSync(bad, JSON.stringify(bundleOf(composite('bad', 'medley'))))
    expect(await addPackage(bad, context, clock)).toMatchObject({ ok: false })
    const good = join(folder, 'good.json')
    writeFileSync(good, JSON.stringify(bundleOf(composite('good', 'linear'))))
    expect(await addPackage(good, context, clock)).toMatchObject({ ok: true })
    const content = await loadContent({ session: store.session, terminology: [], ids: ['good'] })
    expect(content.composites).toMatchObject([
      { id: 'good', groups: [{ kind: 'linear', components: [{ weight: 1 }, { weight: 1 }] }] },
    ])
    // No shipped measure has the id, and the packaged one is no fault.
    expect(content.refused.filter(({ id }) => id === 'good')).toEqual([])
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
