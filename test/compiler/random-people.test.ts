import { sample } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import { storeOf } from '../content/case-store.ts'
import { type BatchOutcome, compareBatch } from './random-people/compare.ts'
import { randomDefine } from './random-people/logic.ts'
import { person, resourcesOf, shared } from './random-people/people.ts'
import { uniform } from './random-people/uniform.ts'

/** A longer run: CAREGAP_PROPERTY_PEOPLE, CAREGAP_PROPERTY_DEFINES, CAREGAP_PROPERTY_SEED. */
const people = Number(process.env['CAREGAP_PROPERTY_PEOPLE'] ?? 60)
const defines = Number(process.env['CAREGAP_PROPERTY_DEFINES'] ?? 105)
const seed = Number(process.env['CAREGAP_PROPERTY_SEED'] ?? 20_261_128)
const batchSize = 35
/** A period's parts where the period itself may not be there, which nobody asked first. */
const visitSpan = 'Interval[FHIRHelpers.ToDateTime(E.period.start), FHIRHelpers.ToDateTime(E.period.end)]'
const partsAlone = [
  `Count([Encounter] E where ${visitSpan} contains DateTime(2026, 1, 1, 12, 0, 0, 0, 0))`,
  `Count([Encounter] E where start of ${visitSpan} < DateTime(2000))`,
  `Count([Encounter] E where ${visitSpan} is null)`,
  `Count([Encounter] E where E.period is null and end of ${visitSpan} is null)`,
].map((text) => ({ text, valued: true }))

const matchings = [undefined, 'inferred', 'ignored'] as const

const stores: Store[] = []
const outcomes: BatchOutcome[] = []
beforeAll(async () => {
  const resources = sample(person, { numRuns: people, seed }).flatMap((one, index) => resourcesOf(one, `p${index}`))
  const store = await opened([...resources, ...shared])
  const texts = sample(randomDefine, { numRuns: defines, seed })
  for (let from = 0; from < texts.length; from += batchSize)
    for (const profiles of from === 0 ? [undefined, 'declared' as const] : [matchings[(from / batchSize) % 3]])
      outcomes.push(await compareBatch(store, `Random${from}`, texts.slice(from, from + batchSize), profiles))
  // Of data that are all alike plans tell fewer cases apart.
  for (const [index, how] of (['to the second', 'as days'] as const).entries()) {
    const alike = await opened([...resources, ...shared].map((resource) => uniform(resource, how)))
    const more = sample(randomDefine, { numRuns: Math.min(defines, batchSize), seed: seed + 1 + index })
    outcomes.push(await compareBatch(alike, `Uniform${index}`, [...more, ...partsAlone], undefined))
  }
}, 600_000)
afterAll(() => {
  for (const store of stores) store.close()
})

async function opened(resources: Parameters<typeof storeOf>[0]): Promise<Store> {
  const store = await storeOf(resources)
  stores.push(store)
  return store
}

const total = (of: (outcome: BatchOutcome) => number): number => outcomes.reduce((sum, one) => sum + of(one), 0)

test('random logic over random people comes to the same on closures and on SQL', () => {
  const differing = new Map(outcomes.flatMap(({ differences }) => differences).map((one) => [one.define, one]))
  expect([...differing.values()].toSorted((a, b) => a.define.length - b.define.length).slice(0, 10)).toEqual([])
})

test('nearly all of it translates, SQL says it, and columns hold most people', () => {
  const [left, refused] = [outcomes.flatMap((one) => one.untranslated), outcomes.flatMap((one) => one.refused)]
  expect({ left, refused }).toEqual({ left: [], refused: [] })
  expect(total((one) => one.compared)).toBeGreaterThanOrEqual(Math.min(100, defines))
  expect(total((one) => one.bySql) / total((one) => one.bySql + one.byClosures)).toBeGreaterThan(0.6)
})
