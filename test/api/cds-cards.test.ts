import { describe, expect, test } from 'vitest'
import { cardFaults } from '../cards/valid-card.ts'
import {
  bodyOf,
  call,
  cardsOf,
  emptiesIn,
  type Json,
  medicationStatus,
  namelessPrescription,
  outcomeOf,
  post,
  serveCds,
  service,
  withoutUuids,
} from './cds-client.ts'
import { prefetchOf, requestOf, result, searchset } from './patient-view.ts'

// Names carry the row numbers of the requirement table; docs/cds-hooks.md lists them.

serveCds()

describe('prefetch', () => {
  const { patient: _patient, ...noPatient } = prefetchOf()

  test('P9 P10 P15: without the Patient nothing can be evaluated: 412 that names the key', async () => {
    const noPrefetch = requestOf(undefined)
    for (const body of [
      requestOf(noPatient),
      requestOf({ ...noPatient, patient: null }),
      noPrefetch,
      requestOf(null),
    ]) {
      expect(await outcomeOf(post(body), 412)).toContain('"expression":["prefetch.patient"]')
    }
  })

  test('P9: where every measure lacks something it is 412 with each key, never an empty list of cards', async () => {
    const { patient } = prefetchOf()
    const text = await outcomeOf(post(requestOf({ patient })), 412)
    for (const key of ['encounter', 'observation', 'medicationRequest']) expect(text).toContain(`"prefetch.${key}"`)
  })

  test('P8 P10: a measure whose data is there is evaluated; the other is told as unknown', async () => {
    const { medicationRequest: _left, ...prefetch } = prefetchOf(result(9.8))
    const body = await bodyOf(post(requestOf(prefetch)))
    expect(body['cards']).toHaveLength(1)
    const { outcomes } = (body['extension'] as Json)['dev.caregap.evaluation'] as { outcomes: Json[] }
    expect(outcomes).toContainEqual({
      measure: 'http://example.org/Measure/medicated|1.0.0',
      status: 'unknown',
      reason: 'The prefetch "medicationRequest" was not sent.',
      shown: false,
    })
  })

  test('P10: null is "the client has none", and satisfies a search', async () => {
    const cards = await cardsOf({ ...prefetchOf(), observation: null, medicationRequest: null })
    expect(cards.map(({ summary }) => summary)).toEqual([
      'Measure glycemic: no HbA1c result in 2026',
      'Measure medicated: no prescription',
    ])
  })

  const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }
  const whole = searchset(result(8))

  test.each([
    ['P11 an OperationOutcome', outcome],
    [
      'P11 a Bundle with an OperationOutcome that reports an error',
      { ...whole, total: undefined, entry: [{ resource: outcome, search: { mode: 'outcome' } }] },
    ],
    ['P12 a page with a next link', { ...whole, link: [{ relation: 'next', url: 'http://ehr.example/next' }] }],
    ['P12 a total above its entries', { ...whole, total: 9 }],
    [
      'P12 a count that is full',
      { ...whole, total: undefined, link: [{ relation: 'self', url: 'Observation?patient=p1&_count=1' }] },
    ],
    ['P12 links that are no list', { ...whole, link: { relation: 'next', url: 'http://ehr.example/next' } }],
    ['P12 a total that is no number', { ...whole, total: '9' }],
    [
      'P12 a resource of which a part was sent',
      searchset({ ...result(8), valueQuantity: undefined, meta: { tag: [{ code: 'SUBSETTED' }] } }),
    ],
    ['P14 a text', 'Observation'],
    ['P14 a number', 5],
    ['P14 a list', [result(8)]],
    ['P14 a resource that is no Bundle', result(8)],
    ['P14 a Bundle whose entries are none', { resourceType: 'Bundle', entry: [null, 5, {}] }],
    ['P14 a Bundle whose entry is no list', { resourceType: 'Bundle', entry: {} }],
  ])('%s is not satisfied: what needs it is unknown, and no absence is inferred', async (_, observation) => {
    const body = await bodyOf(post(requestOf({ ...prefetchOf(), observation })))
    const { outcomes } = (body['extension'] as Json)['dev.caregap.evaluation'] as { outcomes: Json[] }
    expect(outcomes.find(({ measure }) => String(measure).includes('glycemic'))?.['status']).toBe('unknown')
    expect(body['cards']).toEqual([])
  })

  test('P9 P12: a Patient of which a part was sent is none', async () => {
    const patient = { ...(prefetchOf()['patient'] as Json), meta: { tag: [{ code: 'SUBSETTED' }] } }
    expect(await outcomeOf(post(requestOf({ ...prefetchOf(), patient })), 412)).toContain('prefetch.patient')
  })

  test('P14: a medication by reference counts only where it was sent along', async () => {
    const referring = { ...namelessPrescription(), medicationReference: { reference: 'Medication/x' } }
    expect(await medicationStatus(referring)).toBe('unknown')
    expect(await medicationStatus(referring, { resourceType: 'Medication', id: 'x' })).toBe('closed')
    const inside = {
      ...namelessPrescription(),
      medicationReference: { reference: '#x' },
      contained: [{ resourceType: 'Medication', id: 'x' }],
    }
    expect(await medicationStatus(inside)).toBe('closed')
  })

  test('P13: another patient, as the Patient or as the subject of a fact, is refused', async () => {
    const other = { ...(prefetchOf()['patient'] as Json), id: 'p2' }
    expect(await outcomeOf(post(requestOf({ ...prefetchOf(), patient: other })), 400)).toContain('prefetch.patient')
    const foreign = { ...result(9.8), subject: { reference: 'Patient/p2' } }
    await outcomeOf(post(requestOf(prefetchOf(foreign))), 400)
  })

  test('P13: absolute references below the fhirServer are the patient; those of another server are not', async () => {
    const absolute = { ...result(9.8), subject: { reference: 'https://ehr.example/fhir/Patient/p1' } }
    const prefetch = prefetchOf(absolute)
    expect(await cardsOf(prefetch, { fhirServer: 'https://ehr.example/fhir' })).toHaveLength(1)
    await outcomeOf(post(requestOf(prefetch, { fhirServer: 'https://other.example/fhir' })), 400)
  })

  test.each([
    ['code as text', { code: 'HbA1c' }],
    ['value as list', { valueQuantity: [] }],
    ['a date that is none', { effectiveDateTime: 5 }],
    ['status as object', { status: {} }],
    ['component of nulls', { component: [null] }],
    ['a huge text', { code: { text: 'x'.repeat(100_000) } }],
  ])('P14: broken FHIR (%s) never makes a 5xx', async (_, broken) => {
    const response = await post(requestOf(prefetchOf({ ...result(9.8), ...broken })))
    expect(response.status).toBeLessThan(500)
  })
})

