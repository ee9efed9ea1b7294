import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { deriveGaps, type Gap } from '../../src/gaps/index.ts'
import { evaluateRecord, evaluatorOf } from '../../src/measure/index.ts'
import { recordOf } from '../content/measure-case.ts'
import { madeValueSets, measureOf, patient, potassium, visit } from './made-logic.ts'

const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
const day = visit('v1', '2026-03-02')

async function gapOf(
  measure: InstalledMeasure,
  resources: readonly Resource[],
  today: string,
  dueDate?: string,
): Promise<Gap> {
  const evaluator = unwrap(evaluatorOf(measure, madeValueSets, period, 'direct'))
  const record = recordOf([patient, ...resources])
  const evaluation = await evaluateRecord(measure, evaluator, record)
  const due = dueDate === undefined ? evaluation : { ...evaluation, dueDate }
  const [gap] = deriveGaps(measure, due, record, period, { today, valueSets: madeValueSets })
  if (gap === undefined) throw new RangeError('the measure has a group')
  return gap
}

const order = (status: string, authoredOn: string): Resource => ({
  resourceType: 'ServiceRequest',
  id: 'o',
  status,
  intent: 'order',
  code: { text: 'Potassium', coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
  authoredOn,
})

test('until its due date a gap is prospective, from that day on open; after the period nothing is due later', async () => {
  const measure = await measureOf('PotassiumInRange')
  expect(await gapOf(measure, [day], '2026-05-31', '2026-06-01')).toMatchObject({
    status: 'prospective',
    reasonCode: 'not-due-yet',
    dueDate: '2026-06-01',
  })
  expect(await gapOf(measure, [day], '2026-06-01', '2026-06-01')).toMatchObject({
    status: 'open',
    dueDate: '2026-06-01',
  })
  expect(await gapOf(measure, [day], '2027-06-01', '2027-02-01')).toMatchObject({ status: 'prospective' })
  expect(await gapOf(measure, [day], '2026-02-01')).toMatchObject({ status: 'open', dueDate: '2026-12-31' })
})

test('an order that stands makes a gap ordered; one of last year, withdrawn or for something else does not', async () => {
  const measure = await measureOf('PotassiumInRange')
  const ordered = await gapOf(measure, [day, order('active', '2026-04-01')], '2026-05-01')
  expect(ordered).toMatchObject({ status: 'ordered', reasonCode: 'order-on-record' })
  expect(ordered.sentence).toMatch(/^Ordered: Potassium on 2026-04-01 \(case\); /)
  expect(ordered.evidence[0]).toMatchObject({ type: 'ServiceRequest', id: 'o' })
  const others = [
    order('revoked', '2026-04-01'),
    order('active', '2025-04-01'),
    { ...order('active', '2026-04-01'), code: { coding: [{ system: 'http://loinc.org', code: '0000-0' }] } },
  ]
  for (const other of others) expect((await gapOf(measure, [day, other], '2026-05-01')).status).toBe('open')
})

test('a preliminary result makes a gap await data, in an inverse measure too', async () => {
  for (const [name, notation] of [
    ['PotassiumInRange', 'increase'],
    ['PotassiumPoor', 'decrease'],
  ] as const) {
    const measure = await measureOf(name, { improvementNotation: notation })
    const gap = await gapOf(measure, [day, potassium({ status: 'preliminary' })], '2026-05-01')
    expect(gap).toMatchObject({ status: 'awaiting-data', reasonCode: 'result-not-final' })
    expect(gap.nextAction).toBe('look for the final result: Potassium 4.2 mmol/L on 2026-03-02 (case)')
    expect((await gapOf(measure, [day, potassium()], '2026-05-01')).status).toBe('closed')
  }
})
