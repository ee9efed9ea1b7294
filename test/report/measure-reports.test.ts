import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { reportFaults } from './deqm-invariants.ts'
import { at, codesOf, extensionsOf, type Json, list } from './fhir-invariants.ts'
import { reportApplication } from './report-application.ts'

// What reports hold, for each scoring, each kind of stratifier and each use of supplemental data, over the people of
// report-application.ts.

let application: Application
let app: Hono

beforeAll(async () => {
  application = await reportApplication()
  app = await createApp({ application, host: '127.0.0.1' })
})

afterAll(() => application.close())

async function report(measureId: string, more = '', of = app): Promise<Json> {
  const path = `/fhir/Measure/${measureId}/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31${more}`
  const response = await of.request(`http://127.0.0.1${path}`)
  const body = (await response.json()) as Json
  expect([response.status, body['resourceType']]).toEqual([200, 'MeasureReport'])
  const measure = application.measures.find(({ id }) => id === measureId)
  expect(reportFaults(body, measure)).toEqual([])
  return body
}

const groupOf = (body: Json, index = 0): Json => list(body['group'])[index] ?? {}
const countsOf = (group: Json): readonly unknown[] => list(group['population']).map(({ id, count }) => [id, count])
const subject = (id: string) => `&subject=Patient/lakeside/${id}`
const everyType = ['', '&reportType=subject-list', subject('met')]

describe.each(['tests', 'stays', 'long-stays', 'several', 'inverse'])('%s', (measureId) => {
  test.each(everyType)('holds the invariants of its profile %s', async (more) => {
    await report(measureId, more)
  })
})

test('linkIds, descriptions and codes are echoed', async () => {
  const group = groupOf(await report('tests'))
  const r5 = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport'
  expect(extensionsOf(group, `${r5}.group.linkId`)).toMatchObject([{ valueString: 'tests-link' }])
  const [initial, denominator] = list(group['population'])
  expect(extensionsOf(denominator, `${r5}.group.population.linkId`)).toMatchObject([{ valueString: 'den-link' }])
  expect(list(initial?.['extension'])).toMatchObject([{ valueMarkdown: 'People with a visit' }])
  expect(group['code']).toEqual({ text: 'tests of glucose' })
})

test('exceptions and numerator exclusions lower the score as the rule of the proportion says', async () => {
  const group = groupOf(await report('tests'))
  expect(countsOf(group)).toEqual([
    ['ip', 6],
    ['den', 6],
    ['denex', 1],
    ['num', 2],
    ['numex', 1],
    ['exc', 1],
  ])
  expect(group['measureScore']).toEqual({ value: (2 - 1) / (6 - 1 - 1) })
})

test('a measure for which less is better is not turned around', async () => {
  const body = await report('inverse')
  expect(codesOf(body['improvementNotation'])).toEqual(['decrease'])
  expect(groupOf(body)['measureScore']).toEqual({ value: Math.round((2 / 6) * 1e8) / 1e8 })
})

test('a continuous variable has the median of all its observations, without the excluded members', async () => {
  const group = groupOf(await report('stays'))
  // Stays of 1, 7, 0, 3, 2 and 0 days; that of 4 is urgent.
  expect(countsOf(group)).toEqual([
    ['cv-ip', 7],
    ['mp', 7],
    ['mpx', 1],
    ['days', 6],
  ])
  expect(group['measureScore']).toEqual({ value: 1.5 })
  const [stratum] = list(list(group['stratifier'])[0]?.['stratum'])
  // The women's: 1, 7 and 2.
  expect(stratum?.['measureScore']).toEqual({ value: 2 })
  expect(countsOf(stratum ?? {})).toContainEqual(['mpx', 1])
})

const longOf = (body: Json) => list(list(groupOf(body)['stratifier'])[1]?.['stratum'])[0]

test('a stratum that has some of the stays of a person has the score of these alone, of everybody and of one', async () => {
  // Long are 7 and 3 days, and the urgent stay of 4 that is excluded. One person has both a long and a short one.
  const all = longOf(await report('stays'))
  expect(all?.['measureScore']).toEqual({ value: 5 })
  expect(countsOf(all ?? {})).toContainEqual(['mp', 3])
  expect(longOf(await report('stays', subject('met')))?.['measureScore']).toEqual({ value: 7 })
})

test('a ratio tells its two initial populations apart, and is that of its aggregates', async () => {
  const group = groupOf(await report('long-stays'))
  // Long stays: 7, 4 and 3 days. Days of the denominator without the urgent stay: 1, 7, 0, 3, 2 and 0.
  expect(countsOf(group)).toEqual([
    ['ip-d', 7],
    ['ip-n', 3],
    ['r-den', 7],
    ['r-denex', 1],
    ['r-num', 3],
    ['o-d', 6],
    ['o-n', 3],
  ])
  expect(group['measureScore']).toEqual({ value: Math.round((3 / 13) * 1e8) / 1e8 })
  const one = groupOf(await report('long-stays', subject('met')))
  expect(countsOf(one).slice(0, 2)).toEqual([
    ['ip-d', 2],
    ['ip-n', 1],
  ])
})

