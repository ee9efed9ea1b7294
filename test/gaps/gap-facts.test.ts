import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { deriveGaps, type Gap, gapNeeds } from '../../src/gaps/index.ts'
import { evaluateRecord, evaluatorOf, measureDefines } from '../../src/measure/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { recordOf } from '../content/measure-case.ts'
import { about, cqlMeasure, patient, period } from '../run/made-run.ts'

// Which facts a gap's reason tells of: those that made the numerator so, never the visit that brought somebody in.

const valueSets = pinValueSets([])

/** Who was seen is to be tested in the period, at a visit; a test with a value closes it. */
const tested = () =>
  cqlMeasure({
    id: 'Tested',
    defines: {
      Visits: `[Encounter] E where E.period.start.value during day of "Measurement Period"`,
      Seen: `exists "Visits"`,
      Stays: `[Encounter] E where E.class.code.value = 'IMP'`,
      'Tests to Date': `[Observation] O where not exists ("Stays" S where S.id.value = O.encounter.reference.value)`,
      Tests: `"Tests to Date" O with "Visits" V such that O.effective.value during day of "Measurement Period"`,
      Last: `Last("Tests" O sort by effective.value)`,
      Good: `"Last" is not null and (("Last".value as FHIR.Quantity).value.value < 5.0)`,
      Allowed: `exists ([Condition])`,
      Done: `"Good" or "Allowed"`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Done' },
  })

const visit = (id: string, start: string, more: object = {}): Resource => ({
  ...about(id, 'Encounter', 'ann'),
  period: { start, end: start },
  ...more,
})
const value = (id: string, day: string, number?: number): Resource => ({
  ...about(id, 'Observation', 'ann'),
  status: 'final',
  code: { text: 'Potassium' },
  effectiveDateTime: day,
  ...(number === undefined ? {} : { valueQuantity: { value: number, unit: 'mmol/L' } }),
})

async function gapOf(...resources: readonly Resource[]): Promise<Gap & { readonly read: readonly string[] }> {
  const measure = await tested()
  const evaluator = unwrap(evaluatorOf(measure, valueSets, period, 'direct'))
  const record = recordOf([patient('ann'), visit('v', '2025-03-01'), ...resources])
  const evaluation = await evaluateRecord(measure, evaluator, record)
  const [gap] = deriveGaps(measure, evaluation, record, period, { today: '2025-12-31', valueSets })
  if (gap === undefined) throw new RangeError('the measure has a group')
  return { ...gap, read: gapNeeds(measure, evaluation).defines.map((define) => measureDefines(measure)[define] ?? '') }
}

test('where nothing is found, the visit that brought somebody in is no reason', async () => {
  expect(await gapOf(visit('s', '2025-02-01', { class: { code: 'IMP' } }))).toMatchObject({
    status: 'open',
    reasonCode: 'no-qualifying-result',
    evidence: [],
    read: [],
  })
})

test('a result that the logic looked at and did not take is told as not counted, and makes no other reason', async () => {
  const gap = await gapOf(value('old', '2024-06-01', 4))
  expect(gap).toMatchObject({ reasonCode: 'no-qualifying-result', read: ['Tests to Date'] })
  expect(gap.evidence.map(({ id }) => id)).toEqual(['old'])
  expect(gap.sentence).toContain('; not counted: Potassium 4 mmol/L on 2024-06-01 (case)')
})

test('a result that counts and is out of range is the reason; beside it the older one is not told of', async () => {
  const gap = await gapOf(value('old', '2024-06-01', 4), value('now', '2025-06-01', 6))
  expect(gap).toMatchObject({ status: 'open', reasonCode: 'result-out-of-range' })
  expect(gap.evidence.map(({ id }) => id)).toEqual(['now'])
  expect(gap.sentence).not.toContain('not counted')
})

test('what closes a gap is told, and a result without a value beside it changes nothing', async () => {
  const gap = await gapOf(value('empty', '2025-05-01'), value('now', '2025-06-01', 4))
  expect(gap).toMatchObject({ status: 'closed', reasonCode: 'result-in-range' })
  expect(gap.evidence.map(({ id }) => id)).toContain('now')
  expect(gap.evidence.map(({ type }) => type)).not.toContain('Encounter')
})

const coded = (system: string, code: string) => ({ coding: [{ system, code }] })

test('an order that the logic reads itself is not awaited; one for what will be recorded otherwise is', async () => {
  const measure = await cqlMeasure({
    id: 'Screened',
    terms: `codesystem "LOINC": 'http://loinc.org'
      codesystem "RxNorm": 'http://www.nlm.nih.gov/research/umls/rxnorm'
      code "Screening code": '73832-8' from "LOINC"
      code "Drug code": '312940' from "RxNorm"`,
    defines: {
      Seen: `exists [Encounter]`,
      Screened: `exists [Observation: code in { "Screening code" }]`,
      Treated: `exists ([MedicationRequest: medication in { "Drug code" }] M where M.authoredOn.value before @2025-01-01)`,
      Done: `"Screened" or "Treated"`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Done' },
  })
  const evaluator = unwrap(evaluatorOf(measure, valueSets, period, 'direct'))
  const statusWith = async (order: Resource) => {
    const record = recordOf([patient('ann'), visit('v', '2025-03-01'), order])
    const evaluation = await evaluateRecord(measure, evaluator, record)
    return deriveGaps(measure, evaluation, record, period, { today: '2025-12-31', valueSets })[0]?.status
  }
  const placed = { status: 'active', intent: 'order', authoredOn: '2025-06-01' }
  const drug = coded('http://www.nlm.nih.gov/research/umls/rxnorm', '312940')
  expect(
    await statusWith({ ...about('m', 'MedicationRequest', 'ann'), ...placed, medicationCodeableConcept: drug }),
  ).toBe('open')
  const screening = coded('http://loinc.org', '73832-8')
  expect(await statusWith({ ...about('s', 'ServiceRequest', 'ann'), ...placed, code: screening })).toBe('ordered')
})