describe('cards', () => {
  test('K1 K2 K3 K4 K5 K6 K8 G3: a card of a poor result says what, when and as of which day', async () => {
    const [card] = await cardsOf(prefetchOf(result(9.8)))
    expect(card).toMatchObject({
      summary: 'Measure glycemic: the most recent result, Hemoglobin A1c 9.8 % on 2026-03-02, is above 9%',
      indicator: 'warning',
      source: { label: 'Measure glycemic', url: 'https://ecqi.healthit.gov/ecqm/ec/2026/cms0122v14' },
    })
    expect(String(card?.['summary']).length).toBeLessThan(140)
    expect(card?.['detail']).toContain('| Hemoglobin A1c | 9.8 % | 2026-03-02 |')
    expect(card?.['detail']).toContain('sent on 2026-06-15')
    expect(card?.['uuid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(emptiesIn(await bodyOf(post(requestOf(prefetchOf(result(9.8))))))).toEqual([])
  })

  test('G7 K2 K4 K5 K6 K8 K10 K11 K13 K14 K15 K16 K17 K18 K19 K20 K21 K24: cards are what the logical model says, and hold nothing beside it', async () => {
    const withOrder = await cardsOf(prefetchOf())
    expect(withOrder.flatMap(({ suggestions = [] }) => suggestions)).toHaveLength(1)
    for (const cards of [withOrder, await cardsOf(prefetchOf(result(9.8)))]) {
      expect(cards.length).toBeGreaterThan(0)
      expect(cardFaults(cards)).toEqual([])
    }
  })

  test('K1: nothing to say is an empty list, with every measure listed as evaluated', async () => {
    const body = await bodyOf(post(requestOf(prefetchOf(result(7)))))
    expect(body['cards']).toEqual([])
    const { outcomes } = (body['extension'] as Json)['dev.caregap.evaluation'] as { outcomes: Json[] }
    expect(outcomes.map(({ status }) => status)).toEqual(['closed', 'closed'])
  })

  test('K2: a summary stays below 140 characters however long the record is', async () => {
    const [card] = await cardsOf(prefetchOf(result(9.8, 'Hemoglobin A1c '.repeat(40))))
    expect(String(card?.['summary']).length).toBeLessThan(140)
    expect(card?.['summary']).toMatch(/…$/)
  })

  test('K10 K24: override reasons are codings with system, code and display', async () => {
    const [card] = await cardsOf(prefetchOf(result(9.8)))
    const reasons = card?.['overrideReasons'] as Json[]
    expect(reasons.length).toBeGreaterThan(0)
    for (const reason of reasons) expect(Object.keys(reason).sort()).toEqual(['code', 'display', 'system'])
  })

  test('K11 K13 K14 K15 K16 K18 K19 K20 P13: the suggestion carries the draft order, for this patient', async () => {
    const [card] = await cardsOf(prefetchOf(), {
      context: { userId: 'Practitioner/example', patientId: 'p1', encounterId: 'e1' },
    })
    expect(card).toMatchObject({
      selectionBehavior: 'at-most-one',
      suggestions: [
        {
          label: 'Order an HbA1c',
          isRecommended: true,
          actions: [
            {
              type: 'create',
              description: 'Order an HbA1c',
              resource: {
                resourceType: 'ServiceRequest',
                status: 'draft',
                intent: 'order',
                code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
                subject: { reference: 'Patient/p1' },
                encounter: { reference: 'Encounter/e1' },
                requester: { reference: 'Practitioner/example' },
              },
            },
          ],
        },
      ],
    })
    expect((card?.['suggestions'] as Json[] | undefined)?.[0]?.['uuid']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('K11: a card whose reason no order answers has neither suggestions nor selectionBehavior', async () => {
    const [card] = await cardsOf(prefetchOf(result(9.8)))
    expect(card).not.toHaveProperty('suggestions')
    expect(card).not.toHaveProperty('selectionBehavior')
  })

  test('K30 E1 E2: no systemActions; the extension is an object under a reverse-domain name', async () => {
    const body = await bodyOf(post(requestOf(prefetchOf(result(9.8)))))
    expect(body).not.toHaveProperty('systemActions')
    expect(Object.keys(body).sort()).toEqual(['cards', 'extension'])
    expect(Object.keys(body['extension'] as Json)).toEqual(['dev.caregap.evaluation'])
  })

  test('K3 P14: text of the record is escaped: no HTML, no markup, no link of its own', async () => {
    const hostile =
      '<img src=x onerror=alert(1)> [click](javascript:alert(1)) https://evil.example www.evil.example **b** `c`\n# H'
    const [card] = await cardsOf(prefetchOf(result(9.8, hostile)))
    const text = JSON.stringify(card)
    expect(text).not.toMatch(/<img|<script/)
    const detail = String(card?.['detail'])
    expect(detail).toContain('&lt;img')
    expect(detail).toContain(String.raw`\[click\](javascript`)
    expect(detail).not.toMatch(/https:\/\/evil|www\.evil|\*\*b\*\*|\n# H/)
  })

  test('G8: the answer is stored nowhere', async () => {
    const response = await post(requestOf(prefetchOf(result(9.8))))
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('G9 K8: the same facts give the same cards but for uuids, also among concurrent calls about others', async () => {
    const high = withoutUuids(await cardsOf(prefetchOf(result(9.8))))
    const low = withoutUuids(await cardsOf(prefetchOf()))
    expect(low).not.toBe(high)
    const calls = Array.from({ length: 50 }, (_, index) =>
      cardsOf(index % 2 === 0 ? prefetchOf(result(9.8)) : prefetchOf()),
    )
    const answers = await Promise.all(calls)
    expect(answers.map(withoutUuids)).toEqual(answers.map((_, index) => (index % 2 === 0 ? high : low)))
    const uuids = answers.flat().map(({ uuid }) => uuid)
    expect(new Set(uuids).size).toBe(uuids.length)
  })

  test('G10: no body of an error holds a stack, a path or SQL', async () => {
    const answers = [post('{'), post(requestOf(undefined)), post({}), call('/cds-services/none'), call(service)]
    for (const answer of answers)
      expect(await (await answer).text()).not.toMatch(/node_modules|\.ts:|at .*\(|SELECT|zod/i)
  })
})
