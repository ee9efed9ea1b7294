import { expect, test } from 'vitest'
import { defaultConfig, fixedClock, unwrap } from '../../src/base/index.ts'
import { type CareGapEngine, createQuiet, createServices, readHookRequest } from '../../src/cards/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Gap } from '../../src/gaps/index.ts'
import { prefetchOf, requestOf } from '../api/patient-view.ts'
import { madeMeasure, opaque } from '../gaps/made-measure.ts'

const orderUrl = 'https://caregap.dev/fhir/StructureDefinition/suggested-order'
const code = { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] }
const activity = { resourceType: 'ActivityDefinition', id: 'a', kind: 'ServiceRequest', title: 'Order it', code }

const measureOf = (id: string, order?: Readonly<Record<string, unknown>>): InstalledMeasure =>
  madeMeasure({
    id,
    populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'IP' },
    defines: { IP: opaque() },
    ...(order === undefined
      ? {}
      : {
          resource: {
            contained: [order],
            extension: [{ url: orderUrl, extension: [{ url: 'order', valueReference: { reference: '#a' } }] }],
          },
        }),
  })

const open = (measureId: string, reasonCode: string): Gap => ({
  measureId,
  groupId: 'group-1',
  pid: 0,
  status: 'open',
  reasonCode,
  sentence: `Open: ${measureId}.`,
  evidence: [],
})

/** An engine that says one thing of each measure, or throws it. */
const engineOf = (measures: readonly InstalledMeasure[], answer: (id: string) => Gap): CareGapEngine => ({
  measures,
  clock: fixedClock('2026-06-15T12:00:00Z'),
  evaluatePerson: async (_, id) => ({ gaps: [answer(id)] }),
})

/** The care gaps of patient-view over an engine. */
function gapsOf(engine: CareGapEngine, timeZone: string = 'UTC') {
  const { services, refusedOrders } = createServices({
    engine,
    plans: [],
    config: defaultConfig.cds,
    timeZone,
    quiet: createQuiet(90),
  })
  const service = services.find(({ id }) => id === 'caregap-patient-view')
  if (service === undefined) throw new RangeError('no service')
  return { refusedOrders, answer: () => service.answer(request, { site: 'test' }) }
}

const request = unwrap(readHookRequest(requestOf(prefetchOf()), 'patient-view'))
const ids = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
const measures = ids.map((id) => measureOf(id))

test('at most so many cards are shown, warnings first, and the rest is listed as not shown', async () => {
  const engine = engineOf(measures, (id) => open(id, id === 'seven' ? 'result-out-of-range' : 'no-qualifying-result'))
  const answer = await gapsOf(engine).answer()
  if (answer.kind !== 'cards') throw new RangeError(answer.kind)
  expect(answer.cards.map(({ summary }) => summary.split(': ')[1])).toEqual(['seven', 'one', 'two', 'three', 'four'])
  expect(answer.evaluation.outcomes.filter(({ shown }) => shown)).toHaveLength(5)
  expect(answer.evaluation.outcomes.filter(({ shown, status }) => !shown && status === 'open')).toHaveLength(2)
})

test('a measure whose evaluation throws is unknown without the text of what was thrown; the others answer', async () => {
  const engine = engineOf(measures, (id) => {
    if (id === 'two') throw new RangeError('Jane Doe, born 1970')
    return open(id, 'no-qualifying-result')
  })
  const answer = await gapsOf(engine).answer()
  if (answer.kind !== 'cards') throw new RangeError(answer.kind)
  expect(answer.evaluation.outcomes.filter(({ status }) => status === 'unknown')).toHaveLength(1)
  expect(JSON.stringify(answer)).not.toContain('Jane')
})

test('where every evaluation throws, the answer is unmet and no card', async () => {
  const engine = engineOf(measures, () => {
    throw new RangeError('Jane Doe, born 1970')
  })
  const answer = await gapsOf(engine).answer()
  expect(answer.kind).toBe('unmet')
  expect(JSON.stringify(answer)).not.toContain('Jane')
})

test.each([
  ['of another kind', { ...activity, kind: 'MedicationRequest' }],
  ['without a title', { ...activity, title: '' }],
  ['without a code', { ...activity, code: undefined }],
  ['with a code without display', { ...activity, code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] } }],
  ['with an intent that does not exist', { ...activity, intent: 'wish' }],
  ['that is not there', { ...activity, id: 'b' }],
])('an order %s is refused and reported when the service is made, and no card offers it', async (_, order) => {
  const engine = engineOf([measureOf('one', order)], (id) => open(id, 'no-qualifying-result'))
  const service = gapsOf(engine)
  expect(service.refusedOrders).toMatchObject([{ code: 'cards/invalid-order', severity: 'warning' }])
  const answer = await service.answer()
  expect(answer.kind === 'cards' && answer.cards[0]).not.toHaveProperty('suggestions')
})

test('K6: a citation that is no web address is left out of the source', async () => {
  for (const url of ['/guide.pdf', 'urn:oid:1.2.3', 'javascript:alert(1)']) {
    const measure = madeMeasure({
      id: 'one',
      populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'IP' },
      defines: { IP: opaque() },
      resource: { relatedArtifact: [{ type: 'citation', url }] },
    })
    const answer = await gapsOf(engineOf([measure], (id) => open(id, 'any-reason'))).answer()
    expect(answer.kind === 'cards' && answer.cards[0]?.source).not.toHaveProperty('url')
  }
})

test('a sound order is offered', async () => {
  const engine = engineOf([measureOf('one', activity)], (id) => open(id, 'any-reason'))
  const service = gapsOf(engine)
  expect(service.refusedOrders).toEqual([])
  const answer = await service.answer()
  expect(answer.kind === 'cards' && answer.cards[0]?.suggestions).toHaveLength(1)
})

test('the measurement year is that of today in the zone of the server', async () => {
  const periods: unknown[] = []
  const engine: CareGapEngine = {
    measures: [measureOf('one')],
    clock: fixedClock('2027-01-01T03:00:00Z'),
    evaluatePerson: async (_record, id, period) => {
      periods.push([period.start, period.end])
      return { gaps: [open(id, 'x')] }
    },
  }
  for (const timeZone of ['UTC', 'America/Chicago']) await gapsOf(engine, timeZone).answer()
  expect(periods).toEqual([
    ['2027-01-01', '2027-12-31'],
    ['2026-01-01', '2026-12-31'],
  ])
})
