import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { findNearMisses, type NearMiss } from '../../src/gaps/index.ts'
import { evaluateRecord, evaluatorOf } from '../../src/measure/index.ts'
import { recordOf } from '../content/measure-case.ts'
import { eyeExam, madeValueSets, measureOf, patient, potassium, visit } from './made-logic.ts'

// A mutation test of near misses on measures that nobody wrote rules for: a record that meets the measure has one thing
// broken in it; the broken thing is named as the near miss, and nothing else is; the record before was its repair.

const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }

async function numerator(measure: InstalledMeasure, resources: readonly Resource[]): Promise<number> {
  const evaluator = unwrap(evaluatorOf(measure, madeValueSets, period, 'direct'))
  const evaluation = await evaluateRecord(measure, evaluator, recordOf(resources))
  expect(evaluation.error).toBeUndefined()
  return evaluation.groups[0]?.populations.numerator ?? 0
}

async function missesIn(measure: InstalledMeasure, resources: readonly Resource[]): Promise<readonly NearMiss[]> {
  const record = recordOf(resources)
  const found = await findNearMisses({ measure, groupId: 'group', valueSets: madeValueSets, period, record })
  expect(found.untried).toBe(0)
  return found.misses
}

const local = {
  code: { text: 'Potassium, serum', coding: [{ system: 'urn:lab', code: 'K', display: 'Potassium serum' }] },
}

const bare = { code: { coding: [{ system: 'urn:lab', code: 'LAB123' }] } }

const mutations: readonly (readonly [string, object, string, string])[] = [
  [
    'a date before the period',
    { effectiveDateTime: '2025-12-18T08:00:00Z' },
    'date-outside',
    '14 days before the period',
  ],
  ['a date after the period', { effectiveDateTime: '2027-01-03T08:00:00Z' }, 'date-outside', '3 days after the period'],
  ['no unit', { valueQuantity: { value: 4.2 } }, 'no-unit', 'a value without a unit'],
  ['a unit in words', { valueQuantity: { value: 4.2, unit: 'millimole' } }, 'no-unit', 'the unit "millimole"'],
  ['no value', { valueQuantity: undefined }, 'no-value', 'no value'],
  ['a preliminary status', { status: 'preliminary' }, 'not-final', 'its status is preliminary'],
  ['a local code with words', local, 'unmapped-code', 'maps to nothing'],
  ['a local code without words', bare, 'unmapped-code', 'maps to nothing'],
]

test('whoever has no patience gets nothing, and is told how much was not tried', async () => {
  const measure = await measureOf('PotassiumInRange', { improvementNotation: 'increase' })
  const late = potassium({ effectiveDateTime: '2027-01-03T08:00:00Z' })
  const record = recordOf([patient, visit('v1', '2026-03-02'), late])
  const search = { measure, groupId: 'group', valueSets: madeValueSets, period, record }
  expect(await findNearMisses({ ...search, patienceMs: -1 })).toEqual({ misses: [], untried: 1 })
  const whole = await findNearMisses({ ...search, patienceMs: 60_000 })
  expect([whole.untried, whole.misses.map(({ kind }) => kind)]).toEqual([0, ['date-outside']])
})

describe.each([
  ['a result in range', 'PotassiumInRange', 'increase', 1],
  ['an inverse measure', 'PotassiumPoor', 'decrease', 0],
] as const)('%s', (_, name, improvementNotation, met) => {
  test.each(mutations)('%s is named, and its repair flips the result', async (_title, change, kind, words) => {
    const measure = await measureOf(name, { improvementNotation })
    const whole = [patient, visit('v1', '2026-03-02'), potassium()]
    const broken = [patient, visit('v1', '2026-03-02'), JSON.parse(JSON.stringify(potassium(change))) as Resource]
    expect(await numerator(measure, whole)).toBe(met)
    expect(await numerator(measure, broken)).toBe(1 - met)
    const misses = await missesIn(measure, broken)
    expect(misses.map((miss) => [miss.kind, miss.effect])).toEqual([[kind, 'closes']])
    expect(misses[0]?.sentence).toContain(words)
    expect(misses[0]?.fact).toMatchObject({ type: 'Observation', id: 'k' })
  })
})

test('a window of years, and an encounter of the wrong kind', async () => {
  const measure = await measureOf('BoneScan')
  const visits = [visit('v1', '2024-06-01'), visit('v2', '2026-02-02')]
  expect(await numerator(measure, [patient, ...visits, eyeExam()])).toBe(1)

  const old = [patient, ...visits, eyeExam({ performedDateTime: '2020-12-22T10:00:00Z' })]
  expect(await numerator(measure, old)).toBe(0)
  expect(await missesIn(measure, old)).toMatchObject([{ kind: 'date-outside', days: -10, wanted: '2021-01-01' }])

  const inHospital = visit('v1', '2024-06-01', { class: { code: 'IMP' } })
  const wrong = [patient, inHospital, visit('v2', '2026-02-02'), eyeExam()]
  expect(await numerator(measure, wrong)).toBe(0)
  const misses = await missesIn(measure, wrong)
  expect(new Set(misses.map(({ kind }) => kind))).toEqual(new Set(['wrong-encounter']))
  expect(misses.map(({ fact }) => fact.type).sort()).toEqual(['Encounter', 'Procedure'])
})

test('what fails by two conditions, is withdrawn, or is about something else is no near miss', async () => {
  const measure = await measureOf('PotassiumInRange')
  const day = visit('v1', '2026-03-02')
  const twice = potassium({ status: 'preliminary', effectiveDateTime: '2025-12-18T08:00:00Z' })
  const withdrawn = potassium({ status: 'entered-in-error' })
  const high = potassium({
    valueQuantity: { value: 6.1, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  })
  const weight = potassium({ code: { text: 'Body weight measured' } })
  for (const resource of [twice, withdrawn, high, weight])
    expect(await missesIn(measure, [patient, day, resource])).toEqual([])
})

test('who is not in the measure for one visit of the wrong day is told so; who is done has nothing to be told', async () => {
  const measure = await measureOf('PotassiumInRange')
  const misses = await missesIn(measure, [patient, visit('v1', '2025-12-30'), potassium()])
  expect(misses).toMatchObject([{ kind: 'date-outside', days: -2, effect: 'includes', fact: { type: 'Encounter' } }])
  expect(await missesIn(measure, [patient, visit('v1', '2026-03-02'), potassium()])).toEqual([])
})