test('groups of several scorings say each their own', async () => {
  const body = await report('several')
  const scoring = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring'
  const scorings = list(body['group']).map((group) =>
    codesOf(at(extensionsOf(group, scoring)[0], 'valueCodeableConcept')),
  )
  expect(scorings).toEqual([['proportion'], ['continuous-variable'], ['cohort']])
  expect(body).not.toHaveProperty('improvementNotation')
  expect(list(body['group']).map(({ measureScore }) => at(measureScore, 'value'))).toEqual([0.25, 1.5, undefined])
})

/** Value, counts and score of each stratum. */
const shown = (stratifier: Json | undefined) =>
  list(stratifier?.['stratum']).map((stratum) => [
    at(stratum, 'value', 'text') ?? list(stratum['component']).map(({ value }) => at(value, 'text')),
    list(stratum['population']).map(({ count }) => count),
    at(stratum, 'measureScore', 'value'),
  ])

test('strata by criterion, by value and by components, each with its score', async () => {
  const [women, region, both] = list(groupOf(await report('tests'))['stratifier'])
  expect(shown(women)).toEqual([['true', [3, 3, 1, 2, 1, 0], 0.5]])
  expect(shown(region)).toEqual([
    ['east', [1, 1, 0, 0, 0, 0], 0],
    ['north', [3, 3, 1, 1, 0, 1], 1],
    ['south', [2, 2, 0, 1, 1, 0], 0],
  ])
  expect(shown(both)).toEqual([
    [['female', 'north'], [2, 2, 1, 1, 0, 0], 1],
    [['female', 'south'], [1, 1, 0, 1, 1, 0], 0],
    [['male', 'east'], [1, 1, 0, 0, 0, 0], 0],
    [['male', 'north'], [1, 1, 0, 0, 0, 1], undefined],
    [['male', 'south'], [1, 1, 0, 0, 0, 0], 0],
  ])
  expect(region?.['code']).toEqual([{ text: 'By region' }])
})

const supplementUrl = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport.supplementalData'
const criteriaUrl = 'http://hl7.org/fhir/StructureDefinition/cqf-criteriaReference'

/** Supplemental data of a report: the datum's id with what it refers to. */
const supplementOf = (body: Json): readonly (readonly [unknown, Json | string])[] =>
  extensionsOf(body, supplementUrl).flatMap(({ valueReference }) => {
    const reference = String(at(valueReference, 'reference'))
    const contained = list(body['contained']).find(({ id }) => `#${String(id)}` === reference)
    return extensionsOf(valueReference, criteriaUrl).map(
      ({ valueString }) => [valueString, contained ?? reference] as const,
    )
  })

test("an individual's supplemental data: resources by reference, values as Observations, risk adjustment by its usage", async () => {
  const told = supplementOf(await report('tests', subject('met')))
  const values = told.map(([id, what]) => [
    id,
    typeof what === 'string' ? what : (codesOf(what['valueCodeableConcept'])[0] ?? what['valueString']),
  ])
  expect(values).toEqual([
    ['sde-sex', 'F'],
    ['sde-payer', '1'],
    ['sde-results', 'Observation/lakeside.r1'],
    ['raf-visits', '2'],
  ])
  const risk = told.find(([id]) => id === 'raf-visits')?.[1]
  expect(codesOf(at(risk, 'code'))).toEqual(['risk-adjustment-factor'])
})

test("a population's supplemental data are counts by value over the initial population", async () => {
  const body = await report('tests')
  const counts = supplementOf(body).map(([id, what]) => [
    id,
    codesOf(at(what, 'code'))[0] ?? at(what, 'code', 'text'),
    at(what, 'valueInteger'),
  ])
  // The man who was not seen is in no initial population.
  expect(counts).toEqual([
    ['sde-sex', 'F', 3],
    ['sde-sex', 'M', 3],
    ['sde-payer', '1', 2],
    ['sde-payer', '2', 1],
    ['raf-visits', '1', 5],
    ['raf-visits', '2', 1],
  ])
  expect(JSON.stringify(list(body['contained']).at(-1))).toContain('sde-results gives resources')
})

test('supplemental data are left out, and said to be, where the data changed since the run', async () => {
  const changed = await reportApplication()
  try {
    await changed.store.session.run("UPDATE resource_current SET deleted = TRUE WHERE type = 'Coverage' AND id = 'p1'")
    const other = await createApp({ application: changed, host: '127.0.0.1' })
    const body = await report('tests', '', other)
    expect(supplementOf(body)).toEqual([])
    expect(JSON.stringify(body['contained'])).toContain('Supplemental data are left out')
    const path = '/fhir/Measure/long-stays/$evaluate-measure?periodStart=2026&periodEnd=2026'
    // Without them the two initial populations cannot be told apart: no report is better than a wrong one.
    expect((await other.request(`http://127.0.0.1${path}`)).status).toBe(409)
  } finally {
    await changed.close()
  }
})

test('the same inputs give the same bytes, in whatever order they were loaded', async () => {
  const other = await reportApplication({ reversed: true })
  try {
    const otherApp = await createApp({ application: other, host: '127.0.0.1' })
    for (const measureId of ['tests', 'stays', 'long-stays', 'several']) {
      for (const more of ['', subject('met'), subject('doubt')]) {
        const [one, two] = [await report(measureId, more), await report(measureId, more, otherApp)]
        expect(JSON.stringify(two)).toBe(JSON.stringify(one))
      }
    }
  } finally {
    await other.close()
  }
})
