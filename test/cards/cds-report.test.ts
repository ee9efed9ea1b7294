import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CdsReportRow, cdsReport } from '../../src/jobs/index.ts'
import { type CdsCardRow, insertCdsCalls, insertFeedback, openStore, type Store } from '../../src/store/index.ts'

// What became of cards, as it may be told to who may not see small counts.

let store: Store
beforeEach(async () => {
  store = await openStore({ path: ':memory:' })
})
afterEach(() => store.close())

let uuids = 0
interface Given {
  readonly day?: string
  /** How many people the cards are about; as many as cards where absent. */
  readonly persons?: number
  readonly topic?: string
  readonly role?: string
  readonly shown?: boolean
}

async function give(count: number, { day = '2026-06-01', persons = count, ...more }: Given = {}): Promise<string[]> {
  const cards = Array.from(
    { length: count },
    (_, n): CdsCardRow => ({
      firedAt: `${day}T09:00:00.000Z`,
      uuid: `card-${++uuids}`,
      serviceId: 'caregap-patient-view',
      topic: more.topic ?? 'glycemic',
      indicator: 'info',
      person: `person-${n % persons}`,
      fingerprint: 'f',
      site: 'east',
      clinician: 'c',
      role: more.role ?? 'Practitioner',
      shown: more.shown ?? true,
    }),
  )
  await insertCdsCalls(store.session, cards, [])
  return cards.map(({ uuid }) => uuid)
}

async function report(cards: readonly string[], outcome: string, reason: string | null, day = '2026-06-01') {
  await insertFeedback(
    store.session,
    cards.map((card) => ({
      receivedAt: `${day}T10:00:00.000Z`,
      serviceId: 'caregap-patient-view',
      userId: 'ehr',
      card,
      outcome,
      outcomeTimestamp: `${day}T10:00:00Z`,
      suggestions: [],
      reasonSystem: null,
      reasonCode: reason,
      reasonDisplay: null,
      comment: null,
    })),
  )
}

const rowsOf = async (today = '2026-06-02', isSafe = true): Promise<readonly CdsReportRow[]> =>
  (await cdsReport(store.session, today, isSafe)).cards

async function only(today?: string): Promise<CdsReportRow> {
  const [row, ...others] = await rowsOf(today)
  if (row === undefined || others.length > 0) throw new RangeError('one row')
  return row
}

test('for who sees everybody all is told, small counts too, and said to be not for release', async () => {
  const cards = await give(3)
  await report(cards.slice(0, 1), 'overridden', 'later')
  const whole = await cdsReport(store.session, '2026-06-01', false)
  expect(whole).toMatchObject({
    notForRelease: true,
    cards: [{ shown: 3, accepted: 0, overridden: 1, ignored: 2, reasons: 'later 1' }],
  })
})

test('a row of one to ten cards, or of cards of one to ten people, tells none of its counts', async () => {
  await give(8)
  await give(200, { topic: 'pressure', persons: 4 })
  for (const row of await rowsOf())
    expect(row).toMatchObject({
      shown: null,
      accepted: null,
      overridden: null,
      ignored: null,
      shadow: 0,
      reasons: '',
      suppressed: ['shown', 'accepted', 'overridden', 'ignored'],
    })
})

test('a small outcome is hidden with another, from which it would follow', async () => {
  const cards = await give(100)
  await report(cards.slice(0, 4), 'accepted', null)
  await report(cards.slice(4, 34), 'overridden', 'later')
  const row = await only()
  expect(row).toMatchObject({ shown: 100, accepted: null, overridden: null, ignored: 66, reasons: '' })
})

