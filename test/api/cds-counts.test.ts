import { expect, test } from 'vitest'
import { application, bodyOf, call, cardsOf, type Json, post, serveCds, service } from './cds-client.ts'
import { prefetchOf, requestOf, result } from './patient-view.ts'

// F8 and quiet over HTTP: what became of cards, and what an override changes.

serveCds()

const feedback = (card: unknown, more: Readonly<Record<string, unknown>>) =>
  post({ feedback: [{ card, outcomeTimestamp: '2026-06-15T12:05:00Z', ...more }] }, `${service}/feedback`)

const overridden = (code: string) => ({ outcome: 'overridden', overrideReason: { reason: { code } } })

async function countsOf(): Promise<readonly Json[]> {
  const body = await bodyOf(call('/api/cds/counts'))
  return body['cards'] as readonly Json[]
}

test('F8: fired, accepted, overridden and ignored cards are counted once each, however often they are reported', async () => {
  const [first] = await cardsOf(prefetchOf())
  const [second] = await cardsOf(prefetchOf(), { context: { userId: 'Practitioner/b', patientId: 'p1' } })
  await cardsOf(prefetchOf(), { context: { userId: 'Practitioner/c', patientId: 'p1' } })
  const suggestion = (first?.['suggestions'] as readonly Json[] | undefined)?.[0]
  const accepted = { outcome: 'accepted', acceptedSuggestions: [{ id: suggestion?.['uuid'] }] }
  expect((await feedback(first?.['uuid'], accepted)).status).toBe(200)
  expect((await feedback(first?.['uuid'], accepted)).status).toBe(200)
  expect((await feedback(second?.['uuid'], overridden('not-appropriate'))).status).toBe(200)
  expect(await countsOf()).toEqual([
    {
      serviceId: 'caregap-patient-view',
      topic: 'glycemic',
      site: 'local',
      role: 'Practitioner',
      shown: 3,
      shadow: 0,
      accepted: 1,
      overridden: 1,
      ignored: 1,
      reasons: 'not-appropriate 1',
    },
  ])
})

test('an overridden card is not shown to that clinician again, and the answer says so', async () => {
  const context = { userId: 'Practitioner/d', patientId: 'p1' }
  const [card] = await cardsOf(prefetchOf(), { context })
  await feedback(card?.['uuid'], overridden('later'))
  const body = await bodyOf(post(requestOf(prefetchOf(), { context })))
  expect(body['cards']).toEqual([])
  expect(JSON.stringify(body['extension'])).toContain('"hidden":"snoozed"')
  expect(await cardsOf(prefetchOf(result(9.8)), { context })).toHaveLength(1)
})

test('feedback about a card that nobody gave out changes nothing', async () => {
  const before = await countsOf()
  expect((await feedback('none', overridden('later'))).status).toBe(200)
  expect(await countsOf()).toEqual(before)
})

test('what could not be evaluated is counted by its reason, without patient data', async () => {
  await post(requestOf(undefined))
  const { notEvaluated } = await bodyOf(call('/api/cds/counts'))
  expect(notEvaluated).toMatchObject([
    { serviceId: 'caregap-patient-view', reason: 'The prefetch "patient" was not sent.', calls: 1 },
  ])
})

test('for a release small counts are not told, as Parquet neither, and no card of today', async () => {
  const body = await bodyOf(call('/api/cds/counts?purpose=release'))
  expect(body).toEqual({ cards: [], notEvaluated: [], notForRelease: false })
  expect((await call('/api/cds/counts.parquet?purpose=release')).status).toBe(200)
  expect((await call('/api/cds/counts?purpose=all')).status).toBe(400)
})

test('the counts are there as Parquet', async () => {
  const bytes = new Uint8Array(await (await call('/api/cds/counts.parquet')).arrayBuffer())
  expect(new TextDecoder().decode(bytes.slice(0, 4))).toBe('PAR1')
})

test('calls beyond the limit are answered 503 with Retry-After, and the next ones are taken again', async () => {
  const limit = application.config.cds.mostCalls
  const answers = await Promise.all(Array.from({ length: limit + 20 }, () => post(requestOf(prefetchOf()))))
  const busy = answers.filter(({ status }) => status === 503)
  expect(busy.length).toBeGreaterThan(0)
  expect(busy[0]?.headers.get('retry-after')).toBe('1')
  expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true)
  expect((await post(requestOf(prefetchOf()))).status).toBe(200)
})
