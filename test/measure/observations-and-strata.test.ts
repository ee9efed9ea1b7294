import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { installMeasure } from '../../src/content/install-measure.ts'
import { cqlSource, readCqlFolders } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { loadValueSets } from '../../src/terminology/index.ts'
import { evaluatorOf } from '../content/measure-case.ts'

const cacheDir = mkdtempSync(join(tmpdir(), 'caregap-observations-'))
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }))

const cql = `library Stays version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Stays": [Encounter] E where E.status = 'finished'
define "Excluded": [Encounter] E where E.priority is not null
define "Long": "Stays" E where duration in days of FHIRHelpers.ToInterval(E.period) > 3
define "Is Woman": Patient.gender = 'female'
define "Region": 'north'
define function "Days"(E Encounter): duration in days of FHIRHelpers.ToInterval(E.period)
define function "One"(E Encounter): 1`

const cqfm = (name: string, valueString: string) => ({
  url: `http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-${name}`,
  valueString,
})
const population = (id: string, code: string, expression: string, ...extension: readonly object[]) => ({
  id,
  code: { coding: [{ code }] },
  criteria: { language: 'text/cql-identifier', expression },
  extension,
})
const observation = (id: string, define: string, method: string, reference: string) =>
  population(id, 'measure-observation', define, cqfm('aggregateMethod', method), cqfm('criteriaReference', reference))

const stratifier = (id: string, ...expressions: readonly string[]) =>
  expressions.length === 1
    ? { id, criteria: { expression: expressions[0] } }
    : { id, component: expressions.map((expression) => ({ id: expression, criteria: { expression } })) }

const group = (scoring: string, parts: object) => ({
  id: 'g',
  extension: [cqfm('scoring', scoring), cqfm('populationBasis', 'Encounter')],
  ...parts,
})

async function evaluate(parts: object, resources: readonly Resource[]) {
  const resource = {
    resourceType: 'Measure',
    id: 'm',
    url: 'http://x/Measure/m',
    library: ['http://x/Library/Stays|1'],
    group: [parts],
  }
  const sources = [cqlSource(cql), ...readCqlFolders([join(projectRoot, 'cql')])]
  const { valueSets } = loadValueSets([])
  const installed = await installMeasure(resource, 'm.json', { sources, valueSets, cacheDir })
  const evaluator = evaluatorOf(unwrap(installed), valueSets, {
    start: '2026-01-01',
    end: '2026-12-31',
    timeZone: 'UTC',
  })
  const { groups, error } = await evaluator([{ resourceType: 'Patient', id: 'p', gender: 'female' }, ...resources])
  expect(error).toBeUndefined()
  return { ...groups[0], warnings: installed.diagnostics.map(({ code }) => code) }
}

const stay = (id: string, start: string, end: string, more: object = {}): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  period: { start: `${start}T08:00:00Z`, end: `${end}T09:00:00Z` },
  ...more,
})
const stays = [
  stay('a', '2026-02-01', '2026-02-02'),
  stay('b', '2026-03-01', '2026-03-08'),
  stay('c', '2026-04-01', '2026-04-05', { priority: { text: 'urgent' } }),
]

test('a continuous variable observes each member of its population but the excluded ones', async () => {
  const populations = [
    population('ip', 'initial-population', 'Stays'),
    population('mp', 'measure-population', 'Stays'),
    population('mpx', 'measure-population-exclusion', 'Excluded'),
    observation('days', 'Days', 'Median', 'mp'),
  ]
  const { populations: counts, observations } = await evaluate(
    group('continuous-variable', { population: populations }),
    stays,
  )
  expect(counts).toEqual({ 'initial-population': 3, 'measure-population': 3, 'measure-population-exclusion': 1 })
  expect(observations).toEqual({ days: [1, 7] })
})

const ratio = (numerator: string, denominator: string) =>
  group('ratio', {
    population: [
      population('ip', 'initial-population', 'Stays'),
      population('d', 'denominator', 'Stays'),
      population('dx', 'denominator-exclusion', 'Excluded'),
      population('n', 'numerator', 'Long'),
      observation('below', 'Days', 'Sum', denominator),
      observation('above', 'One', 'Count', numerator),
    ],
  })

test('a ratio observes both sides, each without its own exclusions', async () => {
  const { observations, populations, warnings } = await evaluate(ratio('n', 'd'), stays)
  expect(populations).toMatchObject({ denominator: 3, 'denominator-exclusion': 1, numerator: 2 })
  expect(observations).toEqual({ below: [1, 7], above: [1, 1] })
  expect(warnings).toEqual([])
})

test('references that lead nowhere are taken in the order of publishing, and said', async () => {
  const { observations, warnings } = await evaluate(ratio('gone', 'lost'), stays)
  expect(observations).toEqual({ below: [1, 7], above: [1, 1] })
  expect(warnings).toEqual(['content/dangling-criteria-reference', 'content/dangling-criteria-reference'])
})

test('two initial populations: each side within the one that it names', async () => {
  const parts = group('ratio', {
    population: [
      population('ip1', 'initial-population', 'Stays'),
      population('ip2', 'initial-population', 'Excluded'),
      population('d', 'denominator', 'Stays', cqfm('criteriaReference', 'ip1')),
      population('n', 'numerator', 'Stays', cqfm('criteriaReference', 'ip2')),
    ],
  })
  expect((await evaluate(parts, stays)).populations).toMatchObject({ denominator: 3, numerator: 1 })
})

test('strata by a list of the basis, by a truth, by a value, and by components', async () => {
  const parts = group('cohort', {
    population: [population('ip', 'initial-population', 'Stays')],
    stratifier: [
      stratifier('long', 'Long'),
      stratifier('women', 'Is Woman'),
      stratifier('region', 'Region'),
      stratifier('both', 'Long', 'Region'),
    ],
  })
  expect((await evaluate(parts, stays)).strata).toEqual({
    long: { 'initial-population': 2 },
    women: { 'initial-population': 3 },
    'region=north': { 'initial-population': 3 },
    'both=Long:true,Region:north': { 'initial-population': 2 },
  })
})

test('a criterion in other letters than the define is taken for it, with a warning', async () => {
  const parts = group('cohort', { population: [population('ip', 'initial-population', 'sTAYS')] })
  const { populations, warnings } = await evaluate(parts, stays)
  expect(populations).toEqual({ 'initial-population': 3 })
  expect(warnings).toEqual(['content/name-in-other-case'])
})