test('outcomes and reasons of many are told; a reason of few is not told at all, and neither can it be worked out', async () => {
  const cards = await give(100)
  await report(cards.slice(0, 20), 'accepted', null)
  await report(cards.slice(20, 40), 'overridden', 'later')
  await report(cards.slice(40, 55), 'overridden', 'not-appropriate')
  expect(await only()).toMatchObject({
    accepted: 20,
    overridden: 35,
    ignored: 45,
    reasons: 'later 20, not-appropriate 15',
  })
  const more = await give(100, { day: '2026-06-03' })
  await report(more.slice(0, 2), 'overridden', 'Jane Doe refused', '2026-06-03')
  await report(more.slice(2, 30), 'overridden', 'later', '2026-06-03')
  // Of 65 overrides 15 and 2 are not told: which is which cannot be known.
  const row = await only('2026-06-04')
  expect(row).toMatchObject({ shown: 200, overridden: 65, reasons: 'later 48', suppressed: ['reasons'] })
})

test('cards in shadow mode of few people are hidden', async () => {
  await give(40)
  await give(5, { shown: false })
  expect(await only()).toMatchObject({ shown: 40, shadow: null, suppressed: ['shadow'] })
})

test('today is not told, and a day that differs by few from what was told before is not either', async () => {
  await give(40)
  expect(await rowsOf('2026-06-01')).toEqual([])
  expect(await only('2026-06-02')).toMatchObject({ shown: 40, countedUntil: '2026-06-01' })
  await give(3, { day: '2026-06-02' })
  expect(await only('2026-06-03')).toMatchObject({ shown: 40, countedUntil: '2026-06-01' })
  await give(9, { day: '2026-06-03' })
  expect(await only('2026-06-04')).toMatchObject({ shown: 52, countedUntil: '2026-06-03' })
})

test('whoever looks every day never sees a small count, nor a small difference to any day before', async () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const seen: CdsReportRow[] = []
  const names = ['shown', 'shadow', 'accepted', 'overridden', 'ignored'] as const
  for (let n = 1; n <= 28; n++) {
    const day = `2026-06-${String(n).padStart(2, '0')}`
    const cards = await give(random(30), { day })
    await give(random(5), { day, shown: false })
    await report(cards.slice(0, random(12)), 'accepted', null, day)
    await report(cards.slice(12, 12 + random(10)), 'overridden', 'later', day)
    const today = `2026-06-${String(n + 1).padStart(2, '0')}`
    seen.push(...(await rowsOf(today)))
  }
  expect(new Set(seen.map(({ countedUntil }) => countedUntil)).size).toBeGreaterThan(3)
  for (const name of names) {
    const told = seen.map((row) => row[name]).filter((count) => count !== null)
    expect(told.filter((count) => count >= 1 && count <= 10)).toEqual([])
    const steps = told.map((count, index) => count - (told[index - 1] ?? count))
    expect(steps.filter((step) => step !== 0 && Math.abs(step) <= 10 && !told.includes(0))).toEqual([])
  }
})

test('a card that is reported otherwise later counts as it was last reported', async () => {
  const cards = await give(100)
  await report(cards.slice(0, 40), 'overridden', 'later')
  await report(cards.slice(0, 40), 'accepted', null, '2026-06-02')
  expect(await only('2026-06-02')).toMatchObject({ accepted: 0, overridden: 40, ignored: 60 })
  expect(await only('2026-06-03')).toMatchObject({ accepted: 40, overridden: 0, ignored: 60, reasons: '' })
})

test('reasons why nothing could be evaluated: few calls are hidden with their day', async () => {
  const unmet = (count: number, reason: string) =>
    insertCdsCalls(
      store.session,
      [],
      Array.from({ length: count }, () => ({ at: '2026-06-01T09:00:00.000Z', serviceId: 's', site: 'east', reason })),
    )
  await unmet(30, 'not sent')
  await unmet(2, 'is null')
  expect((await cdsReport(store.session, '2026-06-02', true)).notEvaluated).toEqual([
    { serviceId: 's', site: 'east', reason: 'not sent', calls: 30, last: '2026-06-01' },
    { serviceId: 's', site: 'east', reason: 'is null', calls: null, last: null },
  ])
  expect((await cdsReport(store.session, '2026-06-01', true)).notEvaluated).toEqual([])
})
