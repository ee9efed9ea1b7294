import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hba1c, madeEvaluation, madeMeasure, madeRecord, opaque, ref, year2026 } from '../../test/gaps/made-measure.ts'
import { reportFaults } from '../../test/report/deqm-invariants.ts'
import { codesOf } from '../../test/report/fhir-invariants.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { individualReport, subjectListReport, summaryReport } from './index.ts'

const populations = {
  'initial-population': 'IP',
  denominator: 'IP',
  'denominator-exclusion': 'Out',
  'denominator-exception': 'Excused',
  numerator: 'Done',
}
const groupCode = { coding: [{ system: 'http://example.org/groups', code: 'first' }] }
const codeOf = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code, display: `the ${code}` }],
})
const written = {
  code: groupCode,
  population: Object.keys(populations).map((code) => ({ id: `made-${code}`, code: codeOf(code) })),
}

const measure = madeMeasure({
  populations,
  defines: {
    IP: opaque('Results'),
    Out: opaque(),
    Excused: opaque(),
    Done: ref('Latest'),
    Latest: opaque(),
    Results: opaque(),
  },
  resource: { group: [written] },
})
const contextOf = (of: InstalledMeasure) => ({
  measure: of,
  period: year2026,
  date: '2027-01-02T03:04:05Z',
  reporter: 'Lakeside ACO',
})
const context = contextOf(measure)

type Json = Readonly<Record<string, unknown>>
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The profile's faults, and that a score is there exactly where somebody is at risk, and is the rate. */
function faultsOf(report: Resource, of: InstalledMeasure): string[] {
  const scores = list(report['group']).flatMap((group) => {
    const count = (code: string) =>
      Number(list(group['population']).find((p) => codesOf(p['code']).includes(code))?.['count'] ?? 0)
    const risk = count('denominator') - count('denominator-exclusion') - count('denominator-exception')
    const score = isObject(group['measureScore']) ? Number(group['measureScore']['value']) : undefined
    if ((score !== undefined) !== risk > 0) return ['a score exactly where somebody is at risk']
    return score === undefined || Math.abs(score * risk - count('numerator')) < 1e-4 ? [] : ['the score is the rate']
  })
  return [...reportFaults(report, of), ...scores]
}

const counted = fc
  .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000))
  .map(([met, notMet, excluded, excepted]) => ({
    'initial-population': met + notMet + excluded + excepted,
    denominator: met + notMet + excluded + excepted,
    'denominator-exclusion': excluded,
    'denominator-exception': excepted,
    numerator: met,
  }))

test('any counts make a summary that holds its invariants', () => {
  fc.assert(
    fc.property(counted, (populations) => {
      expect(faultsOf(summaryReport(context, [{ groupId: 'group-1', populations }]), measure)).toEqual([])
    }),
  )
})

test('a summary echoes ids and codes of the measure, and leaves the score out where nobody is at risk', () => {
  const populations = { 'initial-population': 3, denominator: 3, 'denominator-exclusion': 3, numerator: 0 }
  const report = summaryReport(context, [{ groupId: 'group-1', populations }])
  expect(report).toMatchObject({
    type: 'summary',
    measure: 'http://example.org/Measure/made|1.0.0',
    period: { start: '2026-01-01', end: '2026-12-31' },
    improvementNotation: { coding: [{ code: 'increase' }] },
    group: [{ code: groupCode, population: [{ id: 'made-initial-population', count: 3 }, {}, {}, {}, {}] }],
  })
  const [group] = list(report['group'])
  expect(group).not.toHaveProperty('measureScore')
  const codes = list(group?.['population']).map((population) => population['code'])
  expect(codes).toEqual(written.population.map(({ code }) => code))
  expect(list(group?.['population'])[3]).toMatchObject({ count: 0 })
})

test('groups that differ in scoring and direction say so each, and the root is silent', () => {
  const [first] = measure.groups
  if (first === undefined) throw new TypeError('the made measure has a group')
  const mixed: InstalledMeasure = {
    ...measure,
    groups: [first, { ...first, id: 'group-2', scoring: 'ratio', improvementNotation: 'decrease' }],
  }
  const report = summaryReport(
    contextOf(mixed),
    mixed.groups.map(({ id }) => ({ groupId: id, populations: {} })),
  )
  expect(report).not.toHaveProperty('extension')
  expect(report).not.toHaveProperty('improvementNotation')
  const extensions = list(report['group']).map((group) => list(group['extension']).length)
  expect(extensions).toEqual([2, 2])
  expect(reportFaults(report)).toEqual([])
})

const evaluation = madeEvaluation(measure, {
  counts: {
    'initial-population': 1,
    denominator: 1,
    'denominator-exclusion': 0,
    'denominator-exception': 0,
    numerator: 1,
  },
  evidence: { Results: ['r1', 'r2'], Latest: ['r2'] },
})
const record = madeRecord(hba1c(7, '2026-01-05'), hba1c(9.8, '2026-03-02'), hba1c(5, '2019-01-01'))

test('an individual report names the resources that were used, and the populations that they were used for', () => {
  const report = individualReport(context, evaluation, record)
  expect(faultsOf(report, measure)).toEqual([])
  expect(report).toMatchObject({ type: 'individual', subject: { reference: 'Patient/lakeside.p1' } })
  const used = list(report['evaluatedResource']).map(({ reference, extension }) => [
    reference,
    list(extension).map(({ valueString }) => valueString),
  ])
  expect(used).toEqual([
    ['Observation/lakeside.x1', ['made-initial-population', 'made-denominator']],
    ['Observation/lakeside.x2', ['made-initial-population', 'made-denominator', 'made-numerator']],
  ])
})

test('an evaluation with an error is an error report with the reason, without counts', () => {
  const error = { code: 'interpret/failed', message: 'The unit "mg" is not known.', severity: 'error' as const }
  const report = individualReport(context, { ...evaluation, groups: [], error }, record)
  expect(faultsOf(report, measure)).toEqual([])
  expect(report['status']).toBe('error')
  expect(report).not.toHaveProperty('group')
  expect(list(report['contained'])[1]).toMatchObject({
    resourceType: 'OperationOutcome',
    id: 'messages',
    issue: [{ severity: 'error', details: { text: 'The unit "mg" is not known.' } }],
  })
})

test('a subject list holds the members of each population, and says where there is nobody', () => {
  const populations = { 'initial-population': 2, denominator: 2, numerator: 0 }
  const report = subjectListReport(
    context,
    [{ groupId: 'group-1', populations }],
    [
      ...(['initial-population', 'denominator'] as const).map((code) => ({
        groupId: 'group-1',
        code,
        reports: ['MeasureReport/one', 'MeasureReport/two'],
      })),
      ...(['denominator-exclusion', 'denominator-exception', 'numerator'] as const).map((code) => ({
        groupId: 'group-1',
        code,
        reports: [],
      })),
    ],
  )
  expect(faultsOf(report, measure)).toEqual([])
  expect(list(report['contained']).slice(2, 4)).toMatchObject([
    {
      resourceType: 'List',
      entry: [{ item: { reference: 'MeasureReport/one' } }, { item: { reference: 'MeasureReport/two' } }],
    },
    { resourceType: 'List', emptyReason: { coding: [{ code: 'nilknown' }] } },
  ])
})
